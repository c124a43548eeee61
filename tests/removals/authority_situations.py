"""Who asks for what, in which situation: each played with the stand-in for GitHub, a real index and the policy."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import time_machine

from bigcode_optout.claims import services as claims
from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.names import parse_owner, parse_repository
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import account_claim, count_members, make_index, make_persona, processed_request


@dataclass
class Stage:
    """Where a situation is played. `settings`: pytest-django's."""

    sandbox: Any
    folder: Path
    settings: Any

    @property
    def world(self) -> Any:
        return self.sandbox.world

    def repositories(self, login: str) -> list[Any]:
        return self.world.repositories_of(self.world.account(login).id)

    def index(self, login: str, names: dict[str, int | None], *, version: str = "v2.1") -> None:
        """A version that holds these under the login, with their numbers or without."""
        rows = [(f"{login}/{name}", number, 10) for name, number in names.items()]
        make_index(self.folder, rows, version=version)

    def numbered(self, login: str, count: int = 3) -> dict[str, int | None]:
        return {one.name: one.id for one in self.repositories(login)[:count]}

    def person(self, login: str) -> Any:
        return make_persona(self.sandbox, login)

    def role(self, user: Any, kind: str, subject: Any, name: str) -> Claim:
        """GitHub has just stated the person's role."""
        claim = Claim.objects.create(user=user, kind=kind, subject_id=subject.id, name=name)
        if kind == "organisation":
            count_members(subject.id)
        claims.record_proof(
            claim=claim,
            method=Proof.Method.MEMBERSHIP if kind == "organisation" else Proof.Method.PERMISSION,
            outcome=Proof.Outcome.PROVEN,
            evidence={"viewer_id": user.identities.get().github_id},
            sentence="GitHub says so.",
        )
        return claim

    def former(self, user: Any, login: str) -> Claim:
        return claim_former_login(by=user, claim_id=account_claim(user).pk, name=parse_owner(login))


@dataclass(frozen=True)
class Told:
    """What a person reads where nothing goes to the rules: `reason` in the table's own notation."""

    outcome: str
    reason: str
    sentence: str


Play = Callable[[Stage], RemovalRequest | Told]
SITUATIONS: dict[tuple[str, str], Play] = {}


def situation(claim: str, words: str) -> Callable[[Play], Play]:
    """Register a play under the claim and the words of its line."""

    def register(play: Play) -> Play:
        SITUATIONS[claim, words] = play
        return play

    return register


ACCOUNT, FORMER, ORGANISATION, REPOSITORY = (
    "own account",
    "former login",
    "organisation",
    "repository of others",
)


@situation(ACCOUNT, "the numbers of all rows are the account’s")
def _numbers(stage: Stage) -> RemovalRequest:
    stage.index("quillon-marsh", stage.numbered("quillon-marsh"))
    return processed_request(stage.person("quillon-marsh"))


@situation(ACCOUNT, "rows stand under a former name, and their numbers are the account’s")
def _renamed(stage: Stage) -> RemovalRequest:
    stage.index("fennwick", stage.numbered("brindle-fenn"))
    return processed_request(stage.person("brindle-fenn"))


@situation(ACCOUNT, "rows without numbers, one leads to the account and none to another")
def _by_name(stage: Stage) -> RemovalRequest:
    names = dict.fromkeys(stage.numbered("quillon-marsh", 1))
    stage.index("quillon-marsh", {**names, "deleted-since": None})
    return processed_request(stage.person("quillon-marsh"))


@situation(ACCOUNT, "rows without numbers, none leads anywhere")
def _not_confirmed(stage: Stage) -> RemovalRequest:
    stage.index("quillon-marsh", {"deleted-since": None})
    return processed_request(stage.person("quillon-marsh"))


@situation(ACCOUNT, "the account was made after the data, and rows stand under its name")
def _name_taker(stage: Stage) -> RemovalRequest:
    stage.index("larkspur-dev", {"garden": None})
    return processed_request(stage.person("larkspur-dev"))


@situation(ACCOUNT, "an old account moved into a freed name, whose rows lead to who had it before")
def _moved_in(stage: Stage) -> RemovalRequest:
    stage.index("corvid-lane", stage.numbered("rook-harbour"))
    return processed_request(stage.person("corvid-lane"))


@situation(ACCOUNT, "one of its repositories was given away since")
def _given_away(stage: Stage) -> RemovalRequest:
    stage.index("moss-kettering", {"shared-lab": None})
    return processed_request(stage.person("moss-kettering"))


@situation(ACCOUNT, "a repository came to it since, from an account that is still there")
def _came(stage: Stage) -> RemovalRequest:
    given = stage.repositories("quillon-marsh")[0]
    stage.index("quillon-marsh", {given.name: given.id})
    stage.world.transfer_repository(f"quillon-marsh/{given.name}", "pemberly-quiet")
    return processed_request(stage.person("pemberly-quiet"))


@situation(ACCOUNT, "a row has a number that GitHub does not know any more")
def _unresolved(stage: Stage) -> RemovalRequest:
    stage.index("quillon-marsh", {**stage.numbered("quillon-marsh"), "deleted-since": 31})
    return processed_request(stage.person("quillon-marsh"))


@situation(ACCOUNT, "the login was left since the sign-in")
def _left(stage: Stage) -> RemovalRequest:
    stage.index("nobody-here", {"something": 77})
    user = stage.person("pemberly-quiet")
    stage.world.rename_account("pemberly-quiet", "pemberly-loud")
    return processed_request(user)


@situation(ACCOUNT, "GitHub is silent for a day")
def _silent(stage: Stage) -> RemovalRequest:
    stage.index("quillon-marsh", stage.numbered("quillon-marsh"))
    user = stage.person("quillon-marsh")
    stage.settings.GITHUB_PATIENCE_SECONDS = -1
    stage.sandbox.faults.add(path=".*", kind="server_error", times=1000)
    return processed_request(user)


@situation(FORMER, "free, six redirect to the account, two are gone")
def _whole(stage: Stage) -> RemovalRequest:
    names = (
        "peat-cutter",
        "lichen",
        "weathervane",
        "hollow-way",
        "drystone",
        "fen-maps",
        "gone-one",
        "gone-two",
    )
    stage.index("fennwick", dict.fromkeys(names))
    user = stage.person("brindle-fenn")
    return processed_request(user, claim=stage.former(user, "fennwick"))


@situation(FORMER, "free, two of three lead to the account")
def _in_part(stage: Stage) -> RemovalRequest:
    stage.index("fennwick", dict.fromkeys(("lichen", "fen-maps", "gone-one")))
    user = stage.person("brindle-fenn")
    return processed_request(user, claim=stage.former(user, "fennwick"))


@situation(FORMER, "free, three of four lead to the account, and the fourth has a number that is gone")
def _dead_number(stage: Stage) -> RemovalRequest:
    stage.index("fennwick", {"lichen": None, "fen-maps": None, "weathervane": None, "gone-one": 31})
    user = stage.person("brindle-fenn")
    return processed_request(user, claim=stage.former(user, "fennwick"))


@situation(FORMER, "held by an account that is older than the data")
def _held(stage: Stage) -> RemovalRequest:
    stage.world.add_account("fennwick", id=999100, created_at="2011-01-01T00:00:00Z")
    stage.index("fennwick", dict.fromkeys(("lichen", "fen-maps", "weathervane")))
    user = stage.person("brindle-fenn")
    return processed_request(user, claim=stage.former(user, "fennwick"))


@situation(FORMER, "held by an account made after the data")
def _taken(stage: Stage) -> RemovalRequest:
    stage.world.add_account("fennwick", id=999100, created_at="2025-01-01T00:00:00Z")
    stage.index("fennwick", dict.fromkeys(("lichen", "fen-maps", "weathervane")))
    user = stage.person("brindle-fenn")
    return processed_request(user, claim=stage.former(user, "fennwick"))


@situation(FORMER, "somebody else’s login of today")
def _somebody_elses(stage: Stage) -> RemovalRequest:
    stage.index("quillon-marsh", dict.fromkeys(stage.numbered("quillon-marsh")))
    user = stage.person("brindle-fenn")
    return processed_request(user, claim=stage.former(user, "quillon-marsh"))


@situation(ORGANISATION, "GitHub has just stated the role of an owner")
def _owner(stage: Stage) -> RemovalRequest:
    stage.index("low-tide-club", stage.numbered("low-tide-club"))
    user = stage.person("hale-ostrander")
    organisation = stage.world.account("low-tide-club")
    return processed_request(user, claim=stage.role(user, "organisation", organisation, "low-tide-club"))


@situation(ORGANISATION, "GitHub was not asked")
def _not_asked(stage: Stage) -> RemovalRequest:
    stage.index("low-tide-club", stage.numbered("low-tide-club"))
    user = stage.person("moss-kettering")
    return processed_request(user, claim=claims.make_claim(by=user, name=parse_owner("low-tide-club")))


@situation(ORGANISATION, "the role was stated three days before the request")
def _long_ago(stage: Stage) -> RemovalRequest:
    stage.index("low-tide-club", stage.numbered("low-tide-club"))
    user = stage.person("hale-ostrander")
    organisation = stage.world.account("low-tide-club")
    claim = stage.role(user, "organisation", organisation, "low-tide-club")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=3)):
        return processed_request(user, claim=claim)


@situation(ORGANISATION, "large, and one owner asks")
def _large(stage: Stage) -> RemovalRequest:
    stage.settings.LARGE_ORGANISATION_REPOSITORIES = 3
    stage.index("norrvik-instruments", stage.numbered("norrvik-instruments"))
    user = stage.person("hale-ostrander")
    organisation = stage.world.account("norrvik-instruments")
    return processed_request(
        user, claim=stage.role(user, "organisation", organisation, "norrvik-instruments")
    )


@situation(REPOSITORY, "GitHub has just stated that the person administers it")
def _administrator(stage: Stage) -> RemovalRequest:
    repository = stage.world.repository("norrvik-instruments/field-recorder-firmware")
    name = "norrvik-instruments/field-recorder-firmware"
    stage.index("norrvik-instruments", {repository.name: repository.id})
    user = stage.person("odalys-brook")
    return processed_request(user, [name], claim=stage.role(user, "repository", repository, name))


@situation(REPOSITORY, "GitHub was not asked")
def _repository_not_asked(stage: Stage) -> RemovalRequest:
    repository = stage.world.repository("norrvik-instruments/field-recorder-firmware")
    name = "norrvik-instruments/field-recorder-firmware"
    stage.index("norrvik-instruments", {repository.name: repository.id})
    user = stage.person("wren-abernathy")
    return processed_request(user, [name], claim=claims.make_claim(by=user, name=parse_repository(name)))
