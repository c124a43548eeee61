"""Triggers by which the database itself refuses to change or delete what happened and what was decided.

They are no part of a migration: SQLite rebuilds a table for many later ones, and drops its triggers without a word. So
each `migrate` puts back what is missing (`apps.py`), and a system check looks (`checks.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

_REFUSE = "removals_refuse_change"
# By migration 0005 all tables are there; a database from before it has no triggers yet.
_NEWEST_TABLE = "removals_eventhead"


@dataclass(frozen=True)
class Trigger:
    """Refuses `verb` on `table`: for each row, for those where `condition` holds, or for those where anything changes
    but the column `erasable`, which may become empty. An INSERT is refused where it would take the place of a row."""

    table: str
    verb: str
    condition: str = ""
    erasable: str = ""

    @property
    def name(self) -> str:
        """The same on every database."""
        return f"{self.table}_refuse_{self.verb.lower()}"


def append_only(table: str, *, erasable: str = "") -> tuple[Trigger, ...]:
    """The triggers of a table whose rows are added and never changed or deleted."""
    return (
        Trigger(table, "UPDATE", erasable=erasable),
        Trigger(table, "DELETE"),
        Trigger(table, "INSERT"),
        Trigger(table, "TRUNCATE"),
    )


_WORDS, _HEAD = "removals_eventtext", _NEWEST_TABLE
_REGISTERED: list[Trigger] = [
    *append_only("removals_requestevent"),
    # Retention empties a decision's words (`erasing.py`); what was decided, by whom and when never changes.
    *append_only("removals_decision", erasable="sentence"),
    *append_only("removals_policychange"),
    # Words are erased when their time is over, but never put in other words.
    Trigger(_WORDS, "UPDATE"),
    Trigger(_WORDS, "INSERT"),
    Trigger(_HEAD, "DELETE"),
    Trigger(_HEAD, "INSERT"),
    Trigger(_HEAD, "TRUNCATE"),
    # The end of a chain moves on by one event.
    Trigger(
        _HEAD,
        "UPDATE",
        "NEW.number <> OLD.number + 1 OR NEW.request_id <> OLD.request_id OR NEW.id <> OLD.id",
    ),
]
# SQLite knows no TRUNCATE. Its REPLACE deletes rows past their triggers; PostgreSQL's way to replace is an UPDATE.
_UNKNOWN_VERB = {"sqlite": "TRUNCATE", "postgresql": "INSERT"}


def register(*triggers: Trigger) -> None:
    """Rooms above name their own histories here. Registering twice is once."""
    _REGISTERED.extend(trigger for trigger in triggers if trigger not in _REGISTERED)


def every(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """All that a database of this kind can have."""
    return [trigger for trigger in _REGISTERED if trigger.verb != _UNKNOWN_VERB[connection.vendor]]


_FUNCTION_BODY = """
BEGIN
  RAISE EXCEPTION '%: rows are only added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
"""


def wanted(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The triggers that this database should have; none before their tables are complete."""
    tables = set(connection.introspection.table_names())
    if _NEWEST_TABLE not in tables:
        return []
    return [trigger for trigger in every(connection) if trigger.table in tables]


def missing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Those of `wanted` that do not stand, are switched off, or were replaced by others of their name."""
    standing = _standing(connection)
    return [
        trigger
        for trigger, statement in _statements(connection).items()
        if standing.get(trigger.name) != statement
    ]


def install(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Put back what is missing, and nothing else. Gives what was put back."""
    absent = missing(connection)
    if not absent:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # No table is altered while foreign keys of rows that were just written are still to be checked.
            connection.check_constraints()
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
            )
        statements = _statements(connection)
        for trigger in absent:
            statement = statements[trigger]
            cursor.execute(_drop_statement(connection, trigger))
            cursor.execute(statement)
            if connection.vendor == "postgresql":
                # Also for who sets `session_replication_role`, which the triggers of every day do not stop.
                cursor.execute(f"ALTER TABLE {trigger.table} ENABLE ALWAYS TRIGGER {trigger.name}")
                # PostgreSQL keeps a statement in words of its own; this is what `missing` compares.
                cursor.execute(f"COMMENT ON TRIGGER {trigger.name} ON {trigger.table} IS %s", [statement])
    return absent


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take all of them away. For tests that empty tables and for migrations that fill columns, with `install` after."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in every(connection):
            if trigger.table in tables:
                cursor.execute(_drop_statement(connection, trigger))


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Without the triggers inside, with them again after it, whatever happened. No part of the product calls this."""
    drop(connections[using])
    try:
        yield
    finally:
        install(connections[using])


def install_after_migrate(using: str = "default", **_: object) -> None:
    """What `post_migrate` calls."""
    install(connections[using])


def connect(sender: object) -> None:
    """Put back what is missing after each `migrate`, which says so for each app when all migrations are done."""
    post_migrate.connect(install_after_migrate, sender=sender, dispatch_uid="removals.triggers")


def _statements(connection: BaseDatabaseWrapper) -> dict[Trigger, str]:
    """What each of `wanted` is made with: read off its table once for each form that the table has had."""
    forms = _forms(connection)
    keys = {trigger: (trigger, forms.get(trigger.table, "")) for trigger in wanted(connection)}
    for trigger, key in keys.items():
        if key not in _MADE_WITH:
            _MADE_WITH[key] = _statement(connection, trigger)
    return {trigger: _MADE_WITH[key] for trigger, key in keys.items()}


# To read a SQLite table's columns and keys takes 20 ms, and every history has three triggers.
_MADE_WITH: dict[tuple[Trigger, str], str] = {}


def _forms(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """By table, all that a statement depends on: nothing but the database's kind on PostgreSQL."""
    if connection.vendor == "postgresql":
        return dict.fromkeys((trigger.table for trigger in every(connection)), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl_name, group_concat(coalesce(sql, name), '; ') FROM"
            " (SELECT * FROM sqlite_master WHERE type IN ('table', 'index') ORDER BY name) GROUP BY tbl_name"
        )
        return dict(cursor.fetchall())


def _statement(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    head = f"CREATE TRIGGER {trigger.name} BEFORE {trigger.verb} ON {trigger.table}"
    if trigger.verb == "TRUNCATE":
        return f"{head} FOR EACH STATEMENT EXECUTE FUNCTION {_REFUSE}()"
    condition = _condition(connection, trigger)
    when = f" WHEN ({condition})" if condition else ""
    if connection.vendor == "postgresql":
        return f"{head} FOR EACH ROW{when} EXECUTE FUNCTION {_REFUSE}()"
    # SQLite keeps this word for word, so that `missing` can compare it.
    return f"{head} FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{trigger.table}: rows are only added'); END"


def _condition(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    if trigger.verb == "INSERT":
        return _would_replace(connection, trigger.table)
    if not trigger.erasable:
        return trigger.condition
    filled = f"NEW.{trigger.erasable} <> ''"
    if connection.vendor == "postgresql":
        # Rows as a whole: a column that is named here could not get another type by a later migration.
        rows = (f"to_jsonb({row}) - '{trigger.erasable}'" for row in ("NEW", "OLD"))
        filled = f"to_jsonb(NEW) ->> '{trigger.erasable}' <> ''"
        return f"{filled} OR ({' IS DISTINCT FROM '.join(rows)})"
    # As the table is now: one more column makes another statement, and the trigger is put in place anew.
    with connection.cursor() as cursor:
        columns = [
            each.name for each in connection.introspection.get_table_description(cursor, trigger.table)
        ]
    changed = (f'NEW."{name}" IS NOT OLD."{name}"' for name in columns if name != trigger.erasable)
    return " OR ".join((filled, *changed))


def _would_replace(connection: BaseDatabaseWrapper, table: str) -> str:
    """True of a new row that has the key of one that is there."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table).values()
    keys = sorted(each["columns"] for each in constraints if each["unique"] or each["primary_key"])
    same = (" AND ".join(f'"{column}" = NEW."{column}"' for column in key) for key in keys)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in same)  # noqa: S608 - own names


def _drop_statement(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}"


def _standing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """By name, the statements that the triggers which are switched on were made with."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, obj_description(t.oid, 'pg_trigger') "
                "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND pg_table_is_visible(t.tgrelid) "
                "AND p.proname = %s AND p.prosrc = %s",
                [_REFUSE, _FUNCTION_BODY],
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())
