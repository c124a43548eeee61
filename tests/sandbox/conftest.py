"""A running stand-in for each test, and a plain client for it."""

from collections.abc import Iterator

import pytest

from bigcode_optout.sandbox import RunningSandbox, start

from .client import Client


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """A fresh world that answers on a port of its own."""
    running = start()
    yield running
    running.stop()


@pytest.fixture
def client(sandbox: RunningSandbox) -> Client:
    """Asks the stand-in without following redirects."""
    return Client(sandbox.url)
