"""The result that stands beside an index right now, for a process that keeps the index open for days."""

from pathlib import Path

from .reader import Copies, RepositoryCopies, copies_folder, open_copies


class CopiesBeside:
    """Looks again whenever the folder is another one than the last time, and otherwise remembers the answer.

    So a pass that ends later is noticed, and a damaged result is looked at, and logged, once. Safe to share
    between threads: at worst two of them look at the same time.
    """

    def __init__(self, index_path: Path, *, build_id: str) -> None:
        self._index_path = index_path
        self._build_id = build_id
        self._seen: tuple[tuple[int, int] | None, Copies | None] = (None, None)

    def of_owner(self, login: str) -> list[RepositoryCopies] | None:
        """Like `Copies.of_owner`; None where nothing was counted that can be relied on."""
        copies = self._current()
        return None if copies is None else copies.of_owner(login)

    def of_repository(self, full_name: str) -> list[RepositoryCopies] | None:
        """Like `Copies.of_repository`; None where nothing was counted that can be relied on."""
        copies = self._current()
        return None if copies is None else copies.of_repository(full_name)

    def _current(self) -> Copies | None:
        try:
            found = copies_folder(self._index_path).stat()
        except OSError:
            return None
        mark = (found.st_ino, found.st_mtime_ns)
        if mark != self._seen[0]:
            self._seen = (mark, open_copies(self._index_path, build_id=self._build_id))
        return self._seen[1]
