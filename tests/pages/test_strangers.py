"""A request is seen by its requester only: for everybody else there is no such thing."""

import pytest

from tests.builders import make_reviewer, make_user, submitted_request
from tests.pages.reading import text_of

ADDRESSES = ["", "sent/", "progress/", "receipt/", "receipt.json", "withdraw/", "opt-back-in/"]
POSTED = ["answer/", "appeal/", "withdraw/", "opt-back-in/"]


@pytest.fixture
def others(requester):
    """A request of somebody who is not signed in."""
    return submitted_request(make_user(502, "tern-hollow"), email="tern@hollow.example")


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_persons_request_is_not_found(others, client, address):
    response = client.get(f"/requests/{others.reference}/{address}")
    assert response.status_code == 404
    assert b"tern" not in response.content


@pytest.mark.parametrize("address", POSTED)
def test_another_persons_request_cannot_be_acted_upon(others, client, address):
    response = client.post(f"/requests/{others.reference}/{address}", {"answer": "x", "appeal": "x"})
    assert response.status_code == 404
    others.refresh_from_db()
    assert others.state == "submitted"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_answer_is_the_same_for_a_number_that_nobody_has(others, client, address):
    real = client.get(f"/requests/{others.reference}/{address}")
    unknown = client.get(f"/requests/OPT-2222-2222/{address}")
    assert (real.status_code, text_of(real)) == (unknown.status_code, text_of(unknown))


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_is_not_signed_in_is_sent_to_sign_in(others, client, address):
    client.logout()
    response = client.get(f"/requests/{others.reference}/{address}")
    assert response.headers["Location"].startswith("/sign-in/?next=/requests/OPT-")


def test_a_reviewer_has_no_way_in_by_these_pages(others, client):
    client.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/requests/{others.reference}/").status_code == 404


def test_a_reference_in_another_spelling_is_no_address(others, client):
    assert client.get(f"/requests/{others.reference.lower()}/").status_code == 404
