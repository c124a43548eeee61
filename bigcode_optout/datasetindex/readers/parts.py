"""The parts: what every reader makes of an input file, whatever its schema."""

from collections.abc import Mapping
from types import MappingProxyType

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "repo_name": "VARCHAR",
        "repo_id": "BIGINT",
        "language": "VARCHAR",
        "licences": "VARCHAR[]",
        "licence_type": "VARCHAR",
        "files": "BIGINT",
        "bytes": "BIGINT",
        "stars": "BIGINT",
        "newest": "DATE",
        "is_fork": "BOOLEAN",
        "parent": "VARCHAR",
        "held_as": "UTINYINT",
        "shared_files": "BIGINT",
        "other_holders": "BIGINT",
    }
)
"""The columns of a part in their order, with their SQL types.

A part stands for `files` files of one repository that agree in language and licences. `repo_name` is as in
the dataset and may be malformed or null. `repo_id` 0 means none. `bytes` is 0 where sizes are unknown.
`stars`, `newest`, `is_fork` and `parent` (the full name it was forked from) are null where unknown. The last
three are 0 in all schemas but v1: `held_as` is a sum of HELD_AS; `shared_files` counts those of the files
whose row names another repository too, and `other_holders` sums how many others each of them names.
"""

HELD_AS: Mapping[str, int] = MappingProxyType({"stars": 1, "issues": 2, "forks": 4})
"""The attributions of a v1 row (most stars, most issues, most forks) as bits; a repository may have several."""

_NOTHING: Mapping[str, str] = MappingProxyType(
    {"repo_id": "0", "files": "0", "bytes": "0", "held_as": "0", "shared_files": "0", "other_holders": "0"}
)


def parts_select(given: Mapping[str, str]) -> str:
    """Return the select list of all parts columns: the SQL in `given`, and nothing (0 or NULL) for the rest."""
    unknown = set(given) - set(PARTS)
    if unknown:
        raise ValueError(f"These are no columns of a part: {', '.join(sorted(unknown))}.")
    return ", ".join(
        f"CAST({given.get(name, _NOTHING.get(name, 'NULL'))} AS {kind}) AS {name}"
        for name, kind in PARTS.items()
    )
