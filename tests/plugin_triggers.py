"""Tests that commit empty the tables afterwards. For that moment the triggers that refuse it are lifted."""

from typing import Any

import pytest
from django.test import TransactionTestCase


@pytest.fixture(scope="session", autouse=True)
def _triggers_are_lifted_while_tables_are_emptied() -> None:
    """Django's own tear-down, wrapped once. Tests that roll back never come here."""
    from bigcode_optout.removals import triggers

    tear_down = TransactionTestCase._fixture_teardown

    def lifting(self: TransactionTestCase, *args: Any) -> None:
        with triggers.lifted():
            tear_down(self, *args)

    TransactionTestCase._fixture_teardown = lifting
