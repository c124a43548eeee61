"""An organisation or a repository of somebody else: named here, proven by GitHub, or left to a reviewer."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bigcode_optout.claims.models import Claim
from tests.pages.reading import read, text_of

ORGANISATION = "/requests/new/organisation/"
REPOSITORY = "/requests/new/repository/"


@pytest.mark.parametrize(
    ("page", "promise"), [(ORGANISATION, "We keep no token."), (REPOSITORY, "keep no token.")]
)
def test_the_page_says_before_what_github_will_ask(requester, client, page, promise):
    response = client.get(page)
    assert read(response).faults == []
    assert promise in text_of(response)
    assert "Go on without asking GitHub" in text_of(response)


@pytest.mark.parametrize(
    ("page", "name", "scope"), [(ORGANISATION, "norrvik", "read:org"), (REPOSITORY, "a/b", None)]
)
def test_asking_leads_to_github_with_just_the_scope_that_is_needed(requester, client, page, name, scope):
    response = client.post(page, {"name": name, "do": "ask"})
    address = urlsplit(response.headers["Location"])
    assert address.path.endswith("/login/oauth/authorize")
    assert parse_qs(address.query).get("scope", [None])[0] == scope
    assert Claim.objects.filter(user=requester, name=name).count() == 1


def test_going_on_without_github_keeps_the_claim_unproven_for_a_reviewer(requester, client):
    response = client.post(
        ORGANISATION, {"name": "https://github.com/Norrvik?tab=repositories", "do": "without"}
    )
    assert response.headers["Location"] == "/requests/new/"
    text = text_of(client.get("/requests/new/"))
    assert "Norrvik is in your list. GitHub was not asked, so a reviewer decides about it." in text
    assert "GitHub was not asked about it. It goes to a reviewer. Ask GitHub" in text


def test_naming_the_same_twice_makes_one_claim(requester, client):
    for name in ("norrvik", "NORRVIK"):
        client.post(ORGANISATION, {"name": name, "do": "without"})
    assert Claim.objects.filter(user=requester, kind="organisation").count() == 1


@pytest.mark.parametrize(
    ("page", "name", "sentence"),
    [
        (ORGANISATION, "", "Nothing was typed."),
        (ORGANISATION, "norrvik instruments", "has a space. The name of a GitHub account"),
        (ORGANISATION, "norrvik instruments", "Did you mean norrvik-instruments?"),
        (
            ORGANISATION,
            "norrvik/gauge",
            "is a repository. The name of an account is needed here. Did you mean norrvik?",
        ),
        (ORGANISATION, "<b>x</b>", "is not a"),
        (ORGANISATION, "norrvi\u212a", "a letter or sign outside A to Z"),
        (ORGANISATION, "otter-quay", "otter-quay is your own account. It is in the list already."),
        (REPOSITORY, "norrvik", "is an account. A repository is written owner/name"),
        (REPOSITORY, "OTTER-quay/kelp", "is under your own account."),
        (REPOSITORY, "a/b\u0007", "control character"),
    ],
)
def test_what_is_no_name_is_said_at_the_field_and_in_the_summary(requester, client, page, name, sentence):
    response = client.post(page, {"name": name, "do": "ask"})
    assert response.status_code == 400
    found = read(response)
    assert found.faults == []
    if name != "<b>x</b>":
        assert text_of(response).count(sentence) == 2
    field = next(
        attributes for tag, attributes in found.tags if tag == "input" and attributes.get("name") == "name"
    )
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "name_helptext name_error"
    assert {"name", "name_helptext", "name_error"} <= {attributes.get("id") for _, attributes in found.tags}
    assert "#name" in [attributes.get("href") for tag, attributes in found.tags if tag == "a"]
    assert b"<b>x</b>" not in response.content
    assert not Claim.objects.filter(user=requester).exclude(kind="account").exists()


def test_a_suggestion_is_made_only_where_it_is_of_the_right_kind(requester, client):
    assert "Did you mean" not in text_of(client.post(REPOSITORY, {"name": "norrvik's", "do": "ask"}))


def test_the_name_can_come_with_the_link(requester, client):
    assert b'value="norrvik"' in client.get(f"{ORGANISATION}?name=norrvik").content
