"""An opened index: look-ups by owner, name and id."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from . import few
from .errors import IndexBroken
from .lookup_store.folder import StoreUnusable, store_folder
from .lookup_store.form import RowMarks
from .lookup_store.reading import LookupStore
from .manifest import IndexManifest
from .matches import brief_match
from .open_files import allow_many
from .opened import read_manifest
from .records import LARGEST_ID, FoundRow, IndexedRepository, LanguageShare, Match, Totals

if TYPE_CHECKING:
    from .asked import Asked
    from .copies import CopiesBeside, RepositoryCopies
    from .published import Published

Sort = Literal["size", "name", "files"]
_Answer = TypeVar("_Answer")

_TOP_LANGUAGES = 5
_EVERY = 2**62

logger = logging.getLogger(__name__)


def open_index(path: Path, *, verify: bool = False, memory_limit: str = "512MB", threads: int = 2) -> "Index":
    """Open the index in the folder `path`, with its look-up store if that is there and whole.

    Sizes are always compared with the manifest, SHA-256 sums only with `verify`. `memory_limit` is the engine's, in
    each process; a sweep by a look-up store does without it and holds a few files' columns. Raises IndexBroken with a
    sentence if a part is missing, cut short or changed.
    """
    allow_many()
    return Index(Path(path), verify=verify, memory_limit=memory_limit, threads=threads)


class Index:
    """Answers from one immutable index. Safe to share between threads, and to keep over a fork.

    Names may be given in any letter case; one with a character outside ASCII matches nothing. Look-ups by owner,
    name and id are answered by the look-up store; without one, and from the moment it is found damaged, by the
    published form.
    """

    def __init__(self, path: Path, *, verify: bool, memory_limit: str, threads: int) -> None:
        self.path = path
        self._is_closed = False
        self._limits = (memory_limit, threads)
        self.manifest: IndexManifest = read_manifest(path, verify=verify)
        self._store: LookupStore | None = None
        try:
            self._store = LookupStore(
                store_folder(path),
                build_id=self.manifest.build_id,
                buckets=len(self.manifest.contents),
                verify=verify,
            )
        except StoreUnusable as error:
            logger.warning("%s Look-ups are answered from the published form.", error)

    @property
    def has_store(self) -> bool:
        """True while look-ups are answered by the look-up store."""
        return self._store is not None

    def close(self) -> None:
        """Give back the memory; the index cannot be asked afterwards."""
        self._is_closed = True
        if "_published" in self.__dict__:
            self._published.close()
        if self._store is not None:
            self._store.close()

    def __enter__(self) -> "Index":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def owner_totals(self, login: str) -> Totals:
        """Return the sums over all repositories under a login; zeros if there are none."""
        return self._ask(
            lambda store: store.page(login, limit=0)[0], lambda: self._published.answers.totals(login)
        )

    def owner_page(self, login: str, limit: int = 100) -> tuple[Totals, list[IndexedRepository]]:
        """Return the sums over all repositories under a login and the largest `limit` of them, in one read."""
        return self._ask(
            lambda store: store.page(login, limit=limit),
            lambda: (self._published.answers.totals(login), self._page(login, limit=limit)),
        )

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
        text = name_contains or ""
        return self._ask(
            lambda store: store.sorted_page(login, limit=limit, offset=offset, sort=sort, name_contains=text),
            lambda: self._page(login, limit=limit, offset=offset, sort=sort, name_contains=text),
        )

    def repository(self, full_name: str) -> list[IndexedRepository]:
        """Return the repositories with this `owner/name`: several if spellings or ids differ, none if it is
        not in.
        """
        return self._ask(
            lambda store: store.repository(full_name), lambda: self._published.answers.repository(full_name)
        )

    def repositories_by_id(self, ids: Collection[int]) -> list[IndexedRepository]:
        """Return the repositories with these ids, in order of id, key and name. For thousands, use `find`."""
        known = {number for number in ids if 0 < number <= LARGEST_ID}
        found = self._ask(lambda store: store.by_id(known), lambda: self._published.answers.by_id(known))
        return sorted(found, key=lambda one: (one.repo_id or 0, one.repo_key, one.repo_name))

    def languages_of_owner(self, login: str) -> list[LanguageShare]:
        """Return the five languages with most bytes under a login, then the rest summed, with `language`
        None.

        A repository keeps its own five largest languages; what it has beyond these is in the rest.
        """
        totals, repositories = self.owner_page(login, _EVERY)
        files: dict[str, int] = defaultdict(int)
        sizes: dict[str, int] = defaultdict(int)
        for share in (share for repository in repositories for share in repository.languages):
            files[share.language or ""] += share.files
            sizes[share.language or ""] += share.bytes
        names = sorted(files, key=lambda name: (-sizes[name], -files[name], name))[:_TOP_LANGUAGES]
        shares = [LanguageShare(name, files[name], sizes[name]) for name in names]
        rest = LanguageShare(
            None,
            totals.files - sum(share.files for share in shares),
            totals.bytes - sum(share.bytes for share in shares),
        )
        return [*shares, rest] if rest.files else shares

    def copies_of_owner(self, login: str) -> "list[RepositoryCopies] | None":
        """Return what is known of copies in repositories of other owners, for each repository under a login.

        None means not measurable: no pass over copies was made, or its result cannot be relied on. A
        repository that is not in the list is not measurable either.
        """
        self._refuse_closed()
        return self._copies.of_owner(login)

    def copies_of_repository(self, full_name: str) -> "list[RepositoryCopies] | None":
        """The same for every spelling and id of one `owner/name`."""
        self._refuse_closed()
        return self._copies.of_repository(full_name)

    def find(
        self,
        *,
        owners: Collection[str] = (),
        repositories: Collection[str] = (),
        repository_ids: Collection[int] = (),
        is_brief: bool = False,
    ) -> Iterator[Match]:
        """Yield everything that any of these covers, each repository once with all its reasons, in no set
        order.

        One pass over the index by names and one by ids, however many are asked; results come in batches. Take it to
        its end or close it. With `is_brief` a repository has its name, keys, id, files and bytes, and the rest is left
        empty: for many scopes that takes less than half of the time.
        """
        if is_brief:
            rows = self.find_rows(owners=owners, repositories=repositories, repository_ids=repository_ids)
            yield from map(brief_match, rows)
            return
        found = self._of_few(owners, repositories, repository_ids)
        if found is not None:
            yield from found
            return
        yield from self._published.find(_asked(owners, repositories, repository_ids), self._marks())

    def find_rows(
        self,
        *,
        owners: Collection[str] = (),
        repositories: Collection[str] = (),
        repository_ids: Collection[int] = (),
    ) -> Iterator[FoundRow]:
        """Yield the same as plain tuples, the cheapest that a sweep can be: for millions of them."""
        found = self._of_few(owners, repositories, repository_ids)
        if found is not None:
            yield from map(few.plain_row, found)
            return
        yield from self._published.find_rows(_asked(owners, repositories, repository_ids), self._marks())

    def _of_few(
        self, owners: Collection[str], repositories: Collection[str], ids: Collection[int]
    ) -> list[Match] | None:
        """Return what few scopes cover; None where these are many, or no store is there."""
        self._refuse_closed()
        if len(owners) + len(repositories) + len(ids) > few.FEW:
            return None
        return self._ask(lambda store: few.matches_of_few(store, owners, repositories, ids), lambda: None)

    @cached_property
    def _published(self) -> "Published":
        # Here, because DuckDB and pyarrow take longer to import than most answers, which need neither. Two threads may
        # make one each; both are right, and one is kept.
        from .published import Published

        memory_limit, threads = self._limits
        files = [self.path / file.name for file in self.manifest.contents]
        return Published(files, memory_limit=memory_limit, threads=threads)

    @cached_property
    def _copies(self) -> "CopiesBeside":
        # As above.
        from .copies import CopiesBeside

        return CopiesBeside(self.path, build_id=self.manifest.build_id)

    def _marks(self) -> list[RowMarks] | None:
        """Return the marks of the look-up store; None without one."""
        return self._ask(lambda store: store.marks(), lambda: None)

    def _page(
        self, login: str, *, limit: int, offset: int = 0, sort: Sort = "size", name_contains: str = ""
    ) -> list[IndexedRepository]:
        return self._published.answers.page(
            login, limit=limit, offset=offset, sort=sort, name_contains=name_contains
        )

    def _ask(self, store: Callable[[LookupStore], _Answer], parquet: Callable[[], _Answer]) -> _Answer:
        """Return the store's answer or, without a store, that of the published form."""
        self._refuse_closed()
        opened = self._store
        if opened is not None:
            try:
                return store(opened)
            except StoreUnusable as error:
                logger.error("%s From now on look-ups are answered from the published form.", error)
                self._store = None
        return parquet()

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise IndexBroken(f"The index {self.path} was closed.")


def _asked(owners: Collection[str], repositories: Collection[str], ids: Collection[int]) -> "Asked":
    # Imported here for pyarrow, as above.
    from .asked import Asked

    return Asked(owners, repositories, ids)
