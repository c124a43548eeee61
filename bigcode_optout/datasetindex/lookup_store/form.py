"""What writing and reading a look-up file have in common; packing.py has the layout."""

from dataclasses import dataclass

MAGIC = b"OPTOUTL3"


@dataclass(frozen=True, slots=True)
class RowMarks:
    """Marks of the rows of a published file, in its order. For their meaning see row_marks.py."""

    owners: bytes | memoryview
    """uint32 for each owner: a hash of its key."""

    rows: bytes | memoryview
    """uint32 for each owner: how many rows it has."""

    names: bytes | memoryview
    """uint16 for each row: a hash of its full-name key."""
