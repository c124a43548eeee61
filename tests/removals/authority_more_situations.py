"""More lines of the table: codes, other owners, sizes, no account, what is asked twice, mistyped or refused."""

from typing import Any

import pytest

from bigcode_optout.claims import challenges
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, MemberCount
from bigcode_optout.claims.whose import require_organisation
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Refused
from bigcode_optout.names import NameRefused, OwnerName, parse_owner
from bigcode_optout.pages.near_misses import meant_by, question
from bigcode_optout.pages.parts import parts_for
from bigcode_optout.removals import inviting, objecting, private_links, reassessing, statements, windows
from bigcode_optout.removals.models import ObjectionWindow, RemovalRequest
from bigcode_optout.removals.statements import Wording
from tests.builders import count_members, make_draft, processed_request, submitted_request, the_stack
from tests.removals.authority_situations import ACCOUNT, ORGANISATION, SITUATIONS, Stage, Told, situation

__all__ = ["SITUATIONS"]

CLUB, NORRVIK, LANTERNFISH = "low-tide-club", "norrvik-instruments", "openlanternfish"
CODE, LOST, OTHER, NEAR, ANYBODY = (
    "organisation, one-time code",
    "lost or deleted account",
    "code on another host",
    "a mistyped name",
    "a name that cannot be claimed",
)


def by_code(stage: Stage, login: str, organisation: str, *, is_up: bool = True) -> Claim:
    """The person asks for a code, and puts it into the organisation's profile."""
    user = stage.person(login)
    claim = claims.make_claim(by=user, name=parse_owner(organisation))
    challenge = challenges.issue_for_profile(by=user, claim_id=claim.pk)
    if is_up:
        stage.world.edit_profile(organisation, description=f"We meet. {challenge.code}")
    challenges.check(challenge_id=challenge.pk)
    return Claim.objects.get(user=user, kind="organisation")


def large(stage: Stage, login: str = "hale-ostrander") -> RemovalRequest:
    """An owner asks for an organisation with many members."""
    stage.index(NORRVIK, stage.numbered(NORRVIK))
    user, organisation = stage.person(login), stage.world.account(NORRVIK)
    claim = stage.role(user, "organisation", organisation, NORRVIK)
    count_members(organisation.id, 200)
    return processed_request(user, claim=claim, email="hale@ostrander.example")


def second_owner(stage: Stage) -> Any:
    user = stage.person("sunniva-dahl")
    stage.role(user, "organisation", stage.world.account(NORRVIK), NORRVIK)
    count_members(stage.world.account(NORRVIK).id, 200)
    return user


def again(request: RemovalRequest) -> RemovalRequest:
    reassessing.reassess(request_id=request.pk)
    request.refresh_from_db()
    return request


@situation(CODE, "it stands in the public profile, and few members were counted")
def _code(stage: Stage) -> RemovalRequest:
    stage.index(CLUB, stage.numbered(CLUB))
    claim = by_code(stage, "hale-ostrander", CLUB)
    count_members(stage.world.account(CLUB).id)
    return processed_request(claim.user, claim=claim)


@situation(CODE, "it stands in the public profile, and nobody let us count the members")
def _code_uncounted(stage: Stage) -> RemovalRequest:
    stage.index("harrow-and-pine", stage.numbered("harrow-and-pine"))
    claim = by_code(stage, "ansel-thorncroft", "harrow-and-pine")
    return processed_request(claim.user, claim=claim)


@situation(CODE, "it does not stand there")
def _code_missing(stage: Stage) -> RemovalRequest:
    stage.index(CLUB, stage.numbered(CLUB))
    claim = by_code(stage, "hale-ostrander", CLUB, is_up=False)
    return processed_request(claim.user, claim=claim)


@situation(ORGANISATION, "many members, few repositories, and one owner asks")
def _many_members(stage: Stage) -> RemovalRequest:
    stage.index(LANTERNFISH, stage.numbered(LANTERNFISH, 1))
    user = stage.person("idris-calloway")
    organisation = stage.world.account(LANTERNFISH)
    claim = stage.role(user, "organisation", organisation, LANTERNFISH)
    count_members(organisation.id, 100)
    return processed_request(user, claim=claim)


@situation(ORGANISATION, "GitHub has just stated the role, and did not show the members")
def _members_unknown(stage: Stage) -> RemovalRequest:
    stage.index(CLUB, stage.numbered(CLUB))
    user = stage.person("hale-ostrander")
    claim = stage.role(user, "organisation", stage.world.account(CLUB), CLUB)
    MemberCount.objects.all().delete()
    return processed_request(user, claim=claim)


@situation(ORGANISATION, "a mere member asks, and an owner confirms through a link")
def _second_owner(stage: Stage) -> RemovalRequest:
    stage.index(NORRVIK, stage.numbered(NORRVIK))
    user = stage.person("wren-abernathy")
    organisation = stage.world.account(NORRVIK)
    claim = Claim.objects.create(user=user, kind="organisation", subject_id=organisation.id, name=NORRVIK)
    count_members(organisation.id)
    request = processed_request(user, claim=claim)
    confirm(request, stage.person("sunniva-dahl"), stage)
    return again(request)


def confirm(request: RemovalRequest, owner: Any, stage: Stage) -> None:
    """The owner follows the link, and GitHub has just stated their role."""
    if not Claim.objects.filter(user=owner, kind="organisation").exists():
        stage.role(owner, "organisation", stage.world.account(NORRVIK), NORRVIK)
    claim = request.items.get().claim
    made = inviting.invite(by=request.requester, reference=request.reference, claim_id=claim.pk)
    inviting.confirm(by=owner, code=inviting.code_of(made))


@situation(ORGANISATION, "large, and a second owner confirms; the switch for large ones is off")
def _large_two_owners_off(stage: Stage) -> Told:
    [part] = parts_for(_large_two_owners(stage))
    assert part.is_open
    return Told("reviewer", "`POLICY_ACCEPTS_LARGE_ORGANISATIONS`", " ".join(part.guards))


def _large_two_owners(stage: Stage) -> RemovalRequest:
    request = large(stage)
    confirm(request, second_owner(stage), stage)
    return again(request)


@situation(ORGANISATION, "large, and a second owner confirms; the switch for large ones is on")
def _large_two_owners_on(stage: Stage) -> RemovalRequest:
    stage.settings.POLICY_ACCEPTS = {**stage.settings.POLICY_ACCEPTS, "large_organisation": True}
    return _large_two_owners(stage)


def _windowed(stage: Stage, outcome: ObjectionWindow.Outcome) -> RemovalRequest:
    stage.settings.POLICY_ACCEPTS = {**stage.settings.POLICY_ACCEPTS, "large_organisation": True}
    owner = second_owner(stage)
    submitted_request(owner, email="sunniva@dahl.example")
    request = large(stage)
    window = request.windows.get()
    if outcome == ObjectionWindow.Outcome.PASSED:
        window.notices.update(sent_at=clock.now())
    ObjectionWindow.objects.filter(pk=window.pk).update(
        opened_at=clock.now() - windows.LENGTH * 2, ends_at=clock.now() - windows.LENGTH
    )
    windows.close(window_id=window.pk)
    assert request.windows.get().outcome == outcome
    return again(request)


@situation(
    ORGANISATION, "large, seven days passed, a co-owner was told and nobody objected; the switch is on"
)
def _window(stage: Stage) -> RemovalRequest:
    return _windowed(stage, ObjectionWindow.Outcome.PASSED)


@situation(ORGANISATION, "large, seven days passed, and no mail reached a co-owner; the switch is on")
def _window_untold(stage: Stage) -> RemovalRequest:
    return _windowed(stage, ObjectionWindow.Outcome.NOBODY_TOLD)


@situation(ORGANISATION, "accepted, and then a co-owner objects")
def _objection(stage: Stage) -> Told:
    stage.index(NORRVIK, stage.numbered(NORRVIK))
    user, organisation = stage.person("hale-ostrander"), stage.world.account(NORRVIK)
    claim = stage.role(user, "organisation", organisation, NORRVIK)
    request = processed_request(user, claim=claim, email="hale@ostrander.example")
    assert request.state == "accepted"
    owner = stage.person("sunniva-dahl")
    stage.role(owner, "organisation", organisation, NORRVIK)
    objecting.raise_objection(
        by=owner, request_id=request.pk, organisation_id=organisation.id, reason="It is ours together."
    )
    request.refresh_from_db()
    assert (request.state, request.items.get().state) == ("in_review", "open")
    [mail] = request.mails.filter(kind="objected")
    return Told("reviewer", "`objection`", _sentence(mail.body, "An owner of"))


def _stated(case: str, names: tuple[str, ...], noted: tuple[str, ...] = ()) -> Any:
    wording = Wording(
        case=case,
        names=tuple(parse_owner(name) for name in names),
        noted=noted,
        evidence="The same key signed both.",
        links=(),
        email="tamsin@vale.example",
    )
    statement = statements.write_down(wording=wording)
    code = private_links.confirm_code(statement)
    return statements.confirm(statement_id=statement.pk, code=code, dataset=the_stack())


@situation(LOST, "asked for on the form without a GitHub account, the address confirmed by mail")
def _lost(stage: Stage) -> RemovalRequest:
    from bigcode_optout.removals import tasks

    stage.index("tamsin-vale", {"garden": None})
    request = _stated("deleted", ("tamsin-vale",)).request
    tasks.process(request.pk)
    request.refresh_from_db()
    return request


@situation(OTHER, "an address on another host, on the form without a GitHub account")
def _other_host(stage: Stage) -> Told:
    noted = _stated("other_host", (), ("https://gitlab.example/me/thing",))
    assert noted.request is None
    [mail] = noted.mails.filter(kind="noted")
    return Told("noted", "`other_host`", _sentence(mail.body, "The Stack is made from"))


def _sentence(text: str, begin: str) -> str:
    """The sentence of a mail that begins so."""
    _, found, rest = text.partition(begin)
    assert found, text
    # A full stop in an address ends no sentence.
    return " ".join(f"{begin}{rest}".partition(". ")[0].split()) + "."


@situation(ACCOUNT, "the same was asked for before by the same person")
def _twice(stage: Stage) -> Told:
    stage.index("quillon-marsh", stage.numbered("quillon-marsh"))
    user = stage.person("quillon-marsh")
    elder = processed_request(user)
    later = processed_request(user, email="quillon@saltmarsh.example")
    assert (later.state, later.merged_into) == ("merged", elder)
    [mail] = later.mails.filter(kind="merged")
    sentence = _sentence(mail.body, "You had asked for the same before")
    return Told("merged", "`duplicate`", sentence.replace(elder.reference, "(the earlier one)"))


@situation(ACCOUNT, "somebody asked for it before without an account")
def _stranger_first(stage: Stage) -> RemovalRequest:
    stage.index("quillon-marsh", stage.numbered("quillon-marsh"))
    _stated("lost", ("quillon-marsh",))
    return processed_request(stage.person("quillon-marsh"))


@situation(NEAR, "one letter beside the person’s own login")
def _near(stage: Stage) -> Told:
    user = stage.person("quillon-marsh")
    meant = meant_by(OwnerName("quilon-marsh"), user)
    assert meant == ["quillon-marsh"]
    assert not make_draft(user).items.filter(name="quilon-marsh").exists()
    return Told("asked first", "`near_miss`", question(meant))


@situation(ANYBODY, "somebody else’s account, as an organisation")
def _somebody_else(stage: Stage) -> Told:
    with pytest.raises(Refused) as refused:
        require_organisation(by=stage.person("quillon-marsh"), name=OwnerName("moss-kettering"))
    return Told("refused", f"`{refused.value.code}`", refused.value.sentence)


def _refused(typed: str) -> Told:
    with pytest.raises(NameRefused) as refused:
        parse_owner(typed)
    return Told("refused", f"`{refused.value.code}`", refused.value.sentence)


@situation(ANYBODY, "`ghost`")
def _ghost(stage: Stage) -> Told:
    return _refused("ghost")


@situation(ANYBODY, "an address that GitHub keeps for itself")
def _reserved(stage: Stage) -> Told:
    return _refused("settings")


@situation(ANYBODY, "a wildcard")
def _wildcard(stage: Stage) -> Told:
    return _refused("quillon-*")
