"""From received to decided or queued: the index and GitHub (the stand-in) are real."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.catalog.indexes import folder_of
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.removals import locating, services, tasks
from bigcode_optout.removals.models import LocatedRepository
from tests.builders import make_index, make_persona, processed_request, submitted_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(tmp_path, sandbox):
    """What the stand-in's quillon-marsh has, twice under other letters, and a version without numbers."""
    world = sandbox.world
    owned = world.repositories_of(world.account("quillon-marsh").id)
    rows = [(f"quillon-marsh/{one.name}", one.id, 100) for one in owned]
    rows[0] = (rows[0][0].upper(), rows[0][1], 100)
    make_index(tmp_path, rows)
    make_index(tmp_path, [(name, None, size) for name, _, size in rows[:5]], version="v2.0")


def test_everything_under_the_own_account_is_found_in_any_spelling_and_accepted_by_rule(index, sandbox):
    request = processed_request(make_persona(sandbox, "quillon-marsh"))
    assert request.state == "accepted"
    item = request.items.get()
    assert (item.state, item.decisions.get().rule, item.decisions.get().decided_by) == (
        "accepted",
        "own_account",
        None,
    )
    counts = {run.version.name: run.repository_count for run in request.locate_runs.all()}
    assert counts == {"v2.1": 14, "v2.0": 5}
    assert [event.code for event in request.events.all()] == ["submit", "begin_review", "accept"]


def test_a_switch_sends_the_kind_to_the_queue(index, sandbox, settings):
    settings.POLICY_ACCEPTS = {**settings.POLICY_ACCEPTS, "account": False}
    request = processed_request(make_persona(sandbox, "quillon-marsh"))
    assert (request.state, request.items.get().proof_state) == ("in_review", "proven")


def test_repositories_under_a_former_name_are_found_by_number(tmp_path, sandbox):
    world = sandbox.world
    owned = world.repositories_of(world.account("brindle-fenn").id)
    make_index(tmp_path, [(f"fennwick/{one.name}", one.id, 10) for one in owned])
    request = processed_request(make_persona(sandbox, "brindle-fenn"))
    assert request.state == "accepted"
    located = LocatedRepository.objects.filter(run__request=request)
    assert {(row.by_name, row.by_repository_id) for row in located} == {(False, True)}
    assert located.count() == len(owned)


def test_a_name_taker_waits_for_a_person(tmp_path, sandbox):
    make_index(tmp_path, [("larkspur-dev/garden", None, 10)])
    request = processed_request(make_persona(sandbox, "larkspur-dev"))
    assert request.state == "in_review"
    assert "name_taker" in request.items.get().assessment["guards"]


def test_a_repository_that_went_to_somebody_else_waits_for_a_person(tmp_path, sandbox):
    make_index(tmp_path, [("moss-kettering/shared-lab", None, 10)])
    request = processed_request(make_persona(sandbox, "moss-kettering"))
    assert request.state == "in_review"
    assert "other_owner" in request.items.get().assessment["guards"]


def test_what_was_proven_is_accepted_though_another_part_waits(index, tmp_path, sandbox):
    from bigcode_optout.claims.services import make_claim
    from bigcode_optout.names import parse_repository
    from bigcode_optout.removals import drafting
    from bigcode_optout.removals.submission import ScopeChoice, Submission
    from tests.builders import account_claim, the_stack

    user = make_persona(sandbox, "quillon-marsh")
    foreign = make_claim(by=user, name=parse_repository("norrvik-instruments/field-recorder-firmware"))
    own = account_claim(user)
    draft = drafting.choose_scope(
        by=user,
        dataset=the_stack(),
        submission=Submission(
            (ScopeChoice(own.pk, "owner", own.name), ScopeChoice(foreign.pk, "repository", foreign.name))
        ),
    )
    request = services.submit(by=user, draft_id=draft.pk)
    tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "in_review"
    assert {item.kind: item.state for item in request.items.all()} == {
        "owner": "accepted",
        "repository": "open",
    }


def test_an_organisation_that_was_never_asked_about_is_known_by_number_and_still_not_proven(index, sandbox):
    from bigcode_optout.claims.services import make_claim
    from bigcode_optout.names import parse_owner

    user = make_persona(sandbox, "quillon-marsh")
    claim = make_claim(by=user, name=parse_owner("Low-Tide-Club"))
    request = processed_request(user, claim=claim)
    item = request.items.get()
    assert item.owner_id == sandbox.world.account("low-tide-club").id
    assert (request.state, item.proof_state) == ("in_review", "unproven")
    assert item.assessment["guards"] == ["role_not_proven"]


def test_running_twice_changes_nothing_more(index, sandbox):
    request = processed_request(make_persona(sandbox, "quillon-marsh"))
    rows = LocatedRepository.objects.count()
    tasks.process(request.pk)
    assert LocatedRepository.objects.count() == rows
    assert request.events.count() == 3


def test_two_workers_do_not_locate_one_request_at_a_time(index, sandbox):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    assert locating.take(request.pk) is not None
    assert locating.take(request.pk) is None
    assert locating.waiting() == []


def test_a_worker_that_fell_silent_is_replaced(index, sandbox, settings):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    locating.take(request.pk)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=settings.LOCATE_LEASE_SECONDS + 1)
    with time_machine.travel(later):
        assert locating.waiting() == [request.pk]
        tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "accepted"


def test_half_a_search_left_by_a_dead_worker_is_replaced_not_added_to(index, sandbox):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    run = request.locate_runs.get(version__name="v2.1")
    LocatedRepository.objects.create(
        run=run,
        item=request.items.get(),
        full_name="left/over",
        file_count=1,
        byte_count=1,
        by_name=True,
        by_repository_id=False,
    )
    tasks.process(request.pk)
    assert not LocatedRepository.objects.filter(full_name="left/over").exists()


def test_while_github_is_down_the_request_stays_received_and_is_tried_again(index, sandbox):
    user = make_persona(sandbox, "quillon-marsh")
    request = submitted_request(user)
    sandbox.faults.add(path=".*", kind="server_error", times=100)
    tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "submitted"
    assert request.next_attempt_at > dt.datetime.now(dt.UTC)
    assert locating.waiting() == []
    sandbox.faults.clear()
    with time_machine.travel(request.next_attempt_at + dt.timedelta(seconds=1)):
        tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "accepted"


def test_github_says_when_to_come_back_and_we_do_not_come_before(index, sandbox):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add(path=".*", kind="secondary_limit", times=1, seconds=300)
    tasks.process(request.pk)
    request.refresh_from_db()
    assert request.next_attempt_at > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=240)


def test_after_a_day_of_silence_a_person_decides_and_is_told_why(index, sandbox):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add(path=".*", kind="server_error", times=1000)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1, minutes=1)):
        tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "in_review"
    assert "github_silent" in request.items.get().assessment["guards"]
    assert all(run.state == "done" for run in request.locate_runs.all())


def test_an_index_that_broke_is_told_and_never_taken_for_nothing_found(index, sandbox):
    version = DatasetVersion.objects.get(name="v2.0")
    for file in folder_of(version.current_build).rglob("*.parquet"):
        file.write_bytes(file.read_bytes()[:100])
    request = processed_request(make_persona(sandbox, "quillon-marsh"))
    assert request.state == "in_review"
    assert request.locate_runs.get(version=version).state == "failed"
    assert request.locate_runs.get(version=version).failure
    assert "locating_gave_up" in request.items.get().assessment["guards"]


def test_too_many_repositories_to_ask_about_wait_for_a_person(index, sandbox, settings):
    settings.RESOLVE_LIMIT = 3
    sandbox.faults.add(path=r"/users/quillon-marsh/repos", kind="not_found", times=5)
    request = processed_request(make_persona(sandbox, "quillon-marsh"))
    assert request.state == "in_review"
    assert "too_many_to_ask" in request.items.get().assessment["guards"]
    assert not RepositoryFact.objects.exists()


def test_a_withdrawn_request_is_not_located(index, sandbox):
    user = make_persona(sandbox, "quillon-marsh")
    request = submitted_request(user)
    services.withdraw(by=user, request_id=request.pk)
    tasks.process(request.pk)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert not LocatedRepository.objects.exists()


def test_the_sweep_rings_for_everything_that_waits(index, sandbox, monkeypatch):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    rung = []
    monkeypatch.setattr(tasks.process, "apply_async", lambda args, **_: rung.append(args))
    tasks.sweep()
    assert rung == [(request.pk,)]
