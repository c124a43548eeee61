"""The journey of each persona of the stand-in: what they see, what GitHub shows of it, and where their request ends."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bigcode_optout.claims.authority_guards import GUARD_SENTENCES, Guard
from bigcode_optout.review.words import GUARDS
from bigcode_optout.sandbox import world_file
from tests.e2e import test_owners, test_walks, ways
from tests.e2e.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.worker]
PERSONAS = json.loads(Path(world_file.__file__).with_name("personas.json").read_text())["personas"]


def own_account(visitor: Visitor, login: str, name: str) -> None:
    ways.choose_everything(visitor, name)


def organisation(visitor: Visitor, login: str, name: str) -> None:
    ways.claim_organisation(visitor, login, name)
    # Where GitHub did not say enough, other ways to show it come first.
    visitor.open("/requests/new/")
    ways.choose_claimed(visitor)


def repository(visitor: Visitor, login: str, name: str) -> None:
    ways.claim_repository(visitor, login, name)
    ways.choose_claimed(visitor)


def former_name(visitor: Visitor, login: str, name: str) -> None:
    ways.add_former_name(visitor, login, name)
    ways.choose_claimed(visitor)


@dataclass(frozen=True)
class Journey:
    """`sees` stands where they choose, `reads` on the status page; it ends with a rule's title, or with guards."""

    login: str
    asks: Callable[[Visitor, str, str], None]
    name: str
    sees: str
    reads: str
    rule: str = ""
    guards: tuple[Guard, ...] = ()


JOURNEYS = [
    Journey(
        "brindle-fenn", own_account, "brindle-fenn",
        sees="All 6 that are in now",
        reads="v2.1: 6 of 6 repositories lead to this owner by number",
        rule="Own account",
    ),
    Journey(
        "larkspur-dev", own_account, "larkspur-dev",
        sees="All 4 that are in now",
        reads="v2.1: none of 4 repositories leads to this owner, 4 cannot be resolved any more",
        guards=(Guard.NAME_TAKER,),
    ),
    Journey(
        "hale-ostrander", organisation, "Low-Tide-Club",
        sees="GitHub says you are an owner of low-tide-club.",
        reads="v2.1: 3 of 3 repositories lead to this owner by number",
        guards=(Guard.TRANSFERRED,),
    ),
    Journey(
        "idris-calloway", organisation, "openlanternfish",
        sees="GitHub says you are an owner of openlanternfish.",
        reads="GitHub says you are an owner of openlanternfish.",
        guards=(Guard.LARGE_ORGANISATION,),
    ),
    Journey(
        "wren-abernathy", organisation, "norrvik-instruments",
        sees="You are a member of norrvik-instruments, not an owner.",
        reads="You are a member of norrvik-instruments, not an owner.",
        guards=(Guard.ROLE_NOT_PROVEN,),
    ),
    Journey(
        "odalys-brook", repository, "norrvik-instruments/field-recorder-firmware",
        sees="GitHub says you administer norrvik-instruments/field-recorder-firmware.",
        reads="norrvik-instruments/field-recorder-firmware",
        rule="Administrator of the repository",
    ),
    Journey(
        "moss-kettering", own_account, "moss-kettering",
        sees="All 5 that are in now",
        reads="v2.1: 4 of 5 repositories lead to this owner by number, 1 leads to another account",
        guards=(Guard.OTHER_OWNER,),
    ),
    Journey(
        "corvid-lane", own_account, "corvid-lane",
        sees="All 3 that are in now",
        reads="v2.1: 1 of 3 repositories leads to this owner by number, 2 lead to another account",
        guards=(Guard.OTHER_OWNER, Guard.NOT_CONFIRMED),
    ),
    Journey(
        "tamsin-vale-returns", former_name, "tamsin-vale",
        sees="All 2 repositories that stand under this former name.",
        reads="v2.1: none of 2 repositories leads to this owner, 2 cannot be resolved any more",
        guards=(Guard.UNRESOLVED, Guard.LOGIN_NOT_SHOWN),
    ),
]  # fmt: skip
# More than one person or page of GitHub, or more to see than the table has columns: each is a walk of its own.
WALKS = {
    "quillon-marsh": test_walks.test_from_the_look_up_to_the_exported_list,
    "pemberly-quiet": test_walks.test_the_progress_comes_by_itself,
    "ansel-thorncroft": test_owners.test_an_owner_whose_organisation_keeps_sites_out_proves_it_by_a_code_in_the_profile,
    "maren-holloway": test_owners.test_a_second_owner_confirms_for_a_large_organisation_through_the_link,
    "sunniva-dahl": test_owners.test_a_co_owner_sees_what_is_asked_but_not_who_and_objects,
}


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.login)
def test_a_persona_reads_what_was_shown_and_why_it_ended_so(desk, visit, journey):
    visitor = visit()
    visitor.sign_in(journey.login)
    journey.asks(visitor, journey.login, journey.name)
    visitor.expects(journey.sees)
    reference = ways.send(visitor)
    ways.wait_for_state(visitor, reference, "Accepted" if journey.rule else "In review")
    visitor.expects(journey.rule or "Why a person looks at it")
    visitor.expects(journey.reads)
    for guard in journey.guards:
        visitor.expects(GUARD_SENTENCES[guard])
    if journey.guards:
        reviewer = ways.staff(desk, visit, "reviewer")
        reviewer.open(f"/admin/removals/removalrequest/?q={reference}")
        for guard in journey.guards:
            reviewer.expects(GUARDS[guard])


def test_every_persona_is_walked_by_somebody():
    walked = {journey.login for journey in JOURNEYS}
    walked |= {login for login, walk in WALKS.items() if f'"{login}"' in inspect.getsource(walk)}
    assert walked == {persona["login"] for persona in PERSONAS}
