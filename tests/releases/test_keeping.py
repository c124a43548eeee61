"""What stood on the list before stays on the next one, or the freeze says what would be lost."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.releases import services
from bigcode_optout.releases.models import Exclusion, Release
from bigcode_optout.removals import services as removals
from bigcode_optout.removals import triggers
from bigcode_optout.removals.models import Decision, LocatedRepository, RemovalRequest, ScopeItem
from tests.builders import make_index, make_user
from tests.releases.builders import accepted_request, frozen, planned

pytestmark = pytest.mark.django_db


def names_in(release):
    return sorted((one.kind, one.name, one.repo_id) for one in release.exclusions.all())


def expect_refused_freeze(match):
    release = planned("v3.2")
    with pytest.raises(Conflict, match=match):
        services.freeze(release_id=release.pk, by=None)
    assert Release.objects.get(name="v3.2").state == "open"
    assert not Exclusion.objects.filter(release=release).exists()


def test_a_part_that_was_lost_stops_the_freeze_which_says_what(index):
    request = accepted_request(make_user(), ("otter-quay/kelp", "otter-quay/reef"))
    frozen("v3.1")
    lost = request.items.get(name="otter-quay/reef")
    with triggers.lifted():
        lost.exclusions.clear()
    ScopeItem.objects.filter(pk=lost.pk).update(state=ScopeItem.ItemState.OPEN)
    expect_refused_freeze(r"list for v3\.1 excludes .* nobody withdrew it: repository otter-quay/reef")


def test_a_part_that_is_declined_without_any_decision_stops_it_too(index):
    request = accepted_request(make_user())
    frozen("v3.1")
    request.items.update(state=ScopeItem.ItemState.DECLINED)
    expect_refused_freeze("owner otter-quay")


def test_a_request_that_is_reset_behind_the_table_stops_it_too(index):
    request = accepted_request(make_user())
    frozen("v3.1")
    RemovalRequest.objects.filter(pk=request.pk).update(state="draft")
    expect_refused_freeze("owner otter-quay")


def test_many_lost_ones_are_named_up_to_ten_and_counted(index):
    names = tuple(f"otter-quay/r{number:02}" for number in range(13))
    request = accepted_request(make_user(), names)
    frozen("v3.1")
    request.items.update(state=ScopeItem.ItemState.OPEN)
    expect_refused_freeze("otter-quay/r09 and 3 more")


def test_what_its_requester_opted_back_in_goes(index):
    user = make_user()
    request = accepted_request(user)
    frozen("v3.1")
    removals.opt_back_in(by=user, request_id=request.pk)
    assert names_in(frozen("v3.2")) == []


def test_one_of_two_over_a_name_goes_and_the_rest_of_the_rule_stays_as_the_other_asked(index):
    first, second = make_user(), make_user(502, "tern-hollow")
    mine, theirs = accepted_request(first), accepted_request(second)
    theirs.items.update(name="otter-quay", name_key="otter-quay", owner_id=501, commits=False, issues=False)
    frozen("v3.1")
    removals.opt_back_in(by=first, request_id=mine.pk)
    [rule] = frozen("v3.2").exclusions.all()
    assert (rule.name, rule.files, rule.commits, rule.issues) == ("otter-quay", True, False, False)
    assert rule.name_valid_until is None


def test_a_number_that_nothing_leads_to_any_more_is_carried_over(index):
    fact = RepositoryFact.objects.create(
        full_name_key="",
        repository_id=9001,
        owner_id=501,
        full_name="otter-quay/kelp",
        learned_at=clock.now(),
    )
    accepted_request(make_user())
    frozen("v3.1")
    fact.delete()
    later = frozen("v3.2")
    assert names_in(later) == [("owner", "otter-quay", None), ("repository", "otter-quay/kelp", 9001)]
    assert {one.since_release for one in later.exclusions.all()} == {"v3.1"}
    assert all(one.items.exists() for one in later.exclusions.all())


def test_a_login_that_nothing_leads_to_any_more_counts_until_the_day_of_the_list_before(index):
    request = accepted_request(make_user())
    with time_machine.travel(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)):
        frozen("v3.1")
    with triggers.lifted():
        Exclusion.objects.update(name="otter-pool", name_key="otter-pool")
    rules = {one.name: one.name_valid_until for one in frozen("v3.2").exclusions.all()}
    assert rules == {"otter-quay": None, "otter-pool": dt.date(2026, 11, 1)}
    assert request.items.get().exclusions.count() == 3


@pytest.fixture
def given_away(index, tmp_path):
    """A repository on the list beside its owner, which GitHub says is another owner's by now."""
    fact = RepositoryFact.objects.create(
        full_name_key="",
        repository_id=9001,
        owner_id=501,
        full_name="otter-quay/kelp",
        learned_at=clock.now(),
    )
    request = accepted_request(make_user())
    frozen("v3.1")
    RepositoryFact.objects.filter(pk=fact.pk).update(owner_id=777, full_name="somebody/kelp")
    return request


def test_what_went_to_another_owner_and_stands_in_no_version_is_theirs_to_decide(given_away):
    assert names_in(frozen("v3.2")) == [("owner", "otter-quay", None)]


def test_what_went_to_another_owner_and_stands_in_a_version_waits_for_a_reviewer(given_away, tmp_path):
    make_index(tmp_path, [("otter-quay/kelp", 9001, 5)], version="v2.2")
    item = given_away.items.get()
    run = given_away.locate_runs.first()
    LocatedRepository.objects.create(
        run=run,
        item=item,
        full_name="otter-quay/kelp",
        repository_id=9001,
        file_count=1,
        byte_count=5,
        by_name=True,
        by_repository_id=True,
    )
    expect_refused_freeze(f"a reviewer has to decide first: {given_away.reference}")
    part = ScopeItem.objects.create(
        request=given_away,
        claim=item.claim,
        kind="repository",
        name="otter-quay/kelp",
        owner_id=501,
        repository_id=9001,
        state=ScopeItem.ItemState.DECLINED,
    )
    Decision.objects.create(
        item=part,
        verdict="decline",
        reason="insufficient_proof",
        sentence="It is theirs.",
        rule="x",
        decided_at=clock.now(),
    )
    release = Release.objects.get(name="v3.2")
    assert names_in(services.freeze(release_id=release.pk, by=None)) == [("owner", "otter-quay", None)]
