"""A request's own page says where it stands, who is to act, and why; its buttons are those of the lifecycle."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from bigcode_optout.accounts.policies import PASSWORD_BACKEND
from bigcode_optout.claims.models import Claim, LoginFact
from bigcode_optout.core import clock as time_of_the_desk
from bigcode_optout.releases import services as releases
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision, LocateRun
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import (
    make_release_manager,
    make_reviewer,
    make_user,
    processed_request,
    reviewed_by_person,
    submitted_request,
    the_stack,
)
from tests.pages.conftest import OWNED, know_owner
from tests.pages.reading import links_of, read, text_of
from tests.staff import staff_client
from tests.two_reviewers import make_senior

pytestmark = pytest.mark.once
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DECLINE = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)


def page(removal):
    return f"/requests/{removal.reference}/"


def decide(removal, **by_name):
    """`decide(removal, kelp=ACCEPT)`: a verdict for each item by the end of its name."""
    items = {item.name.rpartition("/")[2]: item.pk for item in removal.items.all()}
    verdicts = {items[name]: verdict for name, verdict in by_name.items()}
    return services.decide(by=make_reviewer(), request_id=removal.pk, verdicts=verdicts)


def buttons(client, removal):
    """Which of the four verbs the page offers."""
    response = client.get(page(removal))
    forms = [attributes.get("action", "") for tag, attributes in read(response).tags if tag == "form"]
    offered = [*links_of(response), *forms]
    return {
        verb
        for verb in ("withdraw", "answer", "appeal", "opt-back-in")
        if f"{page(removal)}{verb}/" in offered
    }


@pytest.mark.parametrize("hour", [0, 23])
def test_whatever_the_hour_a_decision_is_due_in_thirty_days(requester, client, hour):
    with time_machine.travel(dt.datetime(2026, 11, 20, hour, 10, tzinfo=dt.UTC), tick=False):
        removal = submitted_request(requester)
        client.force_login(requester, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "Decision due in 30 days 20 December 2026" in text_of(client.get(page(removal)))


@time_machine.travel(dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC), tick=False)
def test_a_request_that_was_just_sent_is_being_searched(requester, client):
    removal = submitted_request(requester)
    response = client.get(page(removal))
    text = text_of(response)
    assert read(response).faults == []
    assert "State Received Waiting on Us You need do nothing Decision due in 30 days" in text
    assert "We are searching v2.1 waiting v2.0 waiting You need not wait here. Look again" in text
    assert "otter-quay Everything, now and later. Files, commits" in text
    assert buttons(client, removal) == {"withdraw"}


def test_the_search_is_told_live_and_the_asking_stops_when_it_is_over(requester, client):
    removal = submitted_request(requester)
    progress = f"{page(removal)}progress/"
    LocateRun.objects.filter(version__name="v2.0").update(state="done", repository_count=1, file_count=1)
    LocateRun.objects.filter(version__name="v2.1").update(state="running")
    fragment = client.get(progress)
    body = fragment.content.decode()
    assert (fragment.status_code, "HX-Refresh" in fragment.headers) == (200, False)
    assert f'hx-get="{progress}"' in body and 'hx-trigger="every 2s"' in body and "<html" not in body
    assert "v2.1 being searched" in text_of(fragment)
    assert "v2.0 1 repository, 1 file" in text_of(fragment)
    services.begin_review(request_id=removal.pk)
    over = client.get(progress)
    assert (over.status_code, over.headers["HX-Refresh"]) == (286, "true")
    assert "hx-trigger" not in over.content.decode()


def test_a_github_that_does_not_help_is_named_with_the_next_try(requester, client):
    with time_machine.travel("2026-11-09T10:00:00Z", tick=False) as clock:
        removal = submitted_request(requester)
        removal.next_attempt_at = removal.submitted_at.replace(minute=10)
        removal.save()
        clock.move_to("2026-11-09T10:05:00Z")
        text = text_of(client.get(page(removal)))
    assert "GitHub did not answer, or asked us to wait. We try again in 5 minutes; nothing is lost." in text


def test_in_review_says_why_a_person_looks_at_it_and_by_when(desk_index, client):
    with time_machine.travel("2026-11-09T10:00:00Z", tick=False):
        young = make_user(created_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
        know_owner(501, "otter-quay", OWNED)
        LoginFact.objects.create(login_key="old-otter", learned_at=time_of_the_desk.now())
        client.force_login(young, backend="allauth.account.auth_backends.AuthenticationBackend")
        removal = processed_request(young)
        text = text_of(client.get(page(removal)))
    assert "State In review Waiting on Us" in text
    assert "You signed in to GitHub as otter-quay." in text
    reasons = text.partition("Why a person looks at it:")[2]
    assert "It was made on GitHub after the day the data stands for" in reasons
    assert "what GitHub says points to somebody else on the day the data stands for" in reasons
    assert "A reviewer decides about otter-quay You get a decision by 9 December 2026." in text
    assert "6 files in v2.1 in v2.0: 1" in text
    assert "We searched 2 versions Found: 4 repositories in v2.1, 1 repository in v2.0." in text


def test_late_is_said_plainly(requester, client):
    with time_machine.travel("2026-11-09T10:00:00Z"):
        removal = reviewed_by_person(requester)
    with time_machine.travel("2026-12-20T10:00:00Z"):
        client.force_login(requester, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "Late It was due on 9 December 2026." in text_of(client.get(page(removal)))


def test_a_question_waits_for_the_requester_and_is_answered_on_the_page(requester, client):
    with time_machine.travel("2026-11-09T10:00:00Z", tick=False):
        removal = reviewed_by_person(requester)
        services.ask(by=make_reviewer(), request_id=removal.pk, question="Is <b>this</b>\nyours?")
        response = client.get(page(removal))
        text = text_of(response)
        assert "A reviewer asks: Is <b>this</b> yours?" in text
        assert "<b>this" not in response.content.decode()
        assert "Question for you Waiting on You Please answer by 9 December 2026" in text
        assert "On hold 30 days left once you answer" in text
        assert "The clock stands still until you answer." in text
        assert buttons(client, removal) == {"answer", "withdraw"}
        empty = client.post(f"{page(removal)}answer/", {"answer": "  "})
        assert empty.status_code == 400
        assert text_of(empty).count("Write your answer.") == 2
        assert "#answer" in links_of(empty)
        done = client.post(f"{page(removal)}answer/", {"answer": "Yes, <i>mine</i>."}, follow=True)
    assert "We have your answer. The clock runs again." in text_of(done)
    assert "You answered Yes, <i>mine</i>." in text_of(done)
    assert buttons(client, removal) == {"withdraw"}


def test_parts_that_were_decided_alike_are_told_once_with_reason_and_names(requester, client):
    releases.plan(dataset=the_stack(), name="v3.1")
    removal = reviewed_by_person(requester, ["otter-quay/kelp", "otter-quay/reef", "otter-quay/kelp-fork"])
    decide(removal, kelp=ACCEPT, reef=ACCEPT, **{"kelp-fork": DECLINE})
    text = text_of(client.get(page(removal)))
    assert "A part of it is accepted, the rest is declined." in text
    assert "2 repositories of otter-quay Files, commits Accepted" in text
    assert "Show the 2 names otter-quay/kelp otter-quay/reef" in text
    assert "otter-quay/kelp-fork Files, commits Declined" in text
    assert "We could not see that this account or repository is yours. A reviewer, just now." in text
    assert "Left out from v3.1 not frozen yet" in text
    assert "Issues and pull requests Of the same Noted" in text


def test_what_is_only_noted_is_promised_as_long_as_something_of_the_request_stands(requester, client):
    removal = reviewed_by_person(requester)
    assert "if they come back" in text_of(client.get(page(removal)))
    services.deny(by=make_reviewer(), request_id=removal.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    text = text_of(client.get(page(removal)))
    assert "Noted" in text and "if they come back" not in text


def test_a_denied_request_can_be_appealed_once(requester, client):
    removal = reviewed_by_person(requester)
    decide(removal, **{"otter-quay": DECLINE})
    text = text_of(client.get(page(removal)))
    assert (
        "We do not leave it out. The reason stands beside each part. You can ask for a second look." in text
    )
    assert "Left out from No version" in text
    assert buttons(client, removal) == {"appeal"}
    refused = client.post(f"{page(removal)}appeal/", {"appeal": ""})
    assert (refused.status_code, links_of(refused).count("#appeal")) == (400, 1)
    client.post(f"{page(removal)}appeal/", {"appeal": "Look at my profile."})
    assert "You asked for a second look Look at my profile." in text_of(client.get(page(removal)))
    removal.refresh_from_db()
    services.deny(by=make_senior("m.orr"), request_id=removal.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    assert buttons(client, removal) == set()
    assert "You can ask for a second look" not in text_of(client.get(page(removal)))
    assert client.post(f"{page(removal)}appeal/", {"appeal": "Again."}).status_code == 409


def test_withdrawing_asks_once_more_and_then_ends_the_request(requester, client):
    removal = submitted_request(requester)
    asked = client.get(f"{page(removal)}withdraw/")
    assert "Everything under otter-quay" in text_of(asked)
    assert removal.events.count() == 1
    text = text_of(client.post(f"{page(removal)}withdraw/", follow=True))
    assert "The request is withdrawn." in text
    assert "State Withdrawn Waiting on Nobody" in text
    assert "Left out from No version" in text
    assert buttons(client, removal) == set()
    assert client.get(f"{page(removal)}withdraw/").status_code == 409
    assert client.post(f"{page(removal)}withdraw/").status_code == 409


def test_after_the_freeze_one_can_opt_back_in_instead(requester, client):
    release = releases.plan(dataset=the_stack(), name="v3.1")
    removal = reviewed_by_person(requester)
    decide(removal, **{"otter-quay": ACCEPT})
    assert client.get(f"{page(removal)}opt-back-in/").status_code == 409
    releases.freeze(release_id=release.pk, by=None)
    assert buttons(client, removal) == {"opt-back-in"}
    assert "The list goes to those who build v3.1" in text_of(client.get(page(removal)))
    releases.hand_over(release_id=release.pk, by=None)
    text = text_of(client.get(page(removal)))
    assert "Left out from v3.1 in the list handed over for v3.1" in text
    assert "It is in the list handed over for v3.1" in text
    assert "v3.1 stays without your code." in text_of(client.get(f"{page(removal)}opt-back-in/"))
    text = text_of(client.post(f"{page(removal)}opt-back-in/", follow=True))
    assert "State Opted back in" in text
    assert "No version after v3.1" in text


def test_what_reviewers_write_among_themselves_is_never_shown(requester, client):
    removal = reviewed_by_person(requester)
    reviewer = make_reviewer()
    services.add_note(by=reviewer, request_id=removal.pk, text="SECRET note")
    services.assign(by=reviewer, request_id=removal.pk, to=reviewer)
    decide_by = make_reviewer("m.orr")
    services.deny(by=decide_by, request_id=removal.pk, reason=Decision.Reason.OTHER, sentence="Not now.")
    services.reopen(by=decide_by, request_id=removal.pk, text="SECRET reason")
    for address in ("", "sent/", "receipt/", "receipt.json", "progress/"):
        body = client.get(f"{page(removal)}{address}").content.decode()
        assert "SECRET" not in body
        assert "e.thorne" not in body and "m.orr" not in body
    assert "The decision was taken back" in text_of(client.get(page(removal)))


def test_a_claim_that_github_was_not_asked_about_says_only_that(requester, client, sandbox):
    client.post("/requests/new/organisation/", {"name": "norrvik", "do": "without"})
    claim = Claim.objects.get(name="norrvik")
    removal = processed_request(requester, claim=claim)
    text = text_of(client.get(page(removal)))
    assert "GitHub was not asked about your role." in text
    assert "GitHub did not state a role that allows this decision." in text
    assert "belongs to another GitHub account" not in text


def test_the_timeline_is_told_in_order(requester, client):
    release = releases.plan(dataset=the_stack(), name="v3.1")
    removal = reviewed_by_person(requester, email="otter@quay.example")
    decide(removal, **{"otter-quay": ACCEPT})
    text = text_of(client.get(page(removal)))
    told = [
        "You sent the request The receipt was made. A copy goes to you by mail.",
        "We tried to search the versions v2.1 and v2.0 could not be searched.",
        "A reviewer decided about otter-quay",
        "The list for v3.1 is frozen No day is set yet. You can withdraw until then.",
    ]
    places = [text.index(words) for words in told]
    assert places == sorted(places)
    releases.freeze(release_id=release.pk, by=None)
    assert "The list for v3.1 was frozen with it" in text_of(client.get(page(removal)))


@pytest.mark.parametrize("verb", ["answer", "appeal"])
def test_forms_are_only_taken_by_post(requester, client, verb):
    removal = submitted_request(requester)
    assert client.get(f"{page(removal)}{verb}/").status_code == 405
    assert client.post(f"{page(removal)}{verb}/", {verb: "x"}).status_code == 409


def test_the_page_asks_for_nothing_beyond_its_own_origin_and_has_no_inline_script(requester, client):
    body = client.get(page(submitted_request(requester))).content.decode()
    assert not re.search(r'(?:src|href)="https?://', body)
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", body)


def test_the_desk_sees_the_page_as_its_requester_does_and_can_press_nothing(requester):
    removal = reviewed_by_person(requester)
    services.ask(by=make_reviewer(), request_id=removal.pk, question="Which of the two?")
    desk = staff_client(make_reviewer("m.orr"))
    shown = desk.get(f"{page(removal)}as-requester/")
    text = text_of(shown)
    assert "For the desk: what the requester reads." in text and "Which of the two?" in text
    assert "What you asked for" in text and "From request to release" in text
    actions = [attributes.get("action", "") for tag, attributes in read(shown).tags if tag == "form"]
    assert not any(page(removal) in action for action in actions)
    assert not any(page(removal) in link for link in links_of(shown))
    assert f"{page(removal)}as-requester/" in links_of(
        desk.get(f"/admin/removals/removalrequest/{removal.pk}/change/")
    )


def test_nobody_else_finds_the_page_for_the_desk(requester, client):
    address = f"{page(reviewed_by_person(requester))}as-requester/"
    manager, halfway = staff_client(make_release_manager()), Client()
    halfway.force_login(make_reviewer(), backend=PASSWORD_BACKEND)
    for browser in (client, Client(), manager, halfway):
        assert browser.get(address).status_code == 404
