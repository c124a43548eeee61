"""Two owners in an index, one of them in mixed spellings."""

import pytest

from tests.builders import make_index, make_persona, processed_request
from tests.releases.preparing_cases import ADDRESS, WHO, accepted_single

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


@pytest.fixture
def owned(sandbox, tmp_path):
    """The repositories of somebody whose all of them stand in v2.1 with their numbers."""
    found = sandbox.world.repositories_of(sandbox.world.account(WHO).id)
    make_index(tmp_path, [(f"{WHO}/{one.name}", one.id, 10) for one in found])
    return found


@pytest.fixture
def everything(owned, sandbox):
    """An accepted request for everything of the account."""
    request = processed_request(make_persona(sandbox, WHO), email=ADDRESS)
    assert request.state == "accepted"
    return request


@pytest.fixture
def single(owned, sandbox):
    """An accepted request for one repository, picked with its number."""
    return accepted_single(make_persona(sandbox, WHO), owned[0])
