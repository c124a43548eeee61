"""What is called otherwise, or is gone, before a freeze: names get their last day, silence changes nothing."""

import datetime as dt
import json

import pytest
import time_machine

from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.releases import exporting, services
from bigcode_optout.releases.models import Recheck
from tests.releases.builders import planned
from tests.releases.preparing_cases import WHO, outcomes, prepare, rules_of, today

pytestmark = pytest.mark.django_db
Outcome = Recheck.Outcome


def test_a_new_login_is_added_and_the_old_one_gets_its_last_day(everything, owned, sandbox):
    release = planned()
    sandbox.world.rename_account(WHO, "quillon-dune")
    done = prepare(release)
    assert outcomes(done) == {("owner", WHO): Outcome.RENAMED}
    everything.refresh_from_db()
    assert everything.state == "accepted"
    rules = rules_of(release)
    assert {rule for rule in rules if rule[0] == "owner"} == {
        ("owner", "quillon-dune", None, None),
        ("owner", WHO, None, today()),
    }
    assert ("repository", f"quillon-dune/{owned[0].name}", owned[0].id, None) in rules


def test_the_export_has_the_further_name_and_the_last_day_of_the_old_one(everything, sandbox, tmp_path):
    release = planned("v3.1")
    services.freeze(release_id=release.pk, by=None)
    later = planned("v3.2")
    sandbox.world.rename_account(WHO, "quillon-dune")
    prepare(later)
    services.freeze(release_id=later.pk, by=None)
    later.refresh_from_db()
    exporting.export(release=later, format="jsonl", by=None, output=tmp_path / "out")
    lines = (tmp_path / "out" / "data" / "exclusions.jsonl").read_text().splitlines()
    owners = [row for row in map(json.loads, lines) if row["kind"] == "owner"]
    assert {(row["name"], row["name_valid_until"], row["since_release"]) for row in owners} == {
        ("quillon-dune", None, "v3.2"),
        (WHO, today().isoformat(), "v3.1"),
    }


def test_each_login_of_a_standing_owner_stays_on_the_list_until_the_last_day_it_was_seen(everything, sandbox):
    start = clock.now()
    services.freeze(release_id=prepare(planned("v3.1")).release_id, by=None)
    was = WHO
    for months, login in ((6, "quillon-dune"), (12, "quillon-fen")):
        with time_machine.travel(start + dt.timedelta(days=30 * months), tick=False):
            sandbox.world.rename_account(was, login)
            release, was = planned(f"v3.{months}"), login
            prepare(release)
            names = {rule[1]: rule[3] for rule in rules_of(release) if rule[0] == "owner"}
    assert names == {
        "quillon-fen": None,
        "quillon-dune": (start + dt.timedelta(days=180)).date(),
        WHO: start.date(),
    }


def test_a_login_that_was_left_and_taken_by_somebody_else_ends_and_is_no_contradiction(everything, sandbox):
    release = planned()
    sandbox.world.rename_account(WHO, "quillon-dune")
    sandbox.world.add_account(WHO, id=88_000_001, created_at="2026-10-01T00:00:00Z")
    prepare(release)
    owners = {rule[1:] for rule in rules_of(release) if rule[0] == "owner"}
    assert owners == {("quillon-dune", None, None), (WHO, None, today())}
    assert not everything.events.filter(code="contradict").exists()


def test_the_login_of_an_account_that_is_gone_ends_also_when_somebody_else_has_it(everything, owned, sandbox):
    release = planned()
    sandbox.world.replace_account(WHO, id=88_000_002, created_at="2026-10-01T00:00:00Z")
    done = prepare(release)
    found = outcomes(done)
    assert found.pop(("owner", WHO)) == Outcome.GONE
    assert set(found.values()) == {Outcome.GONE} and len(found) == len(owned)
    everything.refresh_from_db()
    assert everything.state == "accepted"
    rules = rules_of(release)
    assert {rule for rule in rules if rule[0] == "owner"} == {("owner", WHO, None, today())}
    assert {rule[2] for rule in rules if rule[0] == "repository"} == {one.id for one in owned}


def test_an_account_that_comes_back_has_its_login_again(everything, sandbox):
    sandbox.faults.add("/user/[0-9]+$", "not_found")
    release = planned()
    assert outcomes(prepare(release))["owner", WHO] == Outcome.GONE
    prepare(release)
    owners = {rule[1:] for rule in rules_of(release) if rule[0] == "owner"}
    assert owners == {(WHO, None, None)}


def test_a_deleted_repository_changes_nothing(everything, owned, sandbox):
    release = planned()
    sandbox.world.delete_repository(f"{WHO}/{owned[0].name}")
    done = prepare(release)
    assert outcomes(done)["repository", f"{WHO}/{owned[0].name}"] == Outcome.GONE
    everything.refresh_from_db()
    assert everything.state == "accepted"
    assert RepositoryFact.objects.get(repository_id=owned[0].id, full_name_key="").owner_id
    assert owned[0].id in {rule[2] for rule in rules_of(release)}


def test_a_renamed_single_repository_is_listed_under_both_names(single, owned, sandbox):
    release, number, name = planned(), owned[0].id, f"{WHO}/{owned[0].name}"
    sandbox.world.rename_repository(name, "another-name")
    prepare(release)
    assert rules_of(release) == {
        ("repository", f"{WHO}/another-name", number, None),
        ("repository", name, number, today()),
    }
