"""Requests that wait, each for a reason of its own: those of a generated wave, and what a wave of forms cannot have,
since somebody has to object, answer, appeal, propose or fall silent first."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import automatic, objecting, private_links, services, statements, tasks, wave
from bigcode_optout.removals.automatic import Policy
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.removals.settling import ItemVerdict
from bigcode_optout.removals.statements import Wording
from bigcode_optout.sandbox import RunningSandbox, start
from bigcode_optout.sandbox.wave import CASES, Wave, write
from bigcode_optout.sandbox.wave_names import login_of
from bigcode_optout.sandbox.world_file import load_world
from tests.builders import account_claim, make_index, make_user, processed_request, the_stack
from tests.removals.owning import owner_claim_of
from tests.two_reviewers import ACCEPT, denied_as_abusive

DENY = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)
Act = Callable[["Stage"], RemovalRequest]
# By what is special about it: invents people and repositories, and says what they then do.
SITUATIONS: dict[str, Callable[[Wave], Act]] = {}


@dataclass
class Stage:
    """Where it is played: the stand-in, a colleague who was there before, somebody who sets the policy."""

    sandbox: RunningSandbox
    settings: Any
    colleague: User
    senior: User


def situation(words: str) -> Callable[[Callable[[Wave], Act]], Callable[[Wave], Act]]:
    def register(invent: Callable[[Wave], Act]) -> Callable[[Wave], Act]:
        SITUATIONS[words] = invent
        return invent

    return register


def of_the_generator(case: str) -> Callable[[Wave], Act]:
    """One person of the generator's case, who signs in, claims and sends."""

    def invent(world: Wave) -> Act:
        first = len(world.people)
        CASES[case](world, case)
        people = [asdict(one) for one in world.people[first:]]
        return lambda stage: [_through_the_desk(one) for one in people][-1]

    return invent


for _case in CASES:
    SITUATIONS[_case] = of_the_generator(_case)


def _through_the_desk(person: dict[str, Any]) -> RemovalRequest:
    return _processed(wave.send(person, dataset=the_stack()))


def _processed(request: RemovalRequest) -> RemovalRequest:
    tasks.process(request.pk)
    request.refresh_from_db()
    return request


def _signed_in(account: dict[str, Any]) -> User:
    return make_user(account["id"], account["login"])


def _name_taker(world: Wave) -> Callable[[], RemovalRequest]:
    """Somebody whose account is younger than what stands under its name."""
    CASES["own, name taken from somebody"](world, "")
    person = asdict(world.people[-1])
    return lambda: _through_the_desk(person)


def _without_account(
    stage: Stage, case: str, names: str, noted: str = "", language: str = "en"
) -> RemovalRequest:
    wording = Wording(
        case=case,
        names=(parse_owner(names),),
        noted=(noted,) if noted else (),
        evidence="The same key signed both.",
        links=("https://tern.example/about",),
        email="tern@hollow.example",
    )
    statement = statements.write_down(wording=wording)
    code = private_links.confirm_code(statement)
    confirmed = statements.confirm(
        statement_id=statement.pk, code=code, dataset=the_stack(), language=language
    )
    assert confirmed.request is not None
    return _processed(confirmed.request)


def _somebody_who_left(world: Wave) -> str:
    """The login of somebody with repositories, who does not sign in."""
    account = world.account()
    world.repositories_of(account, 2)
    return str(account["login"])


@situation("the account was lost, and the form was written without one")
def _lost(world: Wave) -> Act:
    login = _somebody_who_left(world)
    return lambda stage: _without_account(stage, "lost", login)


@situation("the account was deleted, and part of the code stands on another host")
def _other_host(world: Wave) -> Act:
    login = _somebody_who_left(world)
    return lambda stage: _without_account(stage, "deleted", login, noted="https://gitlab.example/me/thing")


@situation("somebody asks in German for one who has died")
def _deceased(world: Wave) -> Act:
    login = _somebody_who_left(world)
    return lambda stage: _without_account(stage, "deceased", login, language="de")


@situation("a former login of which too little leads to the account")
def _former_login(world: Wave) -> Act:
    account = world.account()
    former = login_of(account["id"] + 2_000_000_000)
    account["former_logins"] = [former]
    world.repository(account, name_in_data=f"{former}/kept")
    world.rows += [{"name": f"{former}/gone-{number}", "id": None, "bytes": 10} for number in range(3)]

    def act(stage: Stage) -> RemovalRequest:
        user = _signed_in(account)
        name = parse_owner(former)
        claim = claim_former_login(by=user, claim_id=account_claim(user).pk, name=name)
        return processed_request(user, claim=claim)

    return act


@situation("an old account in a freed name, whose repositories went elsewhere")
def _moved_in(world: Wave) -> Act:
    before, account = world.account(), world.account()
    world.repository(before, name_in_data=f"{account['login']}/engine")
    return lambda stage: processed_request(_signed_in(account))


@situation("nothing of the name is confirmed by GitHub")
def _not_confirmed(world: Wave) -> Act:
    account = world.account()
    world.rows.append({"name": f"{account['login']}/gone", "id": None, "bytes": 10})
    return lambda stage: processed_request(_signed_in(account))


@situation("GitHub was silent")
def _silent(world: Wave) -> Act:
    account = world.account()
    world.repositories_of(account, 2)

    def act(stage: Stage) -> RemovalRequest:
        user, patience = _signed_in(account), stage.settings.GITHUB_PATIENCE_SECONDS
        stage.settings.GITHUB_PATIENCE_SECONDS = -1
        stage.sandbox.faults.add(path=".*", kind="server_error", times=1000)
        try:
            return processed_request(user)
        finally:
            stage.sandbox.faults.clear()
            stage.settings.GITHUB_PATIENCE_SECONDS = patience

    return act


@situation("a co-owner objects")
def _objected(world: Wave) -> Act:
    owner, other = world.account(), world.account()
    organisation = world.account(type="Organization")
    for account in (owner, other):
        world.join(organisation, account, "admin")
    world.repositories_of(organisation, 3)
    named = {"organisation_id": organisation["id"], "name": organisation["login"]}

    def act(stage: Stage) -> RemovalRequest:
        asks, objects = _signed_in(owner), _signed_in(other)
        request = processed_request(asks, claim=owner_claim_of(asks, **named))
        owner_claim_of(objects, **named)
        reason = "It is ours together, and we want it in."
        objecting.raise_objection(
            by=objects, request_id=request.pk, organisation_id=organisation["id"], reason=reason
        )
        return request

    return act


@situation("an appeal")
def _appealed(world: Wave) -> Act:
    ask = _name_taker(world)

    def act(stage: Stage) -> RemovalRequest:
        request = ask()
        _decided(request, stage.colleague, DENY)
        return services.appeal(by=request.requester, request_id=request.pk, text="I had it before, too.")

    return act


@situation("asked for more while the first request waits")
def _asked_again(world: Wave) -> Act:
    account = world.account(created_at="2024-03-01T10:00:00Z")
    name = world.repository(account, is_gone=True)
    world.repository(account, is_gone=True)

    def act(stage: Stage) -> RemovalRequest:
        user = _signed_in(account)
        first = processed_request(user, [name])
        services.assign(by=stage.colleague, request_id=first.pk, to=stage.colleague)
        return processed_request(user)

    return act


@situation("the question was answered")
def _answered(world: Wave) -> Act:
    ask = _name_taker(world)

    def act(stage: Stage) -> RemovalRequest:
        request = ask()
        services.ask(by=stage.colleague, request_id=request.pk, question="Since when is it yours?")
        return services.answer(by=request.requester, request_id=request.pk, text="Since last spring.")

    return act


@situation("a colleague proposed to deny it as abusive")
def _proposed(world: Wave) -> Act:
    ask = _name_taker(world)

    def act(stage: Stage) -> RemovalRequest:
        request = ask()
        denied_as_abusive(request, stage.colleague)
        return request

    return act


@situation("a colleague took the decision back")
def _reopened(world: Wave) -> Act:
    ask = _name_taker(world)

    def act(stage: Stage) -> RemovalRequest:
        request = ask()
        _decided(request, stage.colleague, ACCEPT)
        return services.reopen(by=stage.colleague, request_id=request.pk, text="The number is another one’s.")

    return act


@situation("all is shown, and the policy was stopped")
def _policy_stopped(world: Wave) -> Act:
    account = world.account()
    world.repositories_of(account, 2)

    def act(stage: Stage) -> RemovalRequest:
        _switch(stage, is_stopped=True)
        try:
            return processed_request(_signed_in(account))
        finally:
            _switch(stage, is_stopped=False)

    return act


@situation("two repositories of others at once")
def _two_parts(world: Wave) -> Act:
    owner = world.account()
    names = [world.repository(owner) for _ in range(2)]
    account = world.account()

    def act(stage: Stage) -> RemovalRequest:
        user = _signed_in(account)
        asks = [{"kind": "repository", "name": name} for name in names]
        person = {"github_id": account["id"], "login": account["login"], "created_at": account["created_at"]}
        assert user.identities.exists()
        return _through_the_desk(person | {"asks": asks, "token": ""})

    return act


def _decided(request: RemovalRequest, by: User, one: ItemVerdict) -> None:
    verdicts = dict.fromkeys(request.items.values_list("pk", flat=True), one)
    services.decide(by=by, request_id=request.pk, verdicts=verdicts)


def _switch(stage: Stage, *, is_stopped: bool) -> None:
    policy = Policy(**{**vars(automatic.current()), "is_stopped": is_stopped})
    automatic.change(by=stage.senior, policy=policy, reason="A drill.")


def played(folder: Path, stage_of: Callable[[RunningSandbox], Stage]) -> dict[str, RemovalRequest]:
    """Every situation, in one world, in the order of the table; the stand-in has ended when it returns."""
    world = Wave(seed=11)
    acts = {words: invent(world) for words, invent in SITUATIONS.items()}
    write(world, folder)
    make_index(folder, [(row["name"], row["id"], row["bytes"]) for row in world.rows])
    running = start(port=0, world=load_world(folder / "world.json"))
    try:
        stage = stage_of(running)
        return {words: act(stage) for words, act in acts.items()}
    finally:
        running.stop()
