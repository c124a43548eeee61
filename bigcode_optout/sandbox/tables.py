"""Rows by number that are found by other keys, too, however many there are."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Table(dict[int, Row], Generic[Row]):
    """A dictionary by number. A row whose keys have changed is put in again: ``table[number] = row``."""

    def __init__(self, **keys: Callable[[Row], Hashable]) -> None:
        super().__init__()
        self._keys = keys
        self._found: dict[str, dict[Hashable, list[Row]]] | None = None

    def __setitem__(self, number: int, row: Row) -> None:
        if number in self:
            self._found = None
        elif self._found is not None:
            self._add(row)
        super().__setitem__(number, row)

    def __delitem__(self, number: int) -> None:
        self._found = None
        super().__delitem__(number)

    def by(self, key: str, value: Hashable) -> list[Row]:
        """The rows whose ``key`` is ``value``."""
        if self._found is None:
            self._found = {name: {} for name in self._keys}
            for row in self.values():
                self._add(row)
        return self._found[key].get(value, [])

    def _add(self, row: Row) -> None:
        assert self._found is not None
        for name, of in self._keys.items():
            self._found[name].setdefault(of(row), []).append(row)
