"""A line of a look-up file: `owner_key TAB json-array LF`, one for each repository."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bigcode_optout.names import fold

from ..records import IndexedRepository
from ..rows import COLUMNS, to_repository

TAB, LF = b"\t", b"\n"

_KEYS = ("owner_key", "repo_key")
_VALUES = tuple(name for name in COLUMNS if name not in _KEYS)

# Most repositories have one language, with all their files in it: then its name alone stands for the list.
_LANGUAGES = """CASE WHEN len(languages) = 1 AND languages[1].files = files AND languages[1].bytes = bytes
                          AND languages[1].language IS NOT NULL
                     THEN to_json(languages[1].language) ELSE to_json(languages) END"""


def line_columns(present: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a line's array for a published file with the columns `present`; the keys follow from
    the name, which comes first.
    """
    return tuple(name for name in _VALUES if name in present)


def line_sql(columns: Sequence[str]) -> str:
    """Return SQL that makes a line of a row of the published form."""
    values = ", ".join(_LANGUAGES if name == "languages" else name for name in columns)
    return f"owner_key || chr(9) || json_array({values})::VARCHAR || chr(10)"


class LineReader:
    """Makes repositories of the arrays in lines with these columns."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._missing = [place for place, name in enumerate(_VALUES) if name not in columns]

    def repositories(self, arrays: Iterable[bytes]) -> list[IndexedRepository]:
        """Return what stands in the JSON arrays of lines; read at once, which is quicker than one by one."""
        return [self._repository(values) for values in json.loads(b"[" + b",".join(arrays) + b"]")]

    def _repository(self, row: list[Any]) -> IndexedRepository:
        for place in self._missing:
            row.insert(place, None)
        name, files, size, languages = row[0], row[2], row[3], row[4]
        if isinstance(languages, str):
            row[4] = [{"language": languages, "files": files, "bytes": size}]
        key = fold(name)
        row += (key.partition("/")[0], key)
        return to_repository(row)
