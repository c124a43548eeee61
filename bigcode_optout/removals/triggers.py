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
    but the column `erasable`, which may become empty."""

    table: str
    verb: str
    condition: str = ""
    erasable: str = ""

    @property
    def name(self) -> str:
        """The same on every database."""
        return f"{self.table}_refuse_{self.verb.lower()}"


_EVENT, _DECISION = _KEPT = ("removals_requestevent", "removals_decision")
_WORDS, _HEAD = "removals_eventtext", _NEWEST_TABLE
TRIGGERS: tuple[Trigger, ...] = (
    Trigger(_EVENT, "UPDATE"),
    # Retention empties a decision's words (`erasing.py`); what was decided, by whom and when never changes.
    Trigger(_DECISION, "UPDATE", erasable="sentence"),
    *(Trigger(table, "DELETE") for table in _KEPT),
    # Words are erased when their time is over, but never put in other words.
    Trigger(_WORDS, "UPDATE"),
    Trigger(_HEAD, "DELETE"),
    # The end of a chain moves on by one event.
    Trigger(
        _HEAD,
        "UPDATE",
        "NEW.number <> OLD.number + 1 OR NEW.request_id <> OLD.request_id OR NEW.id <> OLD.id",
    ),
)
# SQLite knows no TRUNCATE.
_POSTGRES_TRIGGERS = (*TRIGGERS, *(Trigger(table, "TRUNCATE") for table in (*_KEPT, _HEAD)))

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
    every = _POSTGRES_TRIGGERS if connection.vendor == "postgresql" else TRIGGERS
    return [trigger for trigger in every if trigger.table in tables]


def missing(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Those of `wanted` that do not stand, are switched off, or were replaced by others of their name."""
    standing = _standing(connection)
    return [
        trigger
        for trigger in wanted(connection)
        if standing.get(trigger.name) != _statement(connection, trigger)
    ]


def install(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Put back what is missing, and nothing else. Gives what was put back."""
    absent = missing(connection)
    if not absent:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
            )
        for trigger in absent:
            statement = _statement(connection, trigger)
            cursor.execute(_drop_statement(connection, trigger))
            cursor.execute(statement)
            if connection.vendor == "postgresql":
                # PostgreSQL keeps a statement in words of its own; this is what `missing` compares.
                cursor.execute(f"COMMENT ON TRIGGER {trigger.name} ON {trigger.table} IS %s", [statement])
    return absent


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take all of them away. For tests that empty tables and for migrations that fill columns, with `install` after."""
    tables = set(connection.introspection.table_names())
    every = _POSTGRES_TRIGGERS if connection.vendor == "postgresql" else TRIGGERS
    with connection.cursor() as cursor:
        for trigger in every:
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
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(t.tgrelid) "
                "AND p.proname = %s AND p.prosrc = %s",
                [_REFUSE, _FUNCTION_BODY],
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())
