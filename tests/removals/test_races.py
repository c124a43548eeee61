"""Two people at the same moment, on two real connections of PostgreSQL: one wins, the other is told."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from bigcode_optout.core.errors import DomainError
from bigcode_optout.releases import services as releases
from bigcode_optout.releases.models import Exclusion
from bigcode_optout.removals import locating, services, two_people
from bigcode_optout.removals.models import Decision, Proposal, RemovalRequest
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import (
    make_draft,
    make_reviewer,
    make_user,
    reviewed_by_person,
    submitted_request,
    the_stack,
)
from tests.two_reviewers import denied_as_abusive

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _two_connections():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; runs with DATABASE_URL")


@pytest.fixture(autouse=True)
def _groups(transactional_db):
    """A flushed database has lost the groups that the migrations made."""
    from django.apps import apps
    from django.db.models.signals import post_migrate

    for config in apps.get_app_configs():
        post_migrate.send(sender=config, app_config=config, verbosity=0, interactive=False, using="default")


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; give each one's result or domain error."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            start.wait(timeout=5)
            results[place] = call()
        except DomainError as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()
    return results


def errors(results: list[object]) -> list[DomainError]:
    return [result for result in results if isinstance(result, DomainError)]


def test_of_two_reviewers_one_decides_and_the_other_is_told():
    one, two = make_reviewer("one"), make_reviewer("two")
    request = reviewed_by_person(make_user())
    item = request.items.get()
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    decline = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)
    results = at_once(
        lambda: services.decide(by=one, request_id=request.pk, verdicts={item.pk: accept}),
        lambda: services.decide(by=two, request_id=request.pk, verdicts={item.pk: decline}),
    )
    assert [error.status for error in errors(results)] == [409]
    assert item.decisions.count() == 1


def test_of_two_who_confirm_one_proposal_one_decides_and_the_other_is_told():
    request = reviewed_by_person(make_user())
    proposal = denied_as_abusive(request, make_reviewer("one"))
    others = [make_reviewer("two"), make_reviewer("three")]
    confirming = [
        lambda by=by: two_people.confirm(by=by, request_id=request.pk, proposal_id=proposal.pk)
        for by in others
    ]
    results = at_once(*confirming)
    assert [error.code for error in errors(results)] == ["proposal_closed"]
    assert request.items.get().decisions.get().confirmed_by in others


def test_a_confirmation_beside_a_refusal_either_decides_or_does_not():
    request = reviewed_by_person(make_user())
    proposal = denied_as_abusive(request, make_reviewer("one"))
    two, three = make_reviewer("two"), make_reviewer("three")
    given = {"request_id": request.pk, "proposal_id": proposal.pk}
    results = at_once(
        lambda: two_people.confirm(by=two, **given),
        lambda: two_people.refuse(by=three, reason="No.", **given),
    )
    assert [error.code for error in errors(results)] == ["proposal_closed"]
    request.refresh_from_db()
    proposal.refresh_from_db()
    assert (request.state, proposal.state) in {("denied", "confirmed"), ("in_review", "refused")}


def test_two_who_propose_at_once_leave_one_proposal():
    request = reviewed_by_person(make_user())
    one, two = make_reviewer("one"), make_reviewer("two")
    results = at_once(lambda: denied_as_abusive(request, one), lambda: denied_as_abusive(request, two))
    assert [error.code for error in errors(results)] == ["proposed_already"]
    assert Proposal.objects.count() == 1


def test_a_draft_that_is_sent_twice_is_one_request():
    user = make_user()
    draft = make_draft(user)
    results = at_once(*[lambda: services.submit(by=user, draft_id=draft.pk)] * 2)
    assert len(errors(results)) == 1
    assert RemovalRequest.objects.get().events.count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_a_withdrawal_beside_the_freeze_either_comes_in_time_or_is_refused(attempt):
    user, reviewer = make_user(), make_reviewer()
    request = reviewed_by_person(user)
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    services.decide(by=reviewer, request_id=request.pk, verdicts={request.items.get().pk: accept})
    release = releases.plan(dataset=the_stack(), name="v3.1")
    results = at_once(
        lambda: services.withdraw(by=user, request_id=request.pk),
        lambda: releases.freeze(release_id=release.pk, by=None),
    )
    request.refresh_from_db()
    stands = Exclusion.objects.filter(release=release).exists()
    if errors(results):
        assert (request.state, stands) == ("accepted", True)
    else:
        assert (request.state, stands) == ("withdrawn", False)


def test_of_many_workers_one_takes_the_request():
    request = submitted_request(make_user())
    results = at_once(*[lambda: locating.take(request.pk)] * 6)
    assert sum(result is not None for result in results) == 1


def test_events_written_at_once_get_different_numbers():
    request = reviewed_by_person(make_user())
    reviewers = [make_reviewer(name) for name in ("one", "two", "three")]
    at_once(
        *[
            lambda by=reviewer: services.add_note(by=by, request_id=request.pk, text="seen")
            for reviewer in reviewers
        ]
    )
    assert [event.number for event in request.events.all()] == [1, 2, 3, 4, 5]
