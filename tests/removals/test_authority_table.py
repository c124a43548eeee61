"""The table on docs/authority.md is what happens: every line is played, and what came out is what stands there."""

import pytest

from bigcode_optout.pages.parts import parts_for
from bigcode_optout.removals.models import RemovalRequest
from tests.claims.authority_page import is_writing, part, write_part
from tests.removals import authority_more_situations
from tests.removals.authority_situations import SITUATIONS, Stage, Told

HEAD = ["| claim | situation | outcome | reason | what the requester reads |", "|---|---|---|---|---|"]
_played: list[str] = []
# Importing the second half registers it.
assert authority_more_situations.SITUATIONS is SITUATIONS


def line(claim: str, words: str, request: RemovalRequest | Told) -> str:
    """One line of the table: the outcome, its rules and guards, and the sentences of the status page."""
    if isinstance(request, Told):
        return f"| {claim} | {words} | {request.outcome} | {request.reason} | {request.sentence} |"
    parts = parts_for(request)
    accepted = [one for one in parts if one.is_accepted]
    outcome = (
        "accepted" if len(accepted) == len(parts) else "in part, the rest waits" if accepted else "reviewer"
    )
    rules = [one.decision.rule for one in accepted if one.decision]
    guards = [code for one in parts if one.waits for code in one.first.assessment["guards"]]
    sentences = [one.decision.sentence for one in accepted if one.decision]
    sentences += [sentence for one in parts for sentence in one.guards]
    reasons = ", ".join(f"`{code}`" for code in dict.fromkeys([*rules, *guards]))
    return f"| {claim} | {words} | {outcome} | {reasons} | {' '.join(dict.fromkeys(sentences))} |"


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize(("claim", "words"), SITUATIONS)
def test_what_comes_of_a_situation_is_what_the_page_says(claim, words, sandbox, tmp_path, settings):
    found = line(claim, words, SITUATIONS[claim, words](Stage(sandbox, tmp_path, settings)))
    _played.append(found)
    assert is_writing() or found in part("situations").splitlines()


def test_the_page_has_a_line_for_every_situation_and_no_other():
    if is_writing():
        assert len(_played) == len(SITUATIONS), "write the page with all tests of this file, in one process"
        write_part("situations", "\n".join([*HEAD, *_played]))
    lines = part("situations").splitlines()
    assert lines[:2] == HEAD
    assert [tuple(one.split(" | ")[:2]) for one in lines[2:]] == [
        (f"| {claim}", words) for claim, words in SITUATIONS
    ]
