"""Tests marked browser, postgres, redis or spark are left out, with the reason, where that service is missing.

With REQUIRE_SERVICES=1 they fail there instead.
"""

import os

import pytest
import redis

from tests import services


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for what the test's markers name."""
    for marker, look in services.BY_MARKER.items():
        if item.get_closest_marker(marker) is not None:
            need(look())


def need(service: services.Service) -> None:
    """Leave the test out, or fail it, where the service is missing."""
    if service.is_there:
        return
    reason = f"{service.name} is missing: {service.problem}"
    if services.are_required():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Empty the Redis database of the tests, once: nobody takes the bells that they rang."""
    is_helper = hasattr(session.config, "workerinput")
    if not is_helper and os.environ.get("REDIS_URL") == services.REDIS_URL:
        with redis.Redis.from_url(services.REDIS_URL) as client:
            client.flushdb()
