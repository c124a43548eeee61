"""An index with one owner in two versions."""

import pytest

from tests.builders import make_index

ROWS = [
    ("otter-quay/kelp", 9001, 100),
    ("otter-quay/kelp", 9001, 50),
    ("Otter-Quay/Reef", 9002, 10),
    ("somebody-else/kelp", 9900, 7),
]


@pytest.fixture
def index(db, tmp_path):
    """v2.1 with numbers, v2.0 without."""
    make_index(tmp_path, ROWS)
    make_index(tmp_path, [(name, None, size) for name, _, size in ROWS[:2]], version="v2.0")
