"""The release's table, read back row by row, its refusals over every state and verb, and the one door."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from bigcode_optout.core.errors import Conflict, Forbidden, Missing
from bigcode_optout.releases import diagram, events, services
from bigcode_optout.releases.lifecycle import GIVEN, TABLE, State, possible_verbs, refusal
from bigcode_optout.releases.models import Release, ReleaseState
from tests.builders import make_release_manager, make_reviewer, the_stack
from tests.releases.builders import frozen, planned

# The design's line in its own words: open → frozen → handed over → verified | failed → published.
DESIGN = {
    "freeze": ({"open"}, "frozen"),
    "hand_over": ({"frozen"}, "handed_over"),
    "verify": ({"handed_over", "verified"}, "verified"),
    "fail": ({"handed_over", "verified", "failed"}, "failed"),
    "publish": ({"verified"}, "published"),
}


def test_the_table_is_the_designs_line():
    assert {verb: ({*row.sources}, row.target) for verb, row in TABLE.items()} == DESIGN


@pytest.mark.parametrize(("verb", "state"), list(product(TABLE, State)))
def test_a_verb_is_possible_exactly_from_its_states(verb, state):
    found = refusal(verb, state, name="v3.1")
    assert (found is None) is (state in DESIGN[verb][0])
    assert (verb in possible_verbs(state)) is (found is None)
    assert found is None or ("v3.1" in found.sentence and found.sentence.endswith("."))


def test_a_published_release_is_the_end_and_a_failed_one_gets_worse_only():
    assert possible_verbs(State.PUBLISHED) == []
    assert possible_verbs(State.FAILED) == ["fail"]
    assert "patch release" in refusal("publish", State.FAILED, name="v3.1").sentence


def test_the_builders_have_the_list_from_the_hand_over_on():
    assert {State.OPEN, State.FROZEN} == set(State) - GIVEN


def test_the_database_has_the_tables_states_and_no_other(db):
    assert set(ReleaseState.values) == set(State)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=planned().pk).update(state="lost")


@pytest.mark.parametrize(("verb", "state"), list(product(TABLE, State)))
def test_the_door_moves_and_writes_the_event_or_changes_nothing(db, verb, state):
    release = frozen()
    Release.objects.filter(pk=release.pk).update(state=state)
    before = release.events.count()
    with transaction.atomic():
        held = events.locked(release.pk)
        if state in DESIGN[verb][0]:
            event = events.move(held, verb, by=None)
            assert (event.from_state, event.to_state, event.number) == (state, DESIGN[verb][1], before + 1)
        else:
            with pytest.raises(Conflict, match=r"v3\.1"):
                events.move(held, verb, by=None)
    release.refresh_from_db()
    is_possible = state in DESIGN[verb][0]
    assert release.state == (DESIGN[verb][1] if is_possible else state)
    assert release.events.count() == before + is_possible


@pytest.mark.parametrize("verb", TABLE)
def test_a_reviewer_may_do_none_of_it_and_a_release_manager_all(db, verb):
    release, reviewer, manager = frozen(), make_reviewer(), make_release_manager()
    for state in DESIGN[verb][0]:
        release.state = state
        with pytest.raises(Forbidden):
            events.require(release, verb, by=reviewer)
        assert events.require(release, verb, by=manager) is None


def test_who_did_what_when_is_kept_with_the_release(db):
    manager = make_release_manager()
    release = services.plan(dataset=the_stack(), name="v3.1", by=manager)
    services.freeze(release_id=release.pk, by=manager)
    services.hand_over(release_id=release.pk, by=None)
    release.refresh_from_db()
    told = [(event.number, event.code, event.by, event.to_state) for event in release.events.all()]
    assert told == [
        (1, "plan", manager, "open"),
        (2, "freeze", manager, "frozen"),
        (3, "hand_over", None, "handed_over"),
    ]
    times = [event.happened_at for event in release.events.all()]
    assert times[1:] == [release.frozen_at, release.handed_over_at]


def test_a_release_that_is_not_there_cannot_be_held(db):
    with pytest.raises(Missing, match="no such release"), transaction.atomic():
        events.locked(4711)


def test_every_move_of_the_table_is_an_arrow_of_the_diagram_and_a_line_of_its_table():
    arrows, lines = diagram.diagram(), diagram.table().splitlines()
    for row in TABLE.values():
        assert all(f"    {source} --> {row.target}: {row.verb}\n" in arrows for source in row.sources)
        assert any(line.startswith(f"| {row.verb} |") and row.permission in line for line in lines)
    assert "    [*] --> open: plan\n" in arrows
    assert {line.split()[0] for line in arrows.splitlines() if line.endswith("--> [*]")} == {
        "failed",
        "published",
    }
