"""What must stand in the database for the histories to be believed."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from bigcode_optout.removals import triggers


@register(Tags.database)
def events_are_append_only(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each trigger that is missing. Looks only where asked: `manage.py check --database default`.

    A warning while migrations wait, since an error would stop the `migrate` that puts them back.
    """
    return [
        message
        for alias in databases or ()
        for message in _messages(connections[alias], triggers.missing(connections[alias]))
    ]


def _messages(
    connection: BaseDatabaseWrapper, absent: Sequence[triggers.Trigger]
) -> list[Error] | list[Warning]:
    sentences = [
        f"The database “{connection.alias}” does not refuse {trigger.verb} on {trigger.table}: "
        f"the trigger {trigger.name} is missing."
        for trigger in absent
    ]
    if absent and _migrations_wait(connection):
        return [Warning(each, hint="`migrate` puts it back.", id="removals.W001") for each in sentences]
    hint = (
        "Run `manage.py verify_audit` to see whether anything was changed, then `manage.py install_triggers`."
    )
    return [Error(each, hint=hint, id="removals.E001") for each in sentences]


def _migrations_wait(connection: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
