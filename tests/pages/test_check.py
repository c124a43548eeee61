"""Step 3: what is sent is what was checked, once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bigcode_optout.claims.services import claim_account
from bigcode_optout.core import clock
from bigcode_optout.core.rate_limits import _limiter
from bigcode_optout.releases import services as releases
from bigcode_optout.removals import drafting, services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import account_claim, make_draft, make_user, the_stack
from tests.pages.reading import read, text_of
from tests.removals.owning import owner_claim_of

pytestmark = pytest.mark.once
PAGE = "/requests/new/check/"


@pytest.fixture
def draft(requester, client):
    number = account_claim(requester).pk
    client.post(
        "/requests/new/",
        {
            "do": "check",
            "kind": ["files", "commits", "issues"],
            f"scope-{number}": "some",
            f"repository-{number}": ["otter-quay/kelp", "old-otter/dunes"],
        },
    )
    client.post("/requests/new/details/", {"email": "otter@quay.example"})
    return drafting.draft_of(requester, the_stack())


def form_of(response):
    return {
        attributes["name"]: attributes["value"]
        for tag, attributes in read(response).tags
        if tag == "input" and attributes.get("name") in ("draft", "seen")
    }


def test_without_a_draft_one_is_sent_to_step_one(requester, client):
    assert client.get(PAGE).headers["Location"] == "/requests/new/"


def test_the_page_shows_everything_that_will_be_sent_and_what_stays_in(draft, client, requester):
    drafting.describe(
        by=requester,
        dataset=the_stack(),
        ground="licence",
        message="<b>Quick</b>",
        email="otter@quay.example",
    )
    response = client.get(PAGE)
    assert read(response).faults == []
    text = text_of(response)
    assert "otter-quay (GitHub account 501, since May 2012)" in text
    assert "Repositories 2 of 4 of otter-quay Show the 2 names otter-quay/kelp old-otter/dunes" in text
    assert "Not included Otter-Quay/Reef, otter-quay/kelp-fork, and whatever is published later" in text
    assert "Issues and pull requests: noted only" in text
    assert "4 files, 3.0 kB as in v2.1" in text
    assert "Reason The licence does not allow it" in text
    assert "<b>Quick</b>" in text
    assert "Mail to otter@quay.example" in text
    assert "It does not change v2.0 and v2.1, which others already hold." in text


def test_every_change_link_says_what_it_changes_and_leads_somewhere(draft, client):
    page = client.get(PAGE).content.decode()
    links = re.findall(r'href="([^"]+)">Change<span class="visually-hidden"> ([^<]+)<', page)
    assert len(links) == 5
    for address, _ in links:
        path, _, anchor = address.partition("#")
        target = client.get(path)
        assert target.status_code == 200
        assert not anchor or f'id="{anchor}"' in target.content.decode()


def test_sending_gives_the_reference_number_and_what_happens_by_when(draft, client):
    with time_machine.travel("2026-11-09T10:13:52Z"):
        response = client.post(PAGE, form_of(client.get(PAGE)), follow=True)
        text = text_of(response)
    sent = RemovalRequest.objects.get()
    assert sent.state == "submitted"
    assert response.request["PATH_INFO"] == f"/requests/{sent.reference}/sent/"
    assert read(response).faults == []
    assert f"We have your request Your reference number {sent.reference}" in text
    assert "By 9 December 2026 You get a decision." in text
    assert "We look for 2 repositories in each of 2 versions" in text
    assert "A copy is on its way to otter@quay.example." in text


def test_pressing_twice_leads_to_the_one_request(draft, client):
    form = form_of(client.get(PAGE))
    first, second = client.post(PAGE, form), client.post(PAGE, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert RemovalRequest.objects.count() == 1


def test_a_choice_that_changed_in_another_tab_is_checked_again(draft, client, requester):
    form = form_of(client.get(PAGE))
    make_draft(requester)
    response = client.post(PAGE, form, follow=True)
    assert "Your choice was changed in another tab. Check it again before you send it." in text_of(response)
    assert RemovalRequest.objects.get().state == "draft"


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_a_form_without_a_draft_sends_nothing(draft, client, number):
    assert client.post(PAGE, {"draft": number}).headers["Location"] == PAGE
    assert RemovalRequest.objects.get().state == "draft"


def test_somebody_elses_draft_is_not_sent(draft, client):
    other = make_draft(make_user(502, "tern-hollow"))
    response = client.post(PAGE, {"draft": other.pk, "seen": other.changed_at.isoformat()})
    assert response.headers["Location"] == "/requests/new/"
    other.refresh_from_db()
    assert other.state == "draft"


def test_a_draft_thrown_away_elsewhere_leads_back_to_step_one(draft, client):
    form = form_of(client.get(PAGE))
    assert client.post("/requests/new/discard/", follow=True).redirect_chain[0][0] == "/requests/"
    assert client.post(PAGE, form).headers["Location"] == "/requests/new/"
    assert not RemovalRequest.objects.exists()


def test_sending_is_limited_and_a_refused_one_keeps_the_draft(draft, client, settings, requester):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "submission": "1/hour"}
    _limiter.cache_clear()
    client.post(PAGE, form_of(client.get(PAGE)))
    make_draft(requester, ["otter-quay/kelp"])
    response = client.post(PAGE, form_of(client.get(PAGE)))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert drafting.draft_of(requester, the_stack()) is not None


def test_everything_of_an_account_that_was_renamed_since_is_chosen_again(requester, client):
    make_draft(requester)
    identity = requester.identities.first()
    identity.login = "new-otter"
    identity.save()
    claim_account(identity)
    response = client.post(PAGE, form_of(client.get(PAGE)), follow=True)
    assert response.redirect_chain[-1][0] == "/requests/new/"
    assert "its account was renamed" in text_of(response)
    assert RemovalRequest.objects.get().state == "draft"


def test_what_was_asked_before_is_told_before_it_is_asked_again(draft, client, requester):
    assert "asked for some of this before" not in text_of(client.get(PAGE))
    client.post(PAGE, form_of(client.get(PAGE)))
    earlier = RemovalRequest.objects.get()
    make_draft(requester, ["OTTER-quay/KELP"])
    assert f"You asked for some of this before, in {earlier.reference}." in text_of(client.get(PAGE))
    make_draft(requester, ["otter-quay/another"])
    assert "asked for some of this before" not in text_of(client.get(PAGE))


def test_the_cut_off_of_the_next_list_stands_there_only_when_a_day_is_planned(requester, client):
    make_draft(requester)
    address = reverse("pages:check")
    assert "In time for" not in text_of(client.get(address))
    release = releases.plan(dataset=the_stack(), name="v3.1")
    assert "In time for" not in text_of(client.get(address))
    release.freeze_planned_at = clock.now() + timedelta(days=40)
    release.save()
    text = text_of(client.get(address))
    last = release.freeze_planned_at - timedelta(days=30)
    assert f"In time for v3.1 if sent before {last.day} {last:%B %Y}" in text
    release.freeze_planned_at = clock.now() + timedelta(days=4)
    release.save()
    assert "What is not decided by then goes on the list after it." in text_of(client.get(address))


def test_who_has_sent_it_reads_whether_it_is_in_time(requester, client):
    release = releases.plan(
        dataset=the_stack(), name="v3.1", freeze_planned_at=clock.now() + timedelta(days=40)
    )
    removal = services.submit(by=requester, draft_id=make_draft(requester).pk)
    sent, status = reverse("pages:sent", args=[removal.reference]), f"/requests/{removal.reference}/"
    assert "Your request is in time for v3.1" in text_of(client.get(sent))
    assert "v3.1 in time for it, if it is accepted" in text_of(client.get(status))
    release.freeze_planned_at = clock.now() + timedelta(days=4)
    release.save()
    assert "it goes on the list after it" in text_of(client.get(sent))
    assert "if it is accepted before" in text_of(client.get(status))


def test_who_asks_of_an_organisation_reads_that_other_owners_may_see_what_is_asked(requester, client):
    claim = owner_claim_of(requester)
    make_draft(requester, claim=claim)
    text = text_of(client.get(PAGE))
    assert "Other owners of norrvik whom we know see what is asked of it and since when" in text
    assert "They do not see who asked." in text and "Nobody but you and our reviewers" not in text


def test_who_asks_of_their_own_account_reads_that_nobody_else_sees_it(draft, client):
    assert "Nobody but you and our reviewers sees the request." in text_of(client.get(PAGE))
