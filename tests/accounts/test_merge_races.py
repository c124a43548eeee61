"""Merges beside each other and beside other work, on two real connections of PostgreSQL."""

import pytest
from django.db import connection

from bigcode_optout.accounts.merging import merge_people
from bigcode_optout.accounts.models import GitHubIdentity, PersonMerge
from bigcode_optout.removals import merging, services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import make_draft, make_user, reviewed_by_person, submitted_request
from tests.removals.test_races import at_once, errors

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _two_connections():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; runs with DATABASE_URL")


@pytest.fixture
def pair():
    return make_user(501, "otter-quay"), make_user(502, "tern-hollow")


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_merges_into_each_other_one_happens(pair, attempt):
    one, two = pair
    submitted_request(one)
    submitted_request(two)
    results = at_once(
        lambda: merge_people(by=one, source_id=two.pk, github_id=502),
        lambda: merge_people(by=two, source_id=one.pk, github_id=501),
    )
    assert len(errors(results)) == 1
    merge = PersonMerge.objects.get()
    assert set(GitHubIdentity.objects.values_list("user", flat=True)) == {merge.target_id}
    assert set(RemovalRequest.objects.values_list("requester", flat=True)) == {merge.target_id}


def test_the_same_yes_pressed_twice_is_one_merge(pair):
    one, two = pair
    results = at_once(*[lambda: merge_people(by=one, source_id=two.pk, github_id=502)] * 2)
    assert len(errors(results)) == 1
    assert PersonMerge.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_request_that_a_worker_hands_to_review_meanwhile_moves_all_the_same(pair, attempt):
    one, two = pair
    request = submitted_request(two)
    results = at_once(
        lambda: merge_people(by=one, source_id=two.pk, github_id=502),
        lambda: services.begin_review(request_id=request.pk),
    )
    assert errors(results) == []
    request.refresh_from_db()
    assert (request.requester, request.state) == (one, "in_review")
    assert [event.number for event in request.events.all()] == [1, 2, 3]


@pytest.mark.parametrize("attempt", range(3))
def test_a_draft_that_is_sent_meanwhile_is_sent_once_and_belongs_to_one_person(pair, attempt):
    one, two = pair
    draft = make_draft(two)
    at_once(
        lambda: merge_people(by=one, source_id=two.pk, github_id=502),
        lambda: services.submit(by=two, draft_id=draft.pk),
    )
    draft.refresh_from_db()
    assert draft.requester == one
    assert draft.state in ("draft", "submitted")


@pytest.mark.parametrize("attempt", range(3))
def test_a_duplicate_is_never_merged_into_a_request_that_is_withdrawn_meanwhile(attempt):
    user = make_user()
    elder = reviewed_by_person(user)
    request = submitted_request(user)
    at_once(
        lambda: merging.merge_duplicate(request_id=request.pk),
        lambda: services.withdraw(by=user, request_id=elder.pk),
    )
    request.refresh_from_db()
    elder.refresh_from_db()
    assert (elder.state, request.state, request.merged_into) == ("withdrawn", "submitted", None)
