"""An opened index: look-ups by owner, name and id."""

from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from bigcode_optout.names import fold, match_key

from .manifest import REPOSITORIES_NAME, IndexManifest
from .opened import Connections, read_manifest
from .records import IndexedRepository, LanguageShare, Match, Totals
from .rows import select_list, stream, to_repository
from .sweep import sweep

Sort = Literal["size", "name", "files"]

_ORDERS: dict[str, str] = {
    "size": "bytes DESC, files DESC, repo_key, repo_name, repo_id",
    "files": "files DESC, bytes DESC, repo_key, repo_name, repo_id",
    "name": "repo_key, repo_name, repo_id",
}
_TOP_LANGUAGES = 5


def open_index(path: Path, *, verify: bool = False, memory_limit: str = "512MB", threads: int = 2) -> "Index":
    """Open the index in the folder `path`.

    Sizes and row counts are always compared with the manifest, SHA-256 sums only with `verify`. The limits
    hold for each process. Raises IndexBroken with a sentence if a part is missing, cut short or changed.
    """
    return Index(Path(path), verify=verify, memory_limit=memory_limit, threads=threads)


class Index:
    """Answers from one immutable index. Safe to share between threads, and to keep over a fork.

    Names may be given in any letter case; one with a character outside ASCII matches nothing.
    """

    def __init__(self, path: Path, *, verify: bool, memory_limit: str, threads: int) -> None:
        self.path = path
        self.manifest: IndexManifest = read_manifest(path, verify=verify)
        self._connections = Connections(path / REPOSITORIES_NAME, memory_limit=memory_limit, threads=threads)

    def close(self) -> None:
        """Give back the memory; the index cannot be asked afterwards."""
        self._connections.close()

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def owner_totals(self, login: str) -> Totals:
        """Return the sums over all repositories under a login; zeros if there are none."""
        rows = self._rows(
            "SELECT count(*), coalesce(sum(files), 0)::BIGINT, coalesce(sum(bytes), 0)::BIGINT "
            "FROM repositories WHERE owner_key = ?",
            [match_key(login)],
        )
        return Totals(*rows[0])

    def owner_repositories(
        self,
        login: str,
        *,
        limit: int = 100,
        offset: int = 0,
        sort: Sort = "size",
        name_contains: str | None = None,
    ) -> list[IndexedRepository]:
        """Return one page of the repositories under a login, largest first (or by `name`, or most `files`
        first).

        `name_contains` keeps those whose name after the slash has this text, in any letter case.
        """
        rows = self._rows(
            f"""SELECT {select_list("r")} FROM repositories r
                WHERE owner_key = ? AND contains(repo_key[length(owner_key) + 2:], ?)
                ORDER BY {_ORDERS[sort]} NULLS FIRST LIMIT ? OFFSET ?""",  # noqa: S608 - text from our table
            [match_key(login), fold(name_contains or ""), max(limit, 0), max(offset, 0)],
        )
        return [to_repository(row) for row in rows]

    def repository(self, full_name: str) -> list[IndexedRepository]:
        """Return the repositories with this `owner/name`: several if spellings or ids differ, none if it is
        not in.
        """
        rows = self._rows(
            f"""SELECT {select_list("r")} FROM repositories r WHERE owner_key = ? AND repo_key = ?
                ORDER BY {_ORDERS["name"]} NULLS FIRST""",  # noqa: S608 - text from our table
            [match_key(full_name.partition("/")[0]), match_key(full_name)],
        )
        return [to_repository(row) for row in rows]

    def languages_of_owner(self, login: str) -> list[LanguageShare]:
        """Return the five languages with most bytes under a login, then the rest summed, with `language`
        None.

        A repository keeps its own five largest languages; what it has beyond these is in the rest.
        """
        rows = self._rows(
            f"""SELECT share.language, sum(share.files)::BIGINT, sum(share.bytes)::BIGINT
                FROM (SELECT unnest(languages) AS share FROM repositories WHERE owner_key = ?)
                GROUP BY ALL ORDER BY 3 DESC, 2 DESC, 1 LIMIT {_TOP_LANGUAGES}""",  # noqa: S608 - a number of ours
            [match_key(login)],
        )
        shares = [LanguageShare(*row) for row in rows]
        totals = self.owner_totals(login)
        rest = LanguageShare(
            None,
            totals.files - sum(share.files for share in shares),
            totals.bytes - sum(share.bytes for share in shares),
        )
        return [*shares, rest] if rest.files else shares

    def find(
        self,
        *,
        owners: Collection[str] = (),
        repositories: Collection[str] = (),
        repository_ids: Collection[int] = (),
    ) -> Iterator[Match]:
        """Yield everything that any of these covers, each repository once with all its reasons, in no set
        order.

        One join over the index however many are asked; results come in batches. Take it to its end or close
        it.
        """
        with closing(self._connections.cursor()) as cursor:
            yield from sweep(cursor, owners=owners, repositories=repositories, repository_ids=repository_ids)

    def _rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with closing(self._connections.cursor()) as cursor:
            return list(stream(cursor.execute(sql, parameters)))
