"""After signing in one sees at once what is asked, decided, left out and held."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims.models import OwnerListing, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.releases import services as releases
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import (
    make_draft,
    make_index,
    make_reviewer,
    make_user,
    reviewed_by_person,
    submitted_request,
    the_stack,
)
from tests.pages.reading import links_of, text_of

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DECLINE = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)


@pytest.fixture
def index(tmp_path):
    make_index(
        tmp_path,
        [("otter-quay/kelp", 9001, 100), ("otter-quay/reef", 9002, 10), ("old-otter/attic", 9003, 5)],
    )


@pytest.fixture
def user(index, client):
    user = make_user()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def decide(request, verdict):
    return services.decide(
        by=make_reviewer(f"r{request.pk}"),
        request_id=request.pk,
        verdicts={item.pk: verdict for item in request.items.all()},
    )


def home(client):
    return text_of(client.get("/requests/"))


def test_a_stranger_is_sent_to_sign_in_and_comes_back(client):
    assert client.get("/requests/").headers["Location"] == "/sign-in/?next=/requests/"


def test_a_newcomer_sees_what_is_held_before_any_form(client, user):
    text = home(client)
    assert "You have not asked for anything yet. Ask us to leave something out" in text
    assert "No list has been frozen at this desk yet." in text
    assert "v2.1 Yes 2 2 110 B September 2023" in text
    assert "/requests/new/" in links_of(client.get("/requests/"))


def test_a_request_in_review_waits_on_us_and_has_a_due_date(client, user):
    with time_machine.travel("2026-11-10T12:00Z", tick=False):
        request = reviewed_by_person(user)
    with time_machine.travel("2026-11-22T12:00Z", tick=False):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        text = home(client)
    assert "1 request waits for our decision. You need do nothing." in text
    assert (
        f"{request.reference} Everything under otter-quay In review Us due in 18 days 10 December 2026"
        in text
    )


def test_an_overdue_decision_is_called_late(client, user):
    with time_machine.travel("2026-09-01T12:00Z", tick=False):
        reviewed_by_person(user)
    with time_machine.travel("2026-11-22T12:00Z", tick=False):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert "due 52 days ago, late" in home(client)


def test_a_question_waits_on_the_requester_and_stops_the_clock(client, user):
    request = reviewed_by_person(user, ["otter-quay/kelp"])
    services.ask(by=make_reviewer(), request_id=request.pk, question="Which?")
    text = home(client)
    assert "1 request waits for your answer." in text
    assert "otter-quay/kelp Question for you You on hold" in text


def test_a_denied_and_a_withdrawn_request_wait_on_nobody(client, user):
    decide(reviewed_by_person(user, ["otter-quay/kelp"]), DECLINE)
    services.withdraw(by=user, request_id=submitted_request(user, ["otter-quay/kelp", "otter-quay/reef"]).pk)
    text = home(client)
    assert "Nothing is waiting, neither on you nor on us." in text
    assert "otter-quay/kelp Denied nobody decided just now" in text
    assert "2 repositories of otter-quay Withdrawn nobody closed" in text


def test_an_accepted_request_says_which_release_will_leave_it_out(client, user):
    decide(reviewed_by_person(user), ACCEPT)
    assert "Accepted nobody decided just now the next version" in home(client)
    release = releases.plan(dataset=the_stack(), name="v3.1")
    assert "Accepted nobody decided just now v3.1" in home(client)
    releases.freeze(release_id=release.pk, by=None)
    assert "v3.1 in the list frozen just now" in home(client)
    releases.hand_over(release_id=release.pk, by=None)
    assert "v3.1 in the list handed over just now" in home(client)


def test_what_is_left_out_is_listed_whoever_asked(client, user):
    decide(reviewed_by_person(user), ACCEPT)
    RepositoryFact.objects.create(
        repository_id=9001, owner_id=501, full_name="otter-quay/kelp", learned_at=clock.now()
    )
    releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    text = home(client)
    assert "otter-quay Everything, now and later Files, commits, issues and pull requests v3.1" in text
    assert "otter-quay/kelp" not in text


def test_a_repository_alone_is_listed_by_its_name(client, user):
    request = reviewed_by_person(user, ["otter-quay/kelp"])
    decide(request, ACCEPT)
    releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    assert "otter-quay/kelp Files, commits, issues and pull requests v3.1" in home(client)


def test_somebody_elses_requests_and_exclusions_are_not_shown(client, user):
    other = make_user(502, "tern-hollow")
    request = reviewed_by_person(other)
    decide(request, ACCEPT)
    releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    text = home(client)
    assert request.reference not in text
    assert "tern-hollow" not in text
    assert "Nothing of your GitHub accounts is on the newest list (v3.1, frozen just now)." in text


def test_a_draft_is_there_to_go_on_with(client, user):
    make_draft(user, ["otter-quay/kelp"])
    assert "have not sent it: otter-quay/kelp. Go on with your draft" in home(client)


def test_repositories_under_a_former_name_are_found_by_number(client, user):
    assert "This is by name alone." in home(client)
    RepositoryFact.objects.create(
        repository_id=9003, owner_id=501, full_name="otter-quay/attic", learned_at=clock.now()
    )
    OwnerListing.objects.create(
        owner_id=501, login="otter-quay", kind="User", read_at=clock.now(), repository_count=1
    )
    text = home(client)
    assert "1 repository of this account stands under another name" in text
    assert "old-otter/attic" in text
    assert "This is by name alone." not in text


def test_an_account_younger_than_the_data_is_told_so(client, index):
    young = make_user(777, "old-otter", dt.datetime(2024, 5, 2, tzinfo=dt.UTC))
    client.force_login(young, backend="django.contrib.auth.backends.ModelBackend")
    text = home(client)
    assert "Your account is younger than v2.1. GitHub made it on 2 May 2024" in text


def test_staff_without_a_github_account_are_told_how_to_join_one(client, index):
    client.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    assert "No GitHub account is joined to this log-in." in home(client)
    assert "Review desk" in home(client)


def test_the_page_is_not_kept_by_caches(client, user):
    assert "no-store" in client.get("/requests/")["Cache-Control"]
