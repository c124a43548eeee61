"""Answers from the published form alone: slower than the look-up store, and the same."""

from collections.abc import Collection
from typing import Any

from bigcode_optout.names import fold, match_key

from .buckets import bucket_of
from .connections import REPOSITORIES, Connections
from .records import IndexedRepository, Totals
from .rows import select_list, stream, to_repository

ORDERS = {
    "size": "bytes DESC, files DESC, repo_key, repo_name, repo_id NULLS FIRST",
    "files": "files DESC, bytes DESC, repo_key, repo_name, repo_id NULLS FIRST",
    "name": "repo_key, repo_name, repo_id NULLS FIRST",
}


class ParquetAnswers:
    """Answers about one owner with a query over the one file that its bucket is."""

    def __init__(self, connections: Connections, buckets: int) -> None:
        self._connections = connections
        self._buckets = buckets

    def totals(self, login: str) -> Totals:
        rows = self._rows(
            "SELECT count(*), coalesce(sum(files), 0)::BIGINT, coalesce(sum(bytes), 0)::BIGINT "
            "FROM {} WHERE owner_key = ?",
            match_key(login),
        )
        return Totals(*rows[0]) if rows else Totals()

    def page(
        self, login: str, *, limit: int, offset: int, sort: str, name_contains: str
    ) -> list[IndexedRepository]:
        rows = self._rows(
            f"""SELECT {select_list("r")} FROM {{}} r
                WHERE owner_key = ? AND contains(repo_key[length(owner_key) + 2:], ?)
                ORDER BY {ORDERS[sort]} LIMIT ? OFFSET ?""",  # noqa: S608 - text from our table
            match_key(login),
            fold(name_contains),
            max(limit, 0),
            max(offset, 0),
        )
        return [to_repository(row) for row in rows]

    def repository(self, full_name: str) -> list[IndexedRepository]:
        rows = self._rows(
            f"""SELECT {select_list("r")} FROM {{}} r WHERE owner_key = ? AND repo_key = ?
                ORDER BY {ORDERS["name"]}""",  # noqa: S608 - text from our table
            match_key(full_name.partition("/")[0]),
            match_key(full_name),
        )
        return [to_repository(row) for row in rows]

    def by_id(self, ids: Collection[int]) -> list[IndexedRepository]:
        with self._connections.reading() as cursor:
            rows = stream(
                cursor.execute(
                    f"""SELECT {select_list("r")} FROM {REPOSITORIES} r
                        WHERE repo_id IN (SELECT unnest(?::BIGINT[]))""",  # noqa: S608 - text from our table
                    [sorted(ids)],
                )
            )
            return [to_repository(row) for row in rows]

    def _rows(self, sql: str, owner_key: str | None, *others: Any) -> list[tuple[Any, ...]]:
        """Return the rows of `sql`, with a gap for the bucket's table; none for a name that never matches."""
        with self._connections.reading() as cursor:
            if owner_key is None:
                return []
            source = self._connections.bucket(bucket_of(owner_key, self._buckets))
            return list(stream(cursor.execute(sql.format(source), [owner_key, *others])))
