"""An opened look-up store: answers about one owner, one name or a few ids without the query engine."""

from collections.abc import Callable, Collection
from itertools import islice
from pathlib import Path
from typing import Any

from bigcode_optout.names import fold, match_key

from ..buckets import bucket_of
from ..records import IndexedRepository, Totals
from .bucket import BucketFile
from .folder import StoreUnusable, bucket_file, read_manifest
from .form import RowMarks

_Key = Callable[[IndexedRepository], tuple[Any, ...]]


def _by_name(one: IndexedRepository) -> tuple[Any, ...]:
    return (one.repo_key, one.repo_name, one.repo_id or 0)


# As `parquet_answers.ORDERS`.
_ORDERS: dict[str, _Key] = {
    "size": lambda one: (-one.bytes, -one.files, *_by_name(one)),
    "files": lambda one: (-one.files, -one.bytes, *_by_name(one)),
    "name": _by_name,
}


class LookupStore:
    """Answers from the files of one store. Safe to share between threads, and to keep over a fork.

    Every method raises StoreUnusable when a file turns out to be damaged.
    """

    def __init__(self, folder: Path, *, build_id: str, buckets: int, verify: bool) -> None:
        found = read_manifest(folder, build_id=build_id, verify=verify)
        if len(found.contents) != buckets:
            raise StoreUnusable(f"{folder} has {len(found.contents)} buckets, but its index has {buckets}.")
        self._folder = folder
        self._files: list[BucketFile | None] = [None] * buckets

    def page(self, login: str, *, limit: int) -> tuple[Totals, list[IndexedRepository]]:
        """Return the sums over all repositories of an owner, and the largest `limit` of them."""
        limit = max(limit, 0)
        # Owners with many stand largest first.
        totals, found = self._of_owner(login, most_of_many=limit)
        if totals is not None:
            return totals, found
        if len(found) > 1:
            found.sort(key=_ORDERS["size"])
        return _sums(found), found[:limit]

    def sorted_page(
        self, login: str, *, limit: int, offset: int, sort: str, name_contains: str
    ) -> list[IndexedRepository]:
        """Return a page of an owner's repositories in the order asked."""
        limit, offset = max(limit, 0), max(offset, 0)
        if sort == "size" and not name_contains:
            return self.page(login, limit=offset + limit)[1][offset:]
        part = fold(name_contains)
        every = self._of_owner(login)[1]
        found = [one for one in every if part in one.repo_key.partition("/")[2]]
        found.sort(key=_ORDERS[sort])
        return found[offset : offset + limit]

    def repository(self, full_name: str) -> list[IndexedRepository]:
        """Return the repositories with this name, in order of spelling and id."""
        key = match_key(full_name)
        if key is None:
            return []
        found = self._of_owner(full_name.partition("/")[0], opening=b'["' + key.encode() + b'",')[1]
        # What opens alike need not be it: a text that goes on as JSON does opens like a line, too.
        return sorted((one for one in found if one.repo_key == key), key=_by_name)

    def by_id(self, ids: Collection[int]) -> list[IndexedRepository]:
        """Return the repositories with these ids, in no set order."""
        numbers = range(len(self._files))
        return [one for wanted in set(ids) for number in numbers for one in self._file(number).by_id(wanted)]

    def marks(self) -> list[RowMarks]:
        """Return the marks of each bucket's rows, in the order of the buckets; they stand in the files' memory maps."""
        return [self._file(number).marks() for number in range(len(self._files))]

    def close(self) -> None:
        """Let go of the files; the system unmaps them with the last answer that is read from them."""
        self._files = [None] * len(self._files)

    def _of_owner(
        self, login: str, *, opening: bytes = b"", most_of_many: int | None = None
    ) -> tuple[Totals | None, list[IndexedRepository]]:
        """Return an owner's repositories, and first the sums where there are so many that they are kept.

        With `opening`, those whose JSON begins with it in any letter case: a look at the text spares the parsing. With
        `most_of_many`, so many at most, where there are sums.
        """
        key = match_key(login)
        if not key or not key.isprintable():
            return None, []
        owner_key = key.encode()
        file = self._file(bucket_of(key, len(self._files)))
        many = file.totals_of_many(owner_key)
        arrays = file.arrays(owner_key, has_many=many is not None)
        if opening:
            arrays = (array for array in arrays if array[: len(opening)].lower() == opening)
        if many is None:
            return None, file.repositories(arrays)
        return Totals(*many), file.repositories(islice(arrays, most_of_many))

    def _file(self, number: int) -> BucketFile:
        file = self._files[number]
        if file is None:
            # Without a lock, which a fork might copy while it is held: two threads may open a file, and one is kept.
            file = self._files[number] = BucketFile(bucket_file(self._folder, number))
        return file


def _sums(found: Collection[IndexedRepository]) -> Totals:
    return Totals(len(found), sum(one.files for one in found), sum(one.bytes for one in found))
