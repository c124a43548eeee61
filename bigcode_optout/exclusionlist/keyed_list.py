"""Read a keyed list, and say which known names and repository ids it covers."""

from collections import defaultdict
from datetime import date
from pathlib import Path

from bigcode_optout.names import match_key

from .errors import KeyRefused, ListBroken
from .formats import TABLES
from .key_set import KeySet
from .keyed import KEYED_COLUMNS, REPO_ID, KeyedRow, ListKey, keyed_rows_of
from .manifest import Manifest
from .reader import opened
from .rules import OWNER, REPOSITORY

_PREFIX = "keyed-"


class KeyedList:
    """The rows by tag, with the key to ask for names."""

    def __init__(self, manifest: Manifest, rows: list[KeyedRow], key: ListKey) -> None:
        self.manifest = manifest
        self._key = key
        self._by_tag: defaultdict[str, list[KeyedRow]] = defaultdict(list)
        for row in rows:
            self._by_tag[row.tag].append(row)

    def rows_for_name(self, name: str, *, data_date: date | None = None) -> list[KeyedRow]:
        """Return the rows that cover a login, or an `owner/name` under its own or its owner's name.

        `data_date` is the day that the dataset version stands for; rows whose name ended before are left
        out. Without it rows of any date are returned. A name with a character outside ASCII has none.
        """
        key = match_key(name)
        if key is None:
            return []
        found = self._rows(OWNER, key.partition("/")[0])
        if "/" in key:
            found += self._rows(REPOSITORY, key)
        return [row for row in found if _covers(row, data_date)]

    def rows_for_id(self, repo_id: int) -> list[KeyedRow]:
        """Return the rows that cover a repository's number; a number has no date."""
        return self._rows(REPO_ID, str(repo_id))

    def _rows(self, kind: str, text: str) -> list[KeyedRow]:
        return [row for row in self._by_tag.get(self._key.tag(kind, text), ()) if row.kind == kind]


def read_keyed(folder: Path, key: ListKey, *, keys: KeySet | None = None) -> KeyedList:
    """Return the keyed list in `folder`. Raises ListBroken as `read` does, KeyRefused for another list's key."""
    manifest, _, content = opened(folder, keys)
    if not manifest.format.startswith(_PREFIX):
        raise ListBroken(f"The format {manifest.format!r} is not keyed; `check` and `show` read it.")
    if manifest.list_key_check != key.check:
        # Under another key every name would seem to be absent.
        raise KeyRefused(f"The key is not the one of this list, which is of release {manifest.release}.")
    table = TABLES[manifest.format.removeprefix(_PREFIX)]
    return KeyedList(manifest, keyed_rows_of(table.decode(content, KEYED_COLUMNS)), key)


def _covers(row: KeyedRow, data_date: date | None) -> bool:
    return data_date is None or row.name_valid_until is None or data_date <= row.name_valid_until
