"""The queue: what waits for us, most urgent first, found by whatever somebody reads out."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bigcode_optout.core import clock
from bigcode_optout.removals import services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import make_draft, make_user, submitted_request, the_stack
from tests.review.cases import decide, text_of, waiting_request

QUEUE = reverse("admin:removals_removalrequest_changelist")
pytestmark = pytest.mark.usefixtures("index")


def listed(response) -> list[str]:
    return [request.reference for request in response.context["cl"].result_list]


def due_in(request: RemovalRequest, days: int) -> RemovalRequest:
    RemovalRequest.objects.filter(pk=request.pk).update(due_at=clock.now() + timedelta(days=days))
    return request


def test_opens_on_what_waits_for_us_with_the_oldest_due_first(desk, reviewer):
    late = due_in(waiting_request(make_user(601, "late-one")), -2)
    calm = due_in(waiting_request(make_user(602, "calm-one")), 20)
    soon = due_in(waiting_request(make_user(603, "soon-one")), 3)
    asked = waiting_request(make_user(604, "asked-one"))
    services.ask(by=reviewer, request_id=asked.pk, question="Who?")
    assert listed(desk.get(QUEUE)) == [late.reference, soon.reference, calm.reference]
    assert listed(desk.get(QUEUE, {"waiting": "requester"})) == [asked.reference]


def test_a_line_says_who_asks_for_how_much_and_why_to_look_twice(desk):
    due_in(waiting_request(), 17)
    page = text_of(desk.get(QUEUE))
    assert "otter-quay" in page and "on GitHub since 2012" in page
    assert "account otter-quay: everything" in page
    assert "2 repositories in v2.1, 1 in v2.0" in page
    assert "Not shown" in page and "GitHub was silent" in page
    assert "in 17 days" in page and "waiting on us" in page


def test_the_figures_on_top_are_counted(desk, reviewer):
    due_in(waiting_request(make_user(601, "late-one")), -2)
    due_in(waiting_request(make_user(602, "soon-one")), 3)
    accepted = waiting_request(make_user(603, "fine-one"))
    decide(desk, accepted, "accept")
    asked = waiting_request(make_user(604, "asked-one"))
    services.ask(by=reviewer, request_id=asked.pk, question="Who?")
    figures = desk.get(QUEUE).context["figures"]
    assert (figures.waiting_on_us, figures.waiting_on_requester) == (2, 1)
    assert (figures.overdue, figures.due_soon, figures.decided_today) == (1, 1, 1)
    assert figures.next_release is None and "none is planned" in text_of(desk.get(QUEUE))


def test_the_next_freeze_says_how_many_are_in_it(desk):
    from bigcode_optout.releases.services import plan

    plan(dataset=the_stack(), name="v3.1")
    decide(desk, waiting_request(), "accept")
    assert desk.get(QUEUE).context["figures"].next_count == 1
    assert "In the next freeze, v3.1" in text_of(desk.get(QUEUE))


@pytest.mark.parametrize(
    "typed",
    [
        "otter-quay",
        "OTTER-QUAY",
        "https://github.com/Otter-Quay?tab=repositories",
        "otter-q",
        "501",
        "gh-501",
    ],
)
def test_finds_a_request_by_login_number_or_address_whatever_its_state(desk, typed):
    wanted = waiting_request()
    waiting_request(make_user(777, "somebody-else"))
    decide(desk, wanted, "accept")
    assert listed(desk.get(QUEUE, {"q": typed})) == [wanted.reference]


def test_finds_a_request_by_a_reference_as_somebody_reads_it_out(desk):
    wanted = waiting_request()
    waiting_request(make_user(777, "somebody-else"))
    spoken = wanted.reference.removeprefix("OPT-").replace("-", " ").lower()
    assert listed(desk.get(QUEUE, {"q": spoken})) == [wanted.reference]


def test_finds_a_request_by_a_repository_it_asks_for(desk):
    wanted = waiting_request(names=["otter-quay/reef"])
    assert listed(desk.get(QUEUE, {"q": "otter-quay/REEF"})) == [wanted.reference]
    assert listed(desk.get(QUEUE, {"q": "otter-quay/kelp"})) == []


@pytest.mark.parametrize("typed", ["9" * 40, "9" * 5000, "%", "'; drop table", "\u212aelvin", " "])
def test_odd_searches_find_nothing_and_break_nothing(desk, typed):
    waiting_request()
    assert desk.get(QUEUE, {"q": typed}).status_code == 200


def test_filters_narrow_and_say_how_many(desk, reviewer):
    whole = waiting_request(make_user(601, "whole-one"))
    single = waiting_request(names=["otter-quay/reef"])
    services.assign(by=reviewer, request_id=single.pk, to=reviewer)
    assert listed(desk.get(QUEUE, {"scope": "repository"})) == [single.reference]
    assert listed(desk.get(QUEUE, {"scope": "account"})) == [whole.reference]
    assert listed(desk.get(QUEUE, {"assignee": str(reviewer.pk)})) == [single.reference]
    assert listed(desk.get(QUEUE, {"assignee": "none"})) == [whole.reference]
    assert listed(desk.get(QUEUE, {"proof": "unproven"})) == [single.reference]
    page = text_of(desk.get(QUEUE))
    assert "Us (2)" in page and "Single repositories (1)" in page and "e.thorne (1)" in page


def test_a_draft_is_its_writers_own(desk):
    draft = make_draft(make_user())
    assert listed(desk.get(QUEUE, {"waiting": "all"})) == []
    assert desk.get(reverse("admin:removals_removalrequest_change", args=[draft.pk])).status_code == 404


def test_an_empty_queue_says_so(desk):
    assert "Nothing stands here" in text_of(desk.get(QUEUE))


@pytest.mark.once
def test_sixty_requests_take_as_many_queries_as_three_and_fewer_than_twenty(
    desk, reviewer, django_assert_max_num_queries
):
    for number in range(60):
        request = submitted_request(make_user(1000 + number, f"person-{number}"))
        services.begin_review(request_id=request.pk)
        if number % 3 == 0:
            services.assign(by=reviewer, request_id=request.pk, to=reviewer)
    with django_assert_max_num_queries(19):
        assert len(listed(desk.get(QUEUE))) == 50
