"""A name that is one letter away is asked about; nothing is guessed, and nobody searches among strangers' names."""

import pytest
from django.test import Client

from bigcode_optout.claims.models import Claim, OwnerListing
from bigcode_optout.core import clock
from tests.builders import make_user
from tests.pages.reading import links_of, read, text_of

ORGANISATION, REPOSITORY = "/requests/new/organisation/", "/requests/new/repository/"


@pytest.fixture
def owner(requester):
    """The person, who has claimed an organisation before."""
    Claim.objects.create(user=requester, kind="organisation", name="norrvik", subject_id=9)
    return requester


def names_of(user):
    return list(Claim.objects.filter(user=user).exclude(kind="account").values_list("name", flat=True))


def test_a_slip_of_the_own_login_is_asked_about_before_anything_is_claimed(owner, client):
    response = client.post(ORGANISATION, {"name": "otter-qauy", "do": "without"})
    assert read(response).faults == []
    assert "Did you mean otter-quay?" in text_of(response)
    assert names_of(owner) == ["norrvik"]


def test_who_meant_the_known_name_claims_that(owner, client):
    response = client.post(ORGANISATION, {"name": "norvik", "do": "without", "meant": "norrvik"})
    assert response.headers["Location"] == "/requests/new/"
    assert names_of(owner) == ["norrvik"]


def test_who_meant_what_was_typed_claims_that(owner, client, sandbox):
    client.post(ORGANISATION, {"name": "norvik", "do": "without", "meant": "norvik"})
    assert names_of(owner) == ["norrvik", "norvik"]


def test_a_repository_of_the_dataset_under_the_same_owner_is_asked_about(owner, client):
    response = client.post(REPOSITORY, {"name": "norrvik/guage", "do": "without"})
    assert "Did you mean norrvik/gauge?" in text_of(response)


def test_a_slip_in_the_owner_is_asked_about_where_the_owner_is_the_persons_own(owner, client):
    response = client.post(REPOSITORY, {"name": "norvik/gauge", "do": "without"})
    assert "Did you mean norrvik/gauge?" in text_of(response)


def test_logins_of_strangers_are_never_offered(requester, client, sandbox):
    make_user(777, "tern-hollow")
    response = client.post(ORGANISATION, {"name": "tern-holow", "do": "without"})
    assert response.headers["Location"] == "/requests/new/"
    assert "Did you mean" not in text_of(client.get("/look-up/?name=tern-holow"))
    assert "Did you mean" not in text_of(client.get("/look-up/?name=norrvikk"))


def test_the_look_up_asks_about_the_own_names_and_about_repositories(owner, client):
    assert "/look-up/?name=otter-quay" in links_of(client.get("/look-up/?name=oter-quay"))
    assert "/look-up/?name=norrvik%2Fgauge" in links_of(client.get("/look-up/?name=norrvik/gauges"))


def test_who_is_not_signed_in_is_asked_about_repositories_only(owner):
    nobody = Client()
    assert "Did you mean norrvik/gauge?" in text_of(nobody.get("/look-up/?name=norrvik/gauges"))
    assert "Did you mean" not in text_of(nobody.get("/look-up/?name=oter-quay"))


def test_what_is_there_is_not_asked_about(owner, client):
    assert "Did you mean" not in text_of(client.get("/look-up/?name=norrvik/gauge"))


@pytest.mark.parametrize("do", ["ask", "without"])
def test_somebody_elses_account_is_refused_as_an_organisation(requester, client, sandbox, do):
    response = client.post(ORGANISATION, {"name": "moss-kettering", "do": do})
    assert response.status_code == 400
    text = text_of(response)
    assert "moss-kettering is a person’s account on GitHub, not an organisation." in text
    assert "sign in as that account, or use the form for lost accounts." in text
    assert "/without-account/" in links_of(response)
    assert names_of(requester) == []


def test_an_organisation_and_a_name_that_github_does_not_know_can_be_claimed(requester, client, sandbox):
    for name in ("low-tide-club", "nobody-has-this-name"):
        client.post(ORGANISATION, {"name": name, "do": "without"})
    assert names_of(requester) == ["low-tide-club", "nobody-has-this-name"]


def test_a_github_that_is_silent_refuses_nothing(requester, client, sandbox):
    sandbox.faults.add("/api/v3/users/moss-kettering", "server_error")
    client.post(ORGANISATION, {"name": "moss-kettering", "do": "without"})
    assert names_of(requester) == ["moss-kettering"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ghost", "so it is nobody’s name"),
        ("settings", "one of GitHub’s own pages"),
        ("norr*", "a wildcard"),
        ("me@norrvik.example", "is an e-mail address"),
    ],
)
def test_what_is_nobodys_name_is_refused_with_the_reason(requester, client, name, sentence):
    response = client.post(ORGANISATION, {"name": name, "do": "without"})
    assert response.status_code == 400
    assert sentence in text_of(response)


def test_somebody_elses_account_is_refused_also_after_the_question(owner, client, sandbox):
    Claim.objects.filter(name="norrvik").update(name="tern-holow", name_key="tern-holow")
    sandbox_login = "tern-hollow"
    OwnerListing.objects.create(
        owner_id=777, login=sandbox_login, kind="User", read_at=clock.now(), repository_count=0
    )
    answers = [
        client.post(ORGANISATION, {"name": sandbox_login, "do": "without"}),
        client.post(ORGANISATION, {"name": sandbox_login, "do": "without", "meant": sandbox_login}),
    ]
    assert "Did you mean tern-holow?" in text_of(answers[0])
    assert "is a person’s account on GitHub" in text_of(answers[1])
    assert names_of(owner) == ["tern-holow"]
