"""A second owner through a link: what each side sees, and what a stranger does not."""

import re

import pytest
from django.test import Client

from bigcode_optout.claims.models import Claim
from bigcode_optout.removals import inviting, services
from tests.builders import make_user
from tests.pages.reading import links_of, read, text_of
from tests.removals.owning import make_owner, owner_claim_of, request_over

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def asked():
    requester = make_user(501, "otter-quay")
    owner_claim_of(requester, role="member")
    return request_over(requester)


def link(asked) -> str:
    """The link as the requester's page shows it, as a path."""
    page = f"/requests/{asked.reference}/second-owner/"
    response = browser(asked.requester).post(page, {"claim": asked.items.get().claim_id}, follow=True)
    assert read(response).faults == []
    return re.search(r"/second-owner/[0-9a-f-]+/", text_of(response))[0]


def test_the_requesters_page_leads_to_the_link_and_shows_it_again(asked):
    client = browser(asked.requester)
    status = client.get(f"/requests/{asked.reference}/")
    assert f"/requests/{asked.reference}/second-owner/" in links_of(status)
    path = link(asked)
    page = client.get(f"/requests/{asked.reference}/second-owner/")
    assert path in text_of(page)
    assert "an owner also sees your login" in text_of(page)


def test_who_opens_the_link_sees_organisation_and_scope_and_an_owner_also_who_asks(asked):
    path = link(asked)
    client = browser(make_user(504, "wren-small"))
    response = client.get(path)
    assert read(response).faults == []
    assert "Everything under norrvik" in text_of(response)
    assert "otter" not in text_of(response)
    assert "Let GitHub show my role" in text_of(response)
    owner = browser(make_owner(502, "tern-hollow"))
    assert "otter-quay asks that this is left out" in text_of(owner.get(path))


def test_the_role_is_asked_of_github_with_the_one_scope_it_needs_and_leads_back(asked):
    client = browser(make_user(504, "wren-small"))
    path = link(asked)
    response = client.post(path, {"do": "ask"})
    assert "scope=read%3Aorg" in response.headers["Location"]
    claim = Claim.objects.get(user__identities__github_id=504, kind="organisation")
    states = client.session["socialaccount_states"]
    remembered = next(iter(states.values()))[0]["data"]
    assert remembered["subject"] == f"{claim.pk} {path}"


def test_a_confirmation_is_a_post_and_is_told_to_both(asked):
    path, owner = link(asked), browser(make_owner(502, "tern-hollow"))
    owner.get(path)
    assert not asked.confirmations.exists()
    response = owner.post(path, {"do": "confirm"}, follow=True)
    assert "You confirmed that norrvik may be decided about" in text_of(response)
    status = text_of(browser(asked.requester).get(f"/requests/{asked.reference}/"))
    assert "1 other owner has confirmed it." in status
    assert "Another owner confirmed it" in status
    assert "tern-hollow" not in status
    used = owner.get(path)
    assert used.status_code == 409 and "was used" in text_of(used)


def test_a_member_cannot_confirm_and_reads_why(asked):
    member = make_user(504, "wren-small")
    owner_claim_of(member, role="member")
    response = browser(member).post(link(asked), {"do": "confirm"})
    assert response.status_code == 403
    assert "GitHub has not told us today that you are an owner of norrvik." in text_of(response)
    assert not asked.confirmations.exists()


def test_the_requester_opens_the_link_in_vain(asked):
    response = browser(asked.requester).get(link(asked))
    assert response.status_code == 403
    assert "This is your own request." in text_of(response)


def test_a_wrong_code_and_a_made_up_one_are_answered_alike(asked):
    path, client = link(asked), browser(make_user(504, "wren-small"))
    wrong = client.get(path[:-2] + ("0/" if path[-2] != "0" else "1/"))
    unknown = client.get("/second-owner/999999-abcdef/")
    assert (wrong.status_code, text_of(wrong)) == (404, text_of(unknown))


def test_strangers_and_other_sites_get_nowhere(asked):
    path, page = link(asked), f"/requests/{asked.reference}/second-owner/"
    stranger = browser(make_user(504, "wren-small"))
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {"claim": asked.items.get().claim_id}).status_code == 404
    assert Client().get(path).headers["Location"].startswith("/sign-in/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_owner(502, "tern-hollow"), backend=BACKEND)
    assert strict.post(path, {"do": "confirm"}).status_code == 403
    assert not asked.confirmations.exists()


def test_a_withdrawn_request_needs_nobody(asked):
    path = link(asked)
    services.withdraw(by=asked.requester, request_id=asked.pk)
    assert browser(make_owner(502, "tern-hollow")).get(path).status_code == 409
    client = browser(asked.requester)
    assert client.get(f"/requests/{asked.reference}/second-owner/").status_code == 409
    assert client.post(f"/requests/{asked.reference}/second-owner/", {"claim": "x"}).status_code == 409
    assert inviting.invitable_claims(type(asked).objects.get(pk=asked.pk)) == []
