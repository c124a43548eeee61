"""The queue's filters: each count is the number of requests that its choice shows, whatever else is chosen."""

import pytest
from django.urls import reverse

from bigcode_optout.claims.models import Claim, KnownName
from bigcode_optout.core import clock
from bigcode_optout.removals import objecting, services
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review.filters import ALL, FILTERS
from tests.builders import make_user
from tests.removals.owning import NORRVIK, make_owner, request_over
from tests.review.cases import decide, waiting_request

QUEUE = reverse("admin:removals_removalrequest_changelist")
pytestmark = pytest.mark.usefixtures("index")


def listed(response) -> set[str]:
    return {request.reference for request in response.context["cl"].result_list}


def choices(response) -> dict[str, dict[str, int]]:
    """By filter, the counts by the choice's value."""
    found = {}
    for spec in response.context["cl"].filter_specs:
        counts = response.context["cl"].facets.counts[spec.parameter_name]
        found[spec.parameter_name] = {choice: number for choice, number in counts.items() if number}
    return found


@pytest.fixture
def mixed(desk, reviewer):
    """One of everything that a filter can tell apart."""
    waiting_request(make_user(601, "whole-one"))
    single = waiting_request(names=["otter-quay/reef"])
    services.assign(by=reviewer, request_id=single.pk, to=reviewer)
    RemovalRequest.objects.filter(pk=single.pk).update(ground="licence")
    asked = waiting_request(make_user(603, "asked-one"))
    services.ask(by=reviewer, request_id=asked.pk, question="Who?")
    denied = waiting_request(make_user(604, "denied-one"))
    decide(desk, denied, "decline", "insufficient_proof")
    services.appeal(by=denied.requester, request_id=denied.pk, text="Look again.")
    accepted = waiting_request(make_user(605, "fine-one"))
    decide(desk, accepted, "accept")
    objected = request_over(make_owner(701, "asks"))
    objecting.raise_objection(
        by=make_owner(702, "objects"), request_id=objected.pk, organisation_id=NORRVIK, reason="No."
    )


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"waiting": "all"},
        {"waiting": "us", "scope": "account"},
        {"q": "one", "assignee": "none", "size": "nothing"},
    ],
    ids=["opening", "everything", "two filters", "search and two filters"],
)
def test_every_count_is_what_its_choice_shows(desk, mixed, chosen):
    counted = choices(desk.get(QUEUE, chosen))
    checked = 0
    for name, counts in counted.items():
        for choice, number in counts.items():
            shown = listed(desk.get(QUEUE, {**chosen, name: choice}))
            assert len(shown) == number, f"{name}={choice} says {number} and shows {len(shown)}"
            checked += 1
    assert checked >= len(FILTERS)


def test_a_filter_in_force_still_says_what_its_other_choices_have(desk, mixed):
    opening = choices(desk.get(QUEUE))
    assert opening["waiting"] == {"us": 4, "requester": 1, "nobody": 1}
    chosen = choices(desk.get(QUEUE, {"scope": "repository"}))
    assert chosen["scope"] == opening["scope"] and chosen["waiting"] == {"us": 1}


def test_appeals_and_objections_come_back_marked(desk, mixed):
    page = desk.get(QUEUE)
    assert {"appeal": 1, "objection": 1}.items() <= choices(page)["guard"].items()
    marks = [mark for request in page.context["cl"].result_list for mark in request.line.guards]
    assert "Appeal" in marks and "Objection" in marks


def test_the_views_that_everybody_has_say_how_many_wait_there(desk, mixed):
    page = desk.get(QUEUE)
    waiting = choices(page)
    counts = {tab.name: tab.count for tab in page.context["tabs"]}
    assert counts == {
        "What waits for us": waiting["waiting"]["us"],
        "Mine": 1,
        "Organisations": waiting["scope"]["organisation"],
        "Appeals": waiting["guard"]["appeal"],
        "Objections": waiting["guard"]["objection"],
        "All": None,
    }
    assert "Appeals (1)" in page.content.decode()


def test_a_filter_says_its_choices_in_words_with_counts(desk, mixed):
    page = desk.get(QUEUE).content.decode()
    for words in (
        "Us (4)",
        "Single repositories (1)",
        "A whole organisation (1)",
        "e.thorne (1)",
        "1 to 9 repositories (1)",
        "v2.1 (1)",
        "The licence does not allow it (1)",
        "This site (4)",
        "Objection (1)",
    ):
        assert words in page, words


def test_a_choice_that_does_not_exist_shows_nothing_and_breaks_nothing(desk, mixed):
    for spec in FILTERS:
        shown = listed(desk.get(QUEUE, {"waiting": ALL, spec.parameter_name: "9" * 30}))
        assert shown == set(), spec.parameter_name


def test_finds_a_request_by_a_login_that_its_person_had_before(desk):
    wanted = waiting_request()
    waiting_request(make_user(777, "somebody-else"))
    now = clock.now()
    KnownName.objects.create(kind="owner", number=501, name="old-otter", last_seen_at=now, left_at=now)
    assert listed(desk.get(QUEUE, {"q": "Old-Otter"})) == {wanted.reference}


def test_finds_a_request_by_a_former_login_that_it_asks_for(desk):
    wanted = waiting_request()
    claim = Claim.objects.create(
        user=wanted.requester,
        kind="former_login",
        name="otter-of-old",
        subject_id=501,
        present=wanted.items.get().claim,
    )
    wanted.items.create(claim=claim, kind="owner", name="otter-of-old", owner_id=501)
    assert listed(desk.get(QUEUE, {"q": "otter-of-old"})) == {wanted.reference}


def test_finds_whoever_asked_for_all_of_an_owner_by_one_of_its_repositories(desk):
    wanted = waiting_request()
    waiting_request(make_user(777, "somebody-else"))
    assert listed(desk.get(QUEUE, {"q": "https://github.com/otter-quay/Kelp"})) == {wanted.reference}
    assert listed(desk.get(QUEUE, {"q": "9001"})) == {wanted.reference}


def test_any_choice_of_filters_takes_fewer_than_twenty_queries(desk, mixed, django_assert_max_num_queries):
    every = {
        "waiting": "us",
        "state": "in_review",
        "scope": "account",
        "proof": "proven",
        "guard": "none",
        "assignee": "none",
        "version": "none",
        "size": "nothing",
        "ground": "none",
        "source": "site",
        "q": "one",
    }
    with django_assert_max_num_queries(19):
        assert desk.get(QUEUE, every).status_code == 200
