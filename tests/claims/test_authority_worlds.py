"""Over random worlds: the rules accept what the design calls proven, and nothing of somebody else but what is named."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.authority_cases import KINDS, VERBS, Case, design_accepts, judged, make_case, random_case
from tests.claims.authority_page import is_writing, part, write_part
from tests.claims.authority_world import Row, Version

steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)),
    min_size=2,
    max_size=25,
)
cases = st.builds(
    make_case,
    steps=steps,
    crawls=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(KINDS)), min_size=1, max_size=3),
    asker=st.integers(0, 3),
    login=st.integers(-1, 3),
    role_ended=st.none() | st.integers(0, 30),
    stated=st.integers(0, 3),
)


def accepted_rows(case: Case) -> list[tuple[Version, Row]]:
    """What a rule leaves out: the whole item, or what it takes one by one of a former login."""
    found = judged(case)
    rows = [(version, row) for version in case.versions for row in case.located(version)]
    if found.rule:
        return rows
    alone = {name for name, _ in found.alone}
    return [(version, row) for version, row in rows if row.full_name in alone]


def reason(case: Case, version: Version, row: Row) -> str:
    """Why a row was accepted: `own` of the asker that day, `handed over` or `residual`; anything else is a mistake."""
    world = case.world
    owner = world.owner_on(row.repository_id, version.day)
    if owner == case.asker.id:
        return "own"
    repository = world.repository(row.repository_id)
    has_left_login = world.account(owner).left_on is not None or world.account(owner).login != row.login
    if repository.deleted_on is None and repository.owner_id == case.asker.id and has_left_login:
        return "handed over"
    # An old account that came into a login which somebody else had on the day of the data, and whose repositories of
    # then cannot be found under the name any more: deleted, given to the asker, or hidden by one of the asker's.
    came_later = not world.held(case.asker, row.login, version.day)
    stood = [each for each in version.rows if each.login == row.login]
    is_hidden = all(world.by_name(each.full_name).owner_id in (None, case.asker.id) for each in stood)
    if row.number is None and came_later and is_hidden and case.asker.made_on <= version.day:
        return "residual"
    return "somebody else’s"


def survey(count: int) -> Counter[str]:
    """What becomes of the rows of so many random worlds, always the same ones: by kind of row and reason."""
    seed, found = random.Random(20260401), Counter[str]()
    for _ in range(count):
        case = random_case(seed)
        rows = accepted_rows(case)
        found["worlds"] += 1
        found["accepted"] += bool(rows)
        for version, row in rows:
            kind = "name" if row.number is None else "number"
            found[f"{kind}: {reason(case, version, row)}"] += 1
    return found


@settings(max_examples=400, deadline=None)
@given(case=cases)
def test_a_rule_accepts_exactly_what_the_design_calls_proven(case):
    assert bool(judged(case).rule) == design_accepts(case)


@settings(max_examples=400, deadline=None)
@given(case=cases)
def test_nothing_of_another_owner_is_accepted_but_what_is_named(case):
    for version, row in accepted_rows(case):
        assert reason(case, version, row) in ("own", "handed over", "residual")


@settings(max_examples=400, deadline=None)
@given(case=cases)
def test_by_number_only_what_was_the_askers_that_day_or_was_handed_to_them_since_is_accepted(case):
    reasons = {reason(case, version, row) for version, row in accepted_rows(case) if row.number is not None}
    assert reasons <= {"own", "handed over"}


_LINES = {
    "the asker’s": "own",
    "handed over by its owner, who gave up the login": "handed over",
    "residual: the asker moved into the login since": "residual",
    "anybody else’s": "somebody else’s",
}


def as_table(found: Counter[str]) -> str:
    """The survey as it stands on docs/authority.md."""
    lines = [
        f"{found['worlds']:,} worlds; in {found['accepted']:,} of them something was accepted.",
        "",
        "| rows accepted that were on the day of the data | with a number | without |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {words} | {found[f'number: {code}']:,} | {found[f'name: {code}']:,} |"
        for words, code in _LINES.items()
    ]
    return "\n".join(lines)


def test_the_page_counts_what_remains():
    found = as_table(survey(3000))
    if is_writing():
        write_part("random worlds", found)
    assert part("random worlds") == found


def test_the_residual_is_there_and_rare_and_never_where_a_row_has_its_number():
    found = survey(3000)
    assert found["accepted"] > 300
    assert 0 < found["name: residual"] < found["name: own"] / 10
    assert (
        found["number: residual"] == found["number: somebody else’s"] == found["name: somebody else’s"] == 0
    )


def test_whoever_lost_the_role_before_it_was_stated_is_never_accepted():
    world = [("create", 0, 0, 0), ("create", 0, 1, 0), ("create", 0, 2, 0)]
    crawl = [(3, "ids")]
    assert judged(make_case(world, crawl, 0, -1, None, 0)).rule
    assert not judged(make_case(world, crawl, 0, -1, 2, 0)).rule
    assert not judged(make_case(world, crawl, 0, -1, None, 2)).rule
