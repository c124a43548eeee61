"""The policy: switches, thresholds, a stop for everything; each change with its reason."""

from dataclasses import replace

import pytest

from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.removals import automatic, tasks, triage
from bigcode_optout.removals.models import PolicyChange
from bigcode_optout.removals.policy_trial import try_out
from tests.builders import make_index, make_persona, make_reviewer, submitted_request


@pytest.fixture
def senior(django_user_model, db):
    return django_user_model.objects.create_superuser("boss", password="a long pass phrase")


@pytest.fixture
def asked(db, sandbox, tmp_path):
    """A request for an own account, waiting for the worker."""
    world = sandbox.world
    owned = world.repositories_of(world.account("quillon-marsh").id)
    make_index(tmp_path, [(f"quillon-marsh/{one.name}", one.id, 10) for one in owned])
    return submitted_request(make_persona(sandbox, "quillon-marsh"))


def set_policy(by, reason="It is the holidays.", **changes):
    return automatic.change(by=by, policy=replace(automatic.current(), **changes), reason=reason)


def processed(request):
    tasks.process(request.pk)
    request.refresh_from_db()
    return request


def test_until_somebody_sets_it_the_settings_hold(db, settings):
    settings.POLICY_ACCEPTS = {**settings.POLICY_ACCEPTS, "account": False}
    policy = automatic.current()
    assert (policy.number, policy.accepts_kind("account"), policy.accepts_kind("repository")) == (
        0,
        False,
        True,
    )
    assert policy.large_from_repositories == settings.LARGE_ORGANISATION_REPOSITORIES


def test_a_proven_account_is_accepted_and_the_event_names_the_policy(asked, senior):
    change = set_policy(senior, large_from_repositories=70)
    assert processed(asked).state == "accepted"
    assert asked.events.get(code="accept").data["policy"] == change.pk


def test_a_kind_that_is_switched_off_waits_for_a_person(asked, senior):
    set_policy(senior, accepts={**automatic.current().accepts, "account": False})
    assert processed(asked).state == "in_review"


def test_the_stop_sends_everything_to_the_queue_until_it_is_lifted(asked, senior):
    set_policy(senior, is_stopped=True)
    assert processed(asked).state == "in_review"
    set_policy(senior, is_stopped=False)
    assert automatic.current().accepts_kind("account")


def test_a_stop_that_came_after_the_rules_were_read_still_stops(asked, senior, monkeypatch):
    judge = triage.acceptance.allowed_by_rule

    def stopped_meanwhile(*arguments):
        rules = judge(*arguments)
        assert rules
        set_policy(senior, is_stopped=True)
        return rules

    monkeypatch.setattr(triage.acceptance, "allowed_by_rule", stopped_meanwhile)
    assert processed(asked).state == "in_review"


def test_every_change_stays_with_who_and_why(senior):
    set_policy(senior, "A first reason.", large_from_members=20)
    set_policy(senior, "A second one.", large_from_members=30)
    assert [(row.large_from_members, row.reason, row.changed_by) for row in PolicyChange.objects.all()] == [
        (30, "A second one.", senior),
        (20, "A first reason.", senior),
    ]


def test_a_reviewer_cannot_set_it(db):
    with pytest.raises(Forbidden):
        set_policy(make_reviewer(), is_stopped=True)
    assert not PolicyChange.objects.exists()


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (" ", {"is_stopped": True}),
        ("No change.", {}),
        ("Too few.", {"large_from_members": 1}),
        ("Nobody counts so far.", {"large_from_members": 101}),
        ("None.", {"large_from_repositories": 0}),
    ],
)
def test_what_makes_no_sense_is_refused(senior, reason, changes):
    with pytest.raises(Refused):
        set_policy(senior, reason, **changes)
    assert not PolicyChange.objects.exists()


def test_of_two_who_change_it_at_once_the_second_is_told(senior):
    seen = automatic.current()
    set_policy(senior, is_stopped=True)
    with pytest.raises(Conflict):
        automatic.change(
            by=senior, policy=replace(seen, large_from_members=9), reason="On top of what I saw."
        )
    assert automatic.current().is_stopped


def test_a_trial_says_what_would_have_gone_another_way_and_changes_nothing(asked):
    processed(asked)
    before = automatic.current()
    off = replace(before, accepts={**before.accepts, "account": False})
    trial = try_out(before, off)
    assert (trial.judged_count, trial.accepted_now, trial.accepted_then) == (1, 1, 0)
    assert [outcome.request for outcome in trial.changed] == [asked]
    asked.refresh_from_db()
    assert asked.state == "accepted"
    assert try_out(before, before).changed == []


def test_a_kind_that_was_switched_off_after_the_rules_were_read_waits_as_well(asked, senior, monkeypatch):
    judge = triage.acceptance.allowed_by_rule

    def switched_off_meanwhile(*arguments):
        rules = judge(*arguments)
        assert rules
        set_policy(senior, accepts={**automatic.current().accepts, "account": False})
        return rules

    monkeypatch.setattr(triage.acceptance, "allowed_by_rule", switched_off_meanwhile)
    assert processed(asked).state == "in_review"
