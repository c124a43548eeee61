"""`kept_rows`: what a file's tests begin with is made once, and each of them rolls back to it."""

from collections.abc import Iterator
from unittest import mock

import pytest
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Rows that module-scoped fixtures make after this one stay until the end of the file.

    For tests that roll back, as most do; a test that commits (`transaction=True`, `live_server`) would lose them.
    """
    from django.db import connection, transaction

    with django_db_blocker.unblock(), transaction.atomic():
        # Django closes the connection after each test; here that would end the transaction.
        with mock.patch.object(connection, "close"):
            yield
        transaction.set_rollback(True)
