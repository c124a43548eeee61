"""The lifecycle's table, read back row by row, and its refusals over every combination."""

from itertools import product

import pytest

from bigcode_optout.removals.lifecycle import OPEN, TABLE, Freeze, Role, State, possible_verbs, refusal

# The design's table in its own words: verb -> (from, to, by).
DESIGN = {
    "submit": ({"draft"}, "submitted", {"requester"}),
    "begin_review": ({"submitted"}, "in_review", {"system"}),
    "ask": ({"in_review"}, "needs_information", {"reviewer"}),
    "answer": ({"needs_information"}, "in_review", {"requester"}),
    "accept": ({"in_review"}, "accepted", {"reviewer", "policy"}),
    "deny": ({"in_review"}, "denied", {"reviewer"}),
    "appeal": ({"denied"}, "in_review", {"requester"}),
    "object": ({"submitted", "in_review", "needs_information", "accepted"}, "in_review", {"co_owner"}),
    "reopen": ({"accepted", "denied"}, "in_review", {"reviewer"}),
    # The design says it in section 6: docs/decisions/0016-what-changed-since-the-proof.md.
    "contradict": ({"in_review", "needs_information", "accepted", "fulfilled"}, "in_review", {"system"}),
    "merge": ({"submitted", "in_review"}, "merged", {"system", "reviewer"}),
    # The design says it in the row of merge: withdrawing the elder revives it.
    "revive": ({"merged"}, "submitted", {"system"}),
    "fulfil": ({"accepted"}, "fulfilled", {"system"}),
    "withdraw": ({"submitted", "in_review", "needs_information", "accepted"}, "withdrawn", {"requester"}),
    "opt_back_in": ({"accepted", "fulfilled"}, "opted_back_in", {"requester"}),
    # Not in the design: docs/decisions/0003-parts-stand-for-themselves.md says why.
    "conclude": ({"needs_information"}, "accepted", {"system"}),
    "expire": ({"draft", "needs_information"}, "expired", {"system"}),
}
SITUATIONS = list(product(State, Role, [True, False], [True, False], [True, False]))


def test_the_table_is_the_designs_table():
    assert {verb: ({*row.sources}, row.target, {*row.roles}) for verb, row in TABLE.items()} == DESIGN


@pytest.mark.parametrize("verb", TABLE)
def test_a_verb_is_allowed_exactly_when_every_rule_of_the_design_holds(verb):
    sources, _, roles = DESIGN[verb]
    decides = verb in {"ask", "accept", "deny", "reopen", "merge"}
    for state, role, is_frozen, is_requester, was_appealed in SITUATIONS:
        expected = (
            state in sources
            and role in roles
            and not (decides and is_requester)
            and not (role == "requester" and not is_requester)
            and not (state == "accepted" and verb in {"withdraw", "reopen", "object"} and is_frozen)
            and not (state == "accepted" and verb in {"opt_back_in", "fulfil"} and not is_frozen)
            and not (verb == "appeal" and was_appealed)
        )
        found = refusal(
            verb, state, role, is_frozen=is_frozen, is_requester=is_requester, was_appealed=was_appealed
        )
        assert (found is None) is expected, (state, role, is_frozen, is_requester, was_appealed)
        assert found is None or (found.code and found.sentence.endswith("."))


def test_nobody_can_do_anything_to_a_request_that_is_closed_for_good():
    closed = {State.WITHDRAWN, State.OPTED_BACK_IN, State.EXPIRED}
    for state, role, is_frozen, is_requester in product(closed, Role, [True, False], [True, False]):
        assert possible_verbs(state, role, is_frozen=is_frozen, is_requester=is_requester) == []


def test_every_open_state_can_be_withdrawn_from_and_none_of_them_needs_a_freeze():
    for state in OPEN:
        for is_frozen in (True, False):
            verbs = possible_verbs(state, Role.REQUESTER, is_frozen=is_frozen, is_requester=True)
            assert "withdraw" in verbs
    assert TABLE["withdraw"].freeze is Freeze.NOT_FROZEN


def test_a_verb_that_the_table_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        refusal("vanish", State.DRAFT, Role.SYSTEM, is_frozen=False, is_requester=False)


def test_a_merged_request_comes_back_by_the_system_alone():
    for role, is_frozen, is_requester in product(Role, [True, False], [True, False]):
        verbs = possible_verbs(State.MERGED, role, is_frozen=is_frozen, is_requester=is_requester)
        assert verbs == (["revive"] if role is Role.SYSTEM else [])
