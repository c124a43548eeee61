"""A list that is older than the one last used is not taken again, however well it is signed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bigcode_optout.exclusionlist import Manifest, RolledBack, write
from bigcode_optout.exclusionlist.roll_back import remember, require_not_older

from .builders import FACTS, SAMPLE, rule

DAY = FACTS.frozen_on


@pytest.fixture
def state(tmp_path) -> Path:
    return tmp_path / "folder/last-used.json"


@pytest.fixture
def listed(tmp_path):
    """Writes a list and returns its manifest."""
    numbers = iter(range(100))

    def made(release: str, previous: str | None, frozen_on: date, rules=SAMPLE, **more) -> Manifest:
        facts = replace(
            FACTS, release=release, previous_release=previous, frozen_on=frozen_on, **more.pop("facts", {})
        )
        return write(rules, output=tmp_path / str(next(numbers)), facts=facts, **{"format": "jsonl"} | more)

    return made


def test_newer_lists_are_taken_one_after_the_other_also_when_one_was_left_out(listed, state):
    for number in (1, 2, 4):
        remember(listed(f"v{number}", f"v{number - 1}", DAY + timedelta(days=number)), state)
    with pytest.raises(RolledBack, match=r"v2 is older than release v4"):
        require_not_older(listed("v2", "v1", DAY + timedelta(days=2)), state)


def test_a_list_frozen_before_the_last_one_is_refused_and_the_state_stays(listed, state):
    remember(listed("v3", "v2", DAY), state)
    before = state.read_bytes()
    with pytest.raises(RolledBack, match="was frozen on 2026-10-31, before release v3"):
        remember(listed("v1", None, DAY - timedelta(days=1)), state)
    assert state.read_bytes() == before


def test_the_release_before_the_last_one_is_known_by_name_though_it_names_a_later_day(listed, state):
    remember(listed("v3", "v2", DAY), state)
    with pytest.raises(RolledBack, match="v2 is older"):
        require_not_older(listed("v2", "v1", DAY + timedelta(days=9)), state)


def test_the_same_release_may_come_again_in_any_format_but_not_with_other_rules(listed, state):
    remember(listed("v3", "v2", DAY), state)
    remember(listed("v3", "v2", DAY, format="csv"), state)
    with pytest.raises(RolledBack, match="other rules"):
        require_not_older(listed("v3", "v2", DAY, [rule("ada")]), state)


def test_on_the_same_day_only_the_release_that_names_the_last_one_follows_it(listed, state):
    remember(listed("v3", "v2", DAY), state)
    with pytest.raises(RolledBack, match="on the same day"):
        require_not_older(listed("v3-other", "v2", DAY), state)
    remember(listed("v3.1", "v3", DAY), state)
    with pytest.raises(RolledBack, match=r"v3 is older than release v3\.1"):
        require_not_older(listed("v3", "v2", DAY), state)


def test_each_dataset_has_its_own_memory(listed, state):
    remember(listed("v3", "v2", DAY), state)
    remember(listed("v1", None, DAY - timedelta(days=99), facts={"dataset": "another"}), state)
    with pytest.raises(RolledBack):
        require_not_older(listed("v2", "v1", DAY), state)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format_version": 2, "datasets": {}}', '{"format_version": 1, "datasets": 5}'],
)
def test_a_state_file_that_cannot_be_read_is_not_taken_for_an_empty_one(content, listed, state):
    state.parent.mkdir()
    state.write_text(content)
    with pytest.raises(RolledBack, match="nobody knows"):
        remember(listed("v3", "v2", DAY), state)


def test_nothing_but_the_state_file_is_left(listed, state):
    remember(listed("v3", "v2", DAY), state)
    remember(listed("v4", "v3", DAY), state)
    assert list(state.parent.iterdir()) == [state]
