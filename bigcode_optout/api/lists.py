"""A release's list as files, at the addresses that `bigcode-exclusions fetch` asks for."""

import logging
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import WithJsonSchema

from bigcode_optout.api.access import Scope, Token, count, require
from bigcode_optout.api.answers import file_described, problems
from bigcode_optout.api.finding import (
    SUFFIXES,
    format_named,
    format_of_suffix,
    frozen_release,
    is_keyed,
    written,
)
from bigcode_optout.api.sending import send
from bigcode_optout.core.errors import Conflict
from bigcode_optout.releases.exporting import ALL_FORMATS, AnyFormat
from bigcode_optout.releases.kept_files import Part, kept_file
from bigcode_optout.releases.models import KeyedListKey

logger = logging.getLogger(__name__)
router = Router(tags=["Lists"])
METHODS = ["GET", "HEAD"]
TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "json": "application/json",
}
_PUBLIC = (401, 404, 409, 416, 429, 503)
_GUARDED = (401, 403, 404, 409, 416, 429, 503)
# Named in the description, and looked up by ourselves: what is unknown is 404 with a sentence.
FormatName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(ALL_FORMATS)})]
Suffix = Annotated[str, WithJsonSchema({"type": "string", "enum": list(SUFFIXES)})]
# The form that all tools read.
USUAL = "parquet"


@router.api_operation(
    METHODS,
    "/releases/{name}/exclusions.{suffix}",
    auth=Token(),
    operation_id="exclusions",
    summary="The list",
    response={200: None, **problems(*_GUARDED)},
    openapi_extra=file_described(*TYPES.values(), statuses=_GUARDED),
)
def exclusions(request: HttpRequest, name: str, suffix: Suffix) -> HttpResponseBase:
    """The data file in one format. It names people who asked to be left out: use it to leave them out, do not pass it
    on. A token with the scope `list`; `keyed` for the keyed files, in which no name stands."""
    format = format_of_suffix(suffix)
    token = require(request, _scope(format))
    kept = written(frozen_release(name), format)
    logger.info("list read", extra={"release": name, "format": format, "token": token.prefix})
    return send(
        request,
        kept_file(kept, "data"),
        content_type=TYPES[suffix.rpartition(".")[2]],
        filename=_filename(name, f"exclusions.{suffix}"),
    )


@router.api_operation(
    METHODS,
    "/releases/{name}/manifest",
    operation_id="manifest",
    summary="The manifest",
    response={200: None, **problems(*_PUBLIC)},
    openapi_extra=file_described("application/json", statuses=_PUBLIC),
)
def manifest(request: HttpRequest, name: str, format: FormatName = USUAL) -> HttpResponseBase:
    """Counts, choices, hashes and versions, as they were signed. Public."""
    count(request)
    return _paper(request, name, format_named(format), "manifest", "application/json", "manifest.json")


@router.api_operation(
    METHODS,
    "/releases/{name}/signature",
    operation_id="signature",
    summary="The signature of the manifest",
    response={200: None, **problems(*_PUBLIC)},
    openapi_extra=file_described("text/plain; charset=us-ascii", statuses=_PUBLIC),
)
def signature(request: HttpRequest, name: str, format: FormatName = USUAL) -> HttpResponseBase:
    """Ed25519 over the bytes of the manifest: one line. Public. 404 for a list that is not signed."""
    count(request)
    known = format_named(format)
    return _paper(request, name, known, "signature", "text/plain; charset=us-ascii", "manifest.json.sig")


@router.api_operation(
    METHODS,
    "/releases/{name}/card",
    auth=Token(),
    operation_id="card",
    summary="The dataset card",
    response={200: None, **problems(*_GUARDED)},
    openapi_extra=file_described("text/markdown; charset=utf-8", statuses=_GUARDED),
)
def card(request: HttpRequest, name: str, format: FormatName = USUAL) -> HttpResponseBase:
    """What goes with the list as `README.md`; of a keyed list also what it hides and what not. Scope `list` or `keyed`,
    as the file itself."""
    known = format_named(format)
    require(request, _scope(known))
    return _paper(request, name, known, "card", "text/markdown; charset=utf-8", "README.md", is_public=False)


@router.api_operation(
    ["GET"],
    "/releases/{name}/keyed-key",
    auth=Token(),
    operation_id="keyed_key",
    summary="The key of the keyed lists",
    response={200: None, **problems(401, 403, 404, 409, 429)},
    openapi_extra=file_described(
        "text/plain; charset=us-ascii", statuses=(401, 403, 404, 409, 429), has_parts=False
    ),
)
def keyed_key(request: HttpRequest, name: str) -> HttpResponse:
    """64 hexadecimal digits, for `bigcode-exclusions match --list-key-file`. Whoever has it can test every name that
    they know or guess: keep it as you would keep the list. Scope `keyed`."""
    token = require(request, Scope.KEYED)
    release = frozen_release(name)
    kept = KeyedListKey.objects.filter(release=release).first()
    if kept is None:
        raise Conflict("not_written", f"{release} is not written in a keyed format yet.")
    logger.info("key read", extra={"release": name, "token": token.prefix})
    response = HttpResponse(kept.list_key.to_text(), content_type="text/plain; charset=us-ascii")
    response["Content-Disposition"] = f'attachment; filename="{_filename(name, "keyed.key")}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _scope(format: AnyFormat) -> Scope:
    return Scope.KEYED if is_keyed(format) else Scope.LIST


def _paper(
    request: HttpRequest,
    name: str,
    format: AnyFormat,
    part: Part,
    content_type: str,
    filename: str,
    *,
    is_public: bool = True,
) -> HttpResponseBase:
    file = kept_file(written(frozen_release(name), format), part)
    return send(request, file, content_type=content_type, filename=filename, is_public=is_public)


def _filename(release: str, name: str) -> str:
    return f"{release}-{name}"
