"""Tell quickly which names no rule can cover: those are most, and DuckDB then compares the others."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from .layout import Role


@dataclass(frozen=True, slots=True)
class AskedNames:
    """The folded names of owner rules and of repository rules, and whether there are rules with a number."""

    owners: pa.ChunkedArray
    repositories: pa.ChunkedArray
    has_ids: bool

    def possible(self, texts: pa.Array, role: Role) -> pa.Array:
        """Return the places of the texts that may be covered: of all that are, and of few others. Folding changes
        ASCII letters alone (`names.fold`), so nothing that it would refuse is lost.
        """
        if role == "guid":
            # What is compared is a part of it.
            return pa.arange(0, len(texts), 1)
        folded = pc.ascii_lower(texts)
        may = pc.is_in(folded, self.repositories.cast(folded.type))
        if len(self.owners):
            owners = (
                folded if role == "login" else pc.list_element(pc.split_pattern(folded, "/", max_splits=1), 0)
            )
            may = pc.or_(may, pc.is_in(owners, self.owners.cast(folded.type)))
        return pc.indices_nonzero(may)
