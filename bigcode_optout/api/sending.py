"""A kept file as an answer: streamed, with its hash as ETag, in whole or in part (RFC 9110)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from bigcode_optout.core.errors import DomainError, Unavailable
from bigcode_optout.releases.kept_files import KeptFile

_CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class NoSuchPart(DomainError):  # noqa: N818 - named as those of core.errors
    """The file ends before the part that was asked for (416). `length` is that of the file, in bytes."""

    status = 416

    def __init__(self, length: int) -> None:
        super().__init__("no_such_part", f"The file has {length:,} bytes; the part begins behind them.")
        self.length = length


def send(
    request: HttpRequest, file: KeptFile, *, content_type: str, filename: str, is_public: bool = False
) -> HttpResponseBase:
    """Answer 200 with the file, 206 with the part that `Range` asks for, 304 when the asker has it already.

    Several ranges, and ranges of another kind, are answered with the whole file. Raises `NoSuchPart`, `Unavailable`.
    """
    etag = f'"{file.sha256}"'
    wanted = request.headers.get("If-None-Match")
    if wanted is not None and _has(wanted, etag):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _content(request, file, etag, content_type, filename)
    response["ETag"] = etag
    # Kept by nobody in between, and asked for again each time: a list may be signed anew.
    response["Cache-Control"] = "no-cache" if is_public else "private, no-cache"
    return response


def _content(
    request: HttpRequest, file: KeptFile, etag: str, content_type: str, filename: str
) -> HttpResponseBase:
    part = _part(request, file, etag)
    disposition = f'attachment; filename="{filename}"'
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(content_type=content_type)
        response["Content-Length"] = str(file.bytes)
    elif part is None:
        response = FileResponse(_opened(file.path), content_type=content_type)
    else:
        # Opened before the answer begins: what is lost is said with a status.
        response = StreamingHttpResponse(
            _read(_opened(file.path), part), status=206, content_type=content_type
        )
        response["Content-Length"] = str(len(part))
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.bytes}"
    response["Content-Disposition"] = disposition
    response["Accept-Ranges"] = "bytes"
    return response


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as lost:
        # It stood there a moment ago.
        raise Unavailable("files_lost", "The file could not be read just now. Please try again.") from lost


def _has(header: str, etag: str) -> bool:
    if header.strip() == "*":
        return True
    # A weak tag of the same content will do for a whole answer.
    return etag in {tag.removeprefix("W/") for tag in parse_etags(header)}


def _part(request: HttpRequest, file: KeptFile, etag: str) -> range | None:
    """The bytes that are asked for, or None for all of them."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or not match or match[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, file.bytes - int(last)), file.bytes
    else:
        start, stop = int(first), min(int(last) + 1 if last else file.bytes, file.bytes)
        if last and int(last) < int(first):
            return None
    if start >= stop:
        raise NoSuchPart(file.bytes)
    return range(start, stop)


def _read(file: BinaryIO, part: range) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = len(part)
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
