"""What writing and reading a look-up file have in common; packing.py has the layout."""

import threading
from dataclasses import dataclass

import zstandard

MAGIC = b"OPTOUTL4"


@dataclass(frozen=True, slots=True)
class Packed:
    """A text in zstd, and how many bytes it has."""

    packed: bytes | memoryview
    size: int

    def unpacked(self) -> bytes:
        """Return the text. Raises zstandard.ZstdError."""
        return unpacked(self.packed, self.size)


@dataclass(frozen=True, slots=True)
class RowMarks:
    """Marks of the rows of a published file, in its order. For their meaning see row_marks.py and name_pages.py."""

    owners: bytes | memoryview
    """uint32 for each owner: a hash of its key."""

    rows: Packed
    rows_code: str
    """A number for each owner, `rows_code` of `array`: how many rows it has."""

    names: bytes | memoryview
    """uint16 for each row: a hash of its full-name key."""

    lengths: bytes | memoryview
    """uint8 for each row: how many characters its name has. This and what follows is empty where no pages are known."""

    steps: bytes | memoryview
    """uint32 for each STEP rows: where in its page the name of the first one begins."""

    pages: bytes | memoryview
    """PAGE for each row group."""


def unpacked(packed: bytes | memoryview, size: int) -> bytes:
    """Return a text of `size` bytes. A decompressor belongs to one thread at a time, and is slow to make."""
    try:
        decompress = _of_thread.decompress
    except AttributeError:
        decompress = _of_thread.decompress = zstandard.ZstdDecompressor().decompress
    text: bytes = decompress(packed, size)
    return text


_of_thread = threading.local()
