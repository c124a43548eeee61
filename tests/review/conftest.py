"""The desk as its people meet it: signed in with password and second factor, over the admin's own addresses."""

import pytest

from tests.builders import make_index, make_release_manager, make_reviewer
from tests.staff import staff_client

ROWS = [("otter-quay/kelp", 9001, 100), ("otter-quay/reef", 9002, 10), ("somebody-else/kelp", 9900, 7)]


@pytest.fixture
def index(db, tmp_path):
    """v2.1 with numbers, v2.0 without."""
    make_index(tmp_path, ROWS)
    make_index(tmp_path, [(name, None, size) for name, _, size in ROWS[:1]], version="v2.0")


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def manager(db):
    return make_release_manager()


@pytest.fixture
def desk(reviewer):
    """A reviewer's browser."""
    return staff_client(reviewer)


@pytest.fixture
def releases(manager):
    """A release manager's browser."""
    return staff_client(manager)


@pytest.fixture
def boss(django_user_model, db):
    """A superuser's browser."""
    return staff_client(django_user_model.objects.create_superuser("boss", password="a long pass phrase"))
