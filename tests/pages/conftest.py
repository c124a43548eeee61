"""A signed-in person with repositories in a small real index, and GitHub already read."""

import pytest

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import OwnerListing, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.names import fold
from tests.builders import make_index, make_user

OWNED = {"kelp": 9001, "Reef": 9002, "sand.dunes": 9003, "kelp-fork": 9004}


def know_owner(owner_id: int, login: str, repositories: dict[str, int], forks: tuple[str, ...] = ()) -> None:
    """What a reading of the owner's repositories at GitHub leaves behind."""
    OwnerListing.objects.create(
        owner_id=owner_id, login=login, kind="User", read_at=clock.now(), repository_count=len(repositories)
    )
    for name, number in repositories.items():
        full_name = f"{login}/{name}"
        for key in ("", fold(full_name)):
            RepositoryFact.objects.create(
                full_name_key=key,
                repository_id=number,
                owner_id=owner_id,
                owner_login=login,
                full_name=full_name,
                is_fork=name in forks,
                learned_at=clock.now(),
            )


@pytest.fixture
def desk_index(db, tmp_path):
    """Two versions: v2.1 with numbers, v2.0 with names only; one repository stands under an old name."""
    make_index(
        tmp_path,
        [
            *[("otter-quay/kelp", 9001, 1000)] * 3,
            ("Otter-Quay/Reef", 9002, 200),
            ("otter-quay/kelp-fork", 9004, 50),
            ("old-otter/dunes", 9003, 7),
            ("norrvik/gauge", 7001, 10),
            ("norrvik/probe", 7002, 20),
        ],
    )
    make_index(tmp_path, [("otter-quay/kelp", None, 900)], version="v2.0")


@pytest.fixture
def requester(desk_index, client) -> User:
    """otter-quay, signed in, with three repositories of their own (one under an old name) and a fork."""
    user = make_user()
    know_owner(501, "otter-quay", OWNED, forks=("kelp-fork",))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user
