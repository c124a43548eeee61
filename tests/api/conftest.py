"""A signed release with two owners, an earlier one with one of them, and the settings that sign."""

import pytest

from bigcode_optout.releases.models import Release
from tests.api.releases import KEY, write_all
from tests.builders import make_index, make_user
from tests.releases.builders import accepted_request, frozen

ROWS = [("otter-quay/kelp", 9001, 100), ("Otter-Quay/Reef", 9002, 10), ("tern-hollow/notes", 9100, 7)]


@pytest.fixture
def signed(settings, tmp_path):
    """A key is configured; lists stand in a folder of the test."""
    settings.EXCLUSION_SIGNING_KEY = KEY.to_pem().decode()
    settings.EXPORT_DIR = tmp_path / "exports"
    return KEY


@pytest.fixture
def unwritten(db, signed, tmp_path) -> Release:
    """v3.2, frozen after v3.1, with one owner more; nothing is written yet."""
    make_index(tmp_path, ROWS)
    accepted_request(make_user())
    frozen("v3.1")
    accepted_request(make_user(502, "tern-hollow"))
    return frozen("v3.2")


@pytest.fixture
def release(unwritten) -> Release:
    """v3.2, written in every format."""
    return write_all(unwritten)
