"""Test processes begin with a copy of a migrated database (`tests/migrated.py`); alone, a process migrates its own."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests import migrated


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Before Django makes this process's test database."""
    from django.db import connection

    if not migrated.IS_ONE_OF_SEVERAL:
        yield
    elif connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.postgres_template(tmp_path_factory)
        yield
    else:
        # In memory, so it lasts while somebody has it open.
        with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as memory:
            with closing(sqlite3.connect(migrated.sqlite_file(tmp_path_factory))) as file:
                file.backup(memory)
            yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The whole run is over."""
    if not hasattr(session.config, "workerinput") and os.environ.get("DATABASE_URL"):
        migrated.drop_template()
