"""What every test stands on: nothing leaves this machine, nothing is shared between tests."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import enable_socket, socket_allow_hosts

from bigcode_optout.sandbox import RunningSandbox, start

pytest_plugins = [
    "tests.plugin_kept_rows",
    "tests.plugin_migrated",
    "tests.plugin_runs",
    "tests.plugin_services",
    "tests.plugin_triggers",
]

# Time says how busy the machine is, not whether the code is right.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_runtest_setup() -> None:
    """Only loopback can be reached (and Unix sockets, which stay on the machine)."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture
def sandbox(settings) -> Iterator[RunningSandbox]:
    """The GitHub stand-in over real HTTP, with a fresh world, as the site's GitHub."""
    running = start(port=0)
    settings.GITHUB_URL = running.url
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _state_of_no_other_test(tmp_path_factory, monkeypatch) -> None:
    """The list tool remembers here which list was used last, not in the home of who runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "no-state"))


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Rate limits count anew for each test."""
    from bigcode_optout.core.rate_limits import _limiter

    _limiter.cache_clear()


@pytest.fixture(autouse=True)
def _indexes_are_closed() -> Iterator[None]:
    """The indexes that the site opened are closed: DuckDB keeps a thread and half a megabyte for each."""
    yield
    from bigcode_optout.catalog import indexes

    while indexes._open:
        indexes._open.popitem()[1].index.close()
