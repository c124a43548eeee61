"""Read one large JSON object, an entry in memory at a time."""

import gzip
import json
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from ..errors import IndexBuildError
from ..inputs import GZIP_MAGIC

_CHUNK_BYTES = 1 << 20
_LONGEST_ENTRY = 64 << 20
"""Characters of one value. An owner with 100,000 repositories has some 5 million."""

_LONGEST_TOKEN = 16
"""An error so near to the end of what was read may come from a number or word that is cut in two."""

_SPACE = " \t\n\r"


def entries(path: Path) -> Iterator[tuple[str, Any, int]]:
    """Yield (key, value, character at which the value begins) for each entry of the object in `path`.

    The file is gzip or plain, UTF-8. Raises IndexBuildError with the character where it is not JSON, not one
    object, or cut short; characters are counted from 1 in the unpacked text.
    """
    with path.open("rb") as stream:
        yield from _Text(path, _unpacked(path, stream)).entries()


def _unpacked(path: Path, stream: BinaryIO) -> Callable[[], str]:
    """Return a function that gives the next piece of text, and "" at the end."""
    is_gzip = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    stream.seek(0)
    source: Any = gzip.GzipFile(fileobj=stream) if is_gzip else stream
    decoder = getincrementaldecoder("utf-8")()

    def more() -> str:
        text = ""
        try:
            while not text:
                piece = source.read(_CHUNK_BYTES)
                text = decoder.decode(piece, final=not piece)
                if not piece:
                    break
        except EOFError:
            raise IndexBuildError(f"{path} is cut short: the gzip stream has no end.") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise IndexBuildError(f"{path} is damaged: {error}.") from error
        except UnicodeDecodeError as error:
            raise IndexBuildError(f"{path} is no UTF-8 text: {error.reason}.") from error
        return text

    return more


class _Text:
    """A window on the text: what was read and not yet used, and where it stands in the whole."""

    def __init__(self, path: Path, more: Callable[[], str]) -> None:
        self._path = path
        self._more = more
        self._window = ""
        self._at = 0
        self._before = 0
        self._decoder = json.JSONDecoder()

    def entries(self) -> Iterator[tuple[str, Any, int]]:
        self._take("{", "an object { … } was expected")
        if self._next() == "}":
            self._at += 1
        else:
            yield self._entry()
            while self._next() == ",":
                self._at += 1
                yield self._entry()
            self._take("}", "“,” or “}” was expected")
        if self._next():
            self._refuse("something stands after the end of the object")

    def _entry(self) -> tuple[str, Any, int]:
        if self._next() != '"':
            self._refuse("a login in quotes was expected")
        key = self._value()
        self._take(":", "“:” was expected")
        self._next()
        position = self._position()
        return key, self._value(), position

    def _position(self) -> int:
        return self._before + self._at + 1

    def _next(self) -> str:
        """Return the next character that is no space, without using it; "" at the end."""
        while True:
            while self._at < len(self._window):
                if self._window[self._at] not in _SPACE:
                    return self._window[self._at]
                self._at += 1
            if not self._read():
                return ""

    def _take(self, wanted: str, words: str) -> None:
        if self._next() != wanted:
            self._refuse(words)
        self._at += 1

    def _value(self) -> Any:
        """Return the JSON value that begins here, reading on until it is whole."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
            except json.JSONDecodeError as error:
                self._read_on(error)
            except (ValueError, RecursionError):
                self._refuse("a value is too long or too deep")
            else:
                # A number at the very end of the window may go on in the next piece.
                if end < len(self._window) or not self._read():
                    self._at = end
                    return value

    def _read_on(self, error: json.JSONDecodeError) -> None:
        is_cut = error.msg.startswith("Unterminated string")
        if is_cut or error.pos > len(self._window) - _LONGEST_TOKEN:
            if len(self._window) - self._at > _LONGEST_ENTRY:
                self._refuse(f"a value is longer than {_LONGEST_ENTRY:,} characters")
            if self._read():
                return
        self._at = error.pos
        self._refuse("a text has no closing quote" if is_cut else error.msg)

    def _read(self) -> bool:
        """Drop what was used, add as much again as waits; False, with nothing changed, at the end."""
        # As much again, so that a long value is not decoded anew for each small piece of it.
        wanted = len(self._window) - self._at
        pieces = []
        while (wanted >= 0) and (piece := self._more()):
            pieces.append(piece)
            wanted -= len(piece)
        if not pieces:
            return False
        self._before += self._at
        self._window = self._window[self._at :] + "".join(pieces)
        self._at = 0
        return True

    def _refuse(self, words: str) -> NoReturn:
        place = f"{self._path} is not the expected JSON at character {self._position():,}: {words}"
        raise IndexBuildError(f"{place}." if self._next() else f"{place}, but the text ends there.")
