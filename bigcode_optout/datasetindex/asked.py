"""What a sweep is asked for: folded and without repetitions, as Arrow columns."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from .records import LARGEST_ID


@dataclass(frozen=True)
class Asked:
    """Logins, full names and ids as they were given; what is made of them is made when it is first needed, without what
    no index can hold.
    """

    given_owners: Collection[str]
    given_repositories: Collection[str]
    given_ids: Collection[int]

    @cached_property
    def owners(self) -> pa.Array:
        """Folded logins."""
        return _keys(self.given_owners)

    @cached_property
    def repositories(self) -> pa.Array:
        """Folded full names."""
        return _keys(self.given_repositories)

    @cached_property
    def ids(self) -> pa.Array:
        """Repository ids."""
        ids = {number for number in self.given_ids if 0 < number <= LARGEST_ID}
        return pa.array(list(ids), pa.int64())

    @property
    def names(self) -> int:
        """How many names were given."""
        return len(self.given_owners) + len(self.given_repositories)


def _keys(names: Collection[str]) -> pa.Array:
    """As `match_key` and a set do, in a quarter of the time."""
    if not "".join(names).isascii():
        names = [name for name in names if name.isascii()]
    keys = pc.unique(pc.ascii_lower(pa.array(list(names), pa.string())))
    return keys.filter(pc.not_equal(keys, ""))
