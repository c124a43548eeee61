"""What a listing says is kept in a few statements, however long it is; a later word takes the place of an earlier."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine

from bigcode_optout.claims.fact_keeping import keep_fact, keep_facts
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.githubapi import Repository

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def listed(sandbox) -> list[Repository]:
    """What GitHub says of an account's repositories."""
    from bigcode_optout.accounts.github import client

    return list(client().owner_repositories("quillon-marsh", kind="User"))


def facts() -> dict[tuple[str, int | None], RepositoryFact]:
    return {(fact.full_name_key, fact.repository_id): fact for fact in RepositoryFact.objects.all()}


def test_each_repository_is_kept_under_its_name_and_under_its_number(listed):
    keep_facts(listed)
    assert len(facts()) == 2 * len(listed)
    one = listed[0]
    for key in (one.full_name.lower(), ""):
        fact = facts()[key, one.id]
        assert (fact.owner_id, fact.full_name, fact.is_fork) == (one.owner_id, one.full_name, one.is_fork)


def test_it_is_the_same_as_keeping_them_one_by_one(listed):
    with time_machine.travel(FIRST, tick=False):
        keep_facts(listed)
        together = {key: (fact.owner_login, fact.learned_at) for key, fact in facts().items()}
        RepositoryFact.objects.all().delete()
        for one in listed:
            keep_fact(asked_for=one.full_name, repository=one)
            keep_fact(asked_for="", repository=one)
    assert together == {key: (fact.owner_login, fact.learned_at) for key, fact in facts().items()}


def test_the_same_again_gets_its_new_time_and_something_else_is_written_over(listed):
    moved = replace(listed[0], owner_id=77, owner_login="somebody-else")
    with time_machine.travel(FIRST, tick=False):
        keep_facts(listed)
        keep_fact(asked_for="", repository=None, repository_id=listed[1].id)
    later = FIRST + dt.timedelta(days=1)
    with time_machine.travel(later, tick=False):
        keep_facts([moved, *listed[1:]])
    assert len(facts()) == 2 * len(listed)
    assert {fact.learned_at for fact in facts().values()} == {later}
    assert facts()["", moved.id].owner_id == 77
    assert facts()["", listed[1].id].owner_id == listed[1].owner_id


def test_a_repository_that_stands_on_two_pages_is_kept_once(listed):
    keep_facts([*listed, listed[0]])
    assert len(facts()) == 2 * len(listed)


def test_a_long_listing_takes_no_more_statements_than_a_short_one(listed, django_assert_max_num_queries):
    many = [
        replace(listed[0], id=5_000_000 + number, full_name=f"quillon-marsh/made-{number}")
        for number in range(200)
    ]
    # SQLite takes some hundred values in one statement.
    with django_assert_max_num_queries(12):
        keep_facts(many)
    with django_assert_max_num_queries(12):
        keep_facts(many)
