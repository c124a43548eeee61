"""What the two runs of `make test` take, and how they deal it to their processes (CONTRIBUTING.md, "Two runs").

Every test that asks for the database gets the marker `database`: the second run takes those, unless they say `once`."""

import gc
from collections.abc import Iterator

import pytest
from xdist.scheduler import LoadScopeScheduling

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
# Whose tests wait for processes of their own: they begin first, while others have work for the rest of the time.
FIRST = ("tests/e2e/", "tests/operations/", "tests/review/test_keys.py")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what asks for the database, before markers select; put first what waits most, afterwards."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    yield
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking through it again and again for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure() -> None:
    """Python tidies up at its end."""
    gc.unfreeze()


class WholeFiles(LoadScopeScheduling):
    """A file runs in one process, and so do all walks in a browser: what costs seconds is made once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "walks" if file.startswith("tests/e2e/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WholeFiles | None:
    """With `--dist loadfile`; in the order of collection, not those with most tests first."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return WholeFiles(config, log)
