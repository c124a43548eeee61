"""Public facts are read again before a freeze: by rows, once each, within GitHub's limits, by any worker."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings

from bigcode_optout.accounts.github_models import GitHubAllowance
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden
from bigcode_optout.releases import preparing, readiness, services, tasks
from bigcode_optout.releases.models import Preparation, Recheck
from tests.builders import (
    make_release_manager,
    make_reviewer,
    processed_request,
)
from tests.releases.builders import planned
from tests.releases.preparing_cases import WHO, asked, outcomes, prepare, rules_of

pytestmark = pytest.mark.django_db
Outcome = Recheck.Outcome


def test_when_nothing_changed_nothing_happens(everything, owned):
    done = prepare(planned())
    assert done.finished_at is not None
    assert outcomes(done) == {("owner", WHO): Outcome.SAME}
    assert not everything.events.filter(code="contradict").exists()
    assert readiness.warning(done.release) == ""


def test_a_part_without_any_number_is_counted_and_not_asked_about(everything):
    everything.items.update(owner_id=None)
    done = prepare(planned())
    assert (done.unasked_count, done.rechecks.count()) == (1, 0)
    assert done.finished_at is not None


def test_github_down_half_way_keeps_what_was_answered_and_goes_on_later(everything, owned, sandbox):
    for one in owned:
        sandbox.world.delete_repository(f"{WHO}/{one.name}")
    sandbox.faults.add("/repositories/", "server_error", after=1, times=None)
    release = planned()
    stopped = prepare(release)
    assert stopped.finished_at is None and stopped.problem == "unavailable"
    assert stopped.next_attempt_at > clock.now() and preparing.due() == []
    answered = stopped.rechecks.exclude(outcome="").count()
    assert answered == 2
    assert "has not ended: 2 of" in readiness.warning(release)
    sandbox.faults.clear()
    sandbox.requests.clear()
    with time_machine.travel(stopped.next_attempt_at + dt.timedelta(seconds=1)):
        assert preparing.due() == [stopped.pk]
        done = prepare(release)
    assert done.finished_at is not None
    assert asked(sandbox, "/repositories/") == len(owned) - 1
    assert asked(sandbox, "/user/") == 0


def test_when_github_is_silent_for_a_day_it_ends_and_says_so_and_nothing_changed(everything, sandbox):
    sandbox.faults.add("/api/v3/", "server_error", times=None)
    release = planned()
    first = prepare(release)
    later = first.started_at + dt.timedelta(seconds=settings.GITHUB_PATIENCE_SECONDS + 60)
    with time_machine.travel(later):
        done = prepare(release)
    assert done.finished_at is not None
    assert outcomes(done) == {("owner", WHO): Outcome.SILENT}
    everything.refresh_from_db()
    assert everything.state == "accepted"
    assert {rule[1:] for rule in rules_of(release) if rule[0] == "owner"} == {(WHO, None, None)}


def test_one_question_that_is_never_answered_does_not_hold_up_the_others(everything, owned, sandbox):
    for one in owned:
        sandbox.world.delete_repository(f"{WHO}/{one.name}")
    sandbox.faults.add(f"/repositories/{owned[0].id}$", "not_json", times=None)
    release = planned()
    at = prepare(release)
    for _ in range(settings.PREPARE_TRIES):
        with time_machine.travel(at.next_attempt_at + dt.timedelta(seconds=1)):
            at = prepare(release)
        if at.finished_at:
            break
    found = outcomes(at)
    assert found["repository", f"{WHO}/{owned[0].name}"] == Outcome.SILENT
    assert list(found.values()).count(Outcome.SILENT) == 1


def test_the_hours_limit_puts_it_back_until_the_hour_ends(everything, sandbox):
    sandbox.faults.add("/user/", "primary_limit", seconds=600)
    stopped = prepare(planned())
    left = stopped.next_attempt_at - clock.now()
    assert dt.timedelta(seconds=590) < left < dt.timedelta(seconds=610)
    assert stopped.rechecks.get().try_count == 0
    sandbox.requests.clear()
    tasks.prepare(stopped.pk)
    assert sandbox.requests.rows() == []


def test_the_shared_budget_is_honoured_without_asking(everything, sandbox):
    GitHubAllowance.objects.update(remaining=0, reset_at=clock.now() + dt.timedelta(minutes=20))
    sandbox.requests.clear()
    stopped = prepare(planned())
    assert sandbox.requests.rows() == [] and stopped.problem == "rate_limited"
    assert stopped.next_attempt_at > clock.now() + dt.timedelta(minutes=19)


def test_a_killed_worker_is_followed_by_another_and_writes_nothing_any_more(everything, owned, sandbox):
    release = planned()
    dead = preparing.begin(release_id=release.pk, by=None)
    taken = preparing._take(dead.pk)
    assert preparing.due() == []
    with time_machine.travel(clock.now() + dt.timedelta(seconds=settings.PREPARE_LEASE_SECONDS + 1)):
        assert preparing.due() == [dead.pk]
        done = prepare(release)
    assert done.finished_at is not None
    with pytest.raises(Conflict, match="Another worker"):
        preparing._finish(taken)


def test_what_is_asked_for_twice_is_asked_about_once(single, owned, sandbox):
    assert processed_request(single.requester).state == "accepted"
    sandbox.requests.clear()
    done = prepare(planned())
    assert done.rechecks.count() == 2
    assert (asked(sandbox, "/user/"), asked(sandbox, f"/repositories/{owned[0].id}")) == (1, 1)


def test_running_again_after_the_end_does_nothing(everything, sandbox):
    done = prepare(planned())
    sandbox.requests.clear()
    tasks.prepare(done.pk)
    tasks.sweep_preparations()
    assert sandbox.requests.rows() == []


def test_one_preparation_at_a_time_and_none_after_the_freeze(everything):
    release = planned()
    preparing.begin(release_id=release.pk, by=None)
    with pytest.raises(Conflict, match="being prepared already"):
        preparing.begin(release_id=release.pk, by=None)
    services.freeze(release_id=release.pk, by=None)
    with pytest.raises(Conflict, match="does not change"):
        preparing.begin(release_id=release.pk, by=None)


def test_only_a_release_manager_prepares(everything):
    release = planned()
    with pytest.raises(Forbidden):
        preparing.begin(release_id=release.pk, by=make_reviewer())
    preparing.begin(release_id=release.pk, by=make_release_manager())
    assert Preparation.objects.get().started_by.username == "j.amadi"


def test_facts_grow_old(everything, settings):
    done = prepare(planned())
    with time_machine.travel(clock.now() + dt.timedelta(days=8)):
        assert "was prepared 8 days ago" in readiness.warning(done.release)
    settings.PREPARATION_DAYS = 10
    with time_machine.travel(clock.now() + dt.timedelta(days=8)):
        assert readiness.warning(done.release) == ""
