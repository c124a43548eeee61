"""Two owners in an index, one of them in mixed spellings."""

import pytest

from tests.builders import make_index

ROWS = [
    ("otter-quay/kelp", 9001, 100),
    ("Otter-Quay/Reef", 9002, 10),
    ("OTTER-QUAY/kelp-fork", None, 10),
    ("tern-hollow/notes", 9100, 7),
]


@pytest.fixture
def index(db, tmp_path):
    """v2.1."""
    return make_index(tmp_path, ROWS)
