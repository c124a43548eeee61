"""Where the verifier looks. Its own table, on purpose: a column that `apply` forgot must be seen here.

Sources: the dataset cards of bigcode/the-stack, the-stack-v2, the-stack-v2-train-full-ids and stack-v3-train; for
commits and issues BigCode's scripts (bigcode-project/the-stack-v2, `pull_requests_and_issues`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from ..shards import ShardRefused

EVENTS, ACTION = "events", "action"


@dataclass(frozen=True, slots=True)
class Places:
    """Column names by what they hold. `needed`: groups of which a shard must have one each; `wanted` are logins
    that it may lack, but then its rows are counted, and its schema is not told by its columns.
    """

    scope_kind: str
    full_names: tuple[str, ...]
    pull_names: tuple[str, ...] = ()
    head_names: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    needed: tuple[tuple[str, ...], ...] = ()
    wanted: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Return every column that is looked at where it is there."""
        return self.full_names + self.pull_names + self.head_names + self.logins + self.ids


def _files(names: tuple[str, ...], ids: tuple[str, ...] = ()) -> Places:
    return Places("files", names, ids=ids, needed=tuple((name,) for name in names + ids))


_NAMES = ("repo_name", "repo.name")
_PULL = ("pull_request.guid",)
_IDS = ("repo.id", "repo_id")
_OPENERS = ("issue_user_login", "pull_request.user.login")
_AUTHORS = ("actor.login", "author.login", "author_login")

PLACES: Mapping[str, Places] = MappingProxyType(
    {
        "v1": _files(("max_stars_repo_name", "max_issues_repo_name", "max_forks_repo_name")),
        "v2": _files(("repo_name",), ("github_id",)),
        "v2-ids": _files(("repo_name",), ("github_id",)),
        "v3": _files(("repo_path",), ("repo_id",)),
        "commits": Places("commits", _NAMES, _PULL, (), _AUTHORS, _IDS, (_NAMES + _PULL,), _AUTHORS),
        "issues": Places(
            "issues",
            (*_NAMES, "base_repo_name"),
            _PULL,
            ("head_repo_name",),
            ("actor.login", *_OPENERS),
            _IDS,
            (_NAMES + _PULL, ("actor.login",), _OPENERS),
        ),
    }
)
INDEX = Places("files", ("repo_name",), ids=("repo_id",), needed=(("repo_name",), ("repo_id",)))
"""The desk's own index of a dataset version: a row is a repository."""
CONVERSATIONS = Places(
    "issues", (*_NAMES, "repo"), _PULL, (), _OPENERS, _IDS, ((*_NAMES, "repo", *_PULL), (EVENTS,))
)
EVENT = Places("issues", ("base_repo_name",), (), ("head_repo_name",), ("actor.login", "author"))


def places_of(schema: str, shard: pa.Schema, *, name: str) -> Places:
    """Return where to look in the shard called `name`. Raises ShardRefused if a column is missing."""
    is_conversation = schema == "issues" and EVENTS in shard.names
    places = CONVERSATIONS if is_conversation else INDEX if schema == "index" else PLACES[schema]
    if is_conversation:
        _check_events(shard.field(EVENTS).type, name)
    if missing := _missing(places, shard):
        raise ShardRefused(f"{name} cannot be a shard of schema {schema}: it lacks {' or '.join(missing)}.")
    return places


def schema_of(shard: pa.Schema, *, name: str) -> str:
    """Return the one schema whose columns the shard called `name` has. Raises ShardRefused if none or several
    fit; v2 and v2-ids are alike in what is looked at, and `v2` stands for both.
    """
    if EVENTS in shard.names and not _missing(CONVERSATIONS, shard):
        return "issues"
    fitting = [schema for schema in PLACES if schema != "v2-ids" and _fits(PLACES[schema], shard)]
    if len(fitting) != 1:
        found = f"it could be {' or '.join(fitting)}" if fitting else "its columns are those of none"
        raise ShardRefused(f"{name} does not tell its schema: {found}. Say it with --schema.")
    return fitting[0]


def _fits(places: Places, shard: pa.Schema) -> bool:
    return not _missing(places, shard) and not lacks_logins(places, shard)


def lacks_logins(places: Places, shard: pa.Schema) -> bool:
    """Say whether the shard has no column at all for the logins that are wanted of it."""
    example = shard.empty_table()
    return bool(places.wanted) and all(column_of(example, name) is None for name in places.wanted)


def _missing(places: Places, shard: pa.Schema) -> tuple[str, ...] | None:
    """Return the first group of which the shard has no column."""
    example = shard.empty_table()
    for group in places.needed:
        if not any(column_of(example, wanted) is not None for wanted in group):
            return group
    return None


def _check_events(type_: pa.DataType, name: str) -> None:
    """Raise ShardRefused if the list does not say who did what."""
    is_list = pa.types.is_list(type_) or pa.types.is_large_list(type_)
    fields = (
        {field.name for field in type_.value_type} if is_list and pa.types.is_struct(type_.value_type) else ()
    )
    if ACTION not in fields or not ({"actor", *EVENT.logins} & set(fields)):
        raise ShardRefused(
            f"{name}: “{EVENTS}” must be a list of structs with “{ACTION}” and the actor’s login."
        )


def column_of(rows: pa.Table | pa.RecordBatch | pa.StructArray, name: str) -> pa.Array | None:
    """Return the values of the column, or of the struct's field where dots lead to one; None where neither is."""
    if isinstance(rows, pa.StructArray):
        fields = [field.name for field in rows.type]
        step = name if name in fields else name.partition(".")[0]
        found = pc.struct_field(rows, [fields.index(step)]) if step in fields else None
    else:
        step = name if name in rows.schema.names else name.partition(".")[0]
        found = rows.column(step) if step in rows.schema.names else None
    if found is None or step == name:
        return found
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    rest = name.partition(".")[2]
    return column_of(found, rest) if isinstance(found, pa.StructArray) else None
