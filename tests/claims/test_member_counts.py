"""How many members an organisation has: counted in the call-back or in public, kept as a figure with its time."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims import member_counts
from bigcode_optout.claims.member_counts import Members
from bigcode_optout.claims.models import MemberCount
from bigcode_optout.core import clock
from bigcode_optout.githubapi import RateLimited
from tests.builders import count_members
from tests.claims.test_steps import prove

pytestmark = pytest.mark.django_db
LANTERNFISH = 43207718


def members_of(organisation_id, large_from=50):
    return member_counts.members_of(organisation_id, large_from=large_from)


def kept():
    return list(MemberCount.objects.order_by("pk").values_list("organisation_id", "is_whole", "count"))


def test_an_owner_who_comes_back_from_github_has_them_counted(sandbox):
    prove(sandbox, "idris-calloway", "openlanternfish", scopes="read:org")
    assert kept() == [(LANTERNFISH, True, 100)]
    assert members_of(LANTERNFISH) is Members.MANY


def test_few_members_are_known_to_be_few_only_when_a_member_asked(sandbox):
    prove(sandbox, "wren-abernathy", "norrvik-instruments", scopes="read:org")
    assert kept() == [(8125530, True, 3)]
    assert members_of(8125530) is Members.FEW


def test_few_members_in_public_say_nothing_and_many_say_enough(sandbox):
    member_counts.count_in_public(organisation_id=LANTERNFISH, login="openlanternfish")
    assert kept() == [(LANTERNFISH, False, 2)]
    assert members_of(LANTERNFISH) is Members.UNKNOWN
    assert members_of(LANTERNFISH, large_from=2) is Members.MANY


def test_what_was_counted_long_ago_is_not_known_any_more():
    count_members(LANTERNFISH, 3)
    assert members_of(LANTERNFISH) is Members.FEW
    with time_machine.travel(clock.now() + dt.timedelta(days=31)):
        assert members_of(LANTERNFISH) is Members.UNKNOWN
        assert not member_counts.is_counted(LANTERNFISH)


def test_several_organisations_are_read_at_once(django_assert_num_queries):
    count_members(1, 3)
    count_members(2, 300, is_whole=False)
    count_members(2, 3)
    with django_assert_num_queries(1):
        found = member_counts.members_of_each([1, 2, 3], large_from=50)
    assert found == {1: Members.FEW, 2: Members.MANY, 3: Members.UNKNOWN}


@pytest.mark.parametrize(
    "kind", ["server_error", "not_json", "primary_limit", "redirect_loop", "unauthorized"]
)
def test_when_github_does_not_say_who_belongs_to_it_the_role_stands_and_the_size_is_unknown(sandbox, kind):
    sandbox.faults.add(r"/orgs/norrvik-instruments/members", kind, times=None)
    _, sentence = prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org")
    assert sentence == "GitHub says you are an owner of norrvik-instruments."
    assert kept() == []
    assert members_of(8125530) is Members.UNKNOWN


def test_a_limit_in_a_task_is_told_to_the_task(sandbox):
    sandbox.faults.add("/public_members", "secondary_limit")
    with pytest.raises(RateLimited):
        member_counts.count_in_public(organisation_id=LANTERNFISH, login="openlanternfish")
    assert kept() == []
