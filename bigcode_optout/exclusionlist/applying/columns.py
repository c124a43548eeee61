"""Find a layout's columns in one shard, as SQL; or refuse the shard."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from bigcode_optout.names import fold

from ..shards import ShardRefused
from .layout import (
    CONVERSATIONS,
    EVENT_ACTION,
    EVENT_LIST,
    EVENT_LOGINS,
    EVENT_REPOSITORIES,
    LAYOUTS,
    Column,
    Layout,
    Role,
    Schema,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A column of a shard: its role, holder, the SQL that reads it and its type."""

    name: str
    role: Role
    holder: int
    sql: str
    type: pa.DataType


@dataclass(frozen=True, slots=True)
class Located:
    """What one shard has. `event_columns` and `event_logins` are fields of one event `e` of its list."""

    layout: Layout
    columns: tuple[Found, ...]
    files_sql: str
    event_columns: tuple[Found, ...] = ()
    event_logins: tuple[Found, ...] = ()

    @property
    def has_event_lists(self) -> bool:
        return bool(self.event_logins)

    @property
    def lacks_logins(self) -> bool:
        """Whether nobody's login can match here, though the layout has places for them."""
        return bool(self.layout.logins) and not any(column.role == "login" for column in self.columns)


def locate(schema: Schema, shard: pa.Schema, *, name: str) -> Located:
    """Return where `schema` keeps names and numbers in the shard called `name`.

    Raises ShardRefused for a column that is missing, of a type that holds no such thing, or there twice in
    letters of another case (engines would take one of them).
    """
    _refuse_twins(shard, name)
    is_conversation = schema == "issues" and EVENT_LIST in shard.names
    layout = CONVERSATIONS if is_conversation else LAYOUTS[schema]
    columns = tuple(_wanted(layout, shard, schema, name))
    files = _files_sql(layout, shard)
    if not is_conversation:
        return Located(layout, columns, files)
    event = _event_schema(shard, name)
    logins = _present((Column(login, "login") for login in EVENT_LOGINS), event, name, "e")
    if not logins or EVENT_ACTION not in event.names:
        raise ShardRefused(
            f"{name}: an event in “{EVENT_LIST}” needs “{EVENT_ACTION}” and its actor’s login."
        )
    return Located(layout, columns, files, _present(EVENT_REPOSITORIES, event, name, "e"), logins)


def _wanted(layout: Layout, shard: pa.Schema, schema: str, name: str) -> Iterator[Found]:
    for column in layout.columns:
        found = _find(column, shard, name)
        if found is None:
            raise ShardRefused(f"{name} has no column “{column.name}”; a shard of schema {schema} has it.")
        yield found
    for group in layout.one_of:
        present = _present(group, shard, name)
        if not present:
            names = ", ".join(f"“{column.name}”" for column in group)
            raise ShardRefused(f"{name} has none of the columns {names}; schema {schema} needs one.")
        yield from present
    yield from _present((*layout.optional, *layout.logins), shard, name)


def _present(
    columns: Iterable[Column], shard: pa.Schema, name: str, inside: str | None = None
) -> tuple[Found, ...]:
    found = (_find(column, shard, name, inside) for column in columns)
    return tuple(column for column in found if column is not None)


def _find(column: Column, shard: pa.Schema, name: str, inside: str | None = None) -> Found | None:
    """A column with that very name comes first; then the dots step into structs."""
    steps = [column.name] if column.name in shard.names else column.name.split(".")
    type_: pa.DataType = pa.struct(shard)
    for step in steps:
        if not pa.types.is_struct(type_) or type_.get_field_index(step) < 0:
            return None
        type_ = type_.field(step).type
    if not _holds(column.role, type_):
        raise ShardRefused(f"{name}: the column “{column.name}” is {type_}, which holds no {column.role}.")
    path = ([inside] if inside else []) + [quoted(step) for step in steps]
    return Found(column.name, column.role, column.holder, ".".join(path), type_)


def _holds(role: Role, type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    # A column without any value: some writers give it no type.
    if pa.types.is_null(type_):
        return True
    if role == "id":
        return pa.types.is_integer(type_) or pa.types.is_floating(type_)
    return pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)


def _refuse_twins(shard: pa.Schema, name: str) -> None:
    seen: set[str] = set()
    for column in shard.names:
        if fold(column) in seen:
            raise ShardRefused(f"{name} has the column “{column}” twice, or in letters of another case.")
        seen.add(fold(column))


def _event_schema(shard: pa.Schema, name: str) -> pa.Schema:
    type_ = shard.field(EVENT_LIST).type
    if not (pa.types.is_list(type_) or pa.types.is_large_list(type_)) or not pa.types.is_struct(
        type_.value_type
    ):
        raise ShardRefused(f"{name}: the column “{EVENT_LIST}” is {type_}; it must be a list of structs.")
    return pa.schema(list(type_.value_type))


def _files_sql(layout: Layout, shard: pa.Schema) -> str:
    """Return SQL for the files a row stands for: the count that the shard has, else the length of its list;
    null where the shard of repositories has neither.
    """
    if not layout.counts_files:
        return "0"
    if layout.file_count and layout.file_count in shard.names:
        return f"coalesce(CAST({quoted(layout.file_count)} AS BIGINT), 0)"
    if layout.file_list and layout.file_list in shard.names:
        return f"coalesce(len({quoted(layout.file_list)}), 0)"
    return "CAST(NULL AS BIGINT)" if layout.file_count else "1"


def quoted(name: str) -> str:
    """Return a column's name for SQL."""
    return '"' + name.replace('"', '""') + '"'
