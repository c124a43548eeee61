"""Every situation of a request and of a release, and every post that the desk has for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.releases import services as releases
from bigcode_optout.releases.models import Release
from bigcode_optout.removals import merging, releasing, services, two_people
from bigcode_optout.removals.deciding import declining
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.removals.services import ItemVerdict
from bigcode_optout.review.parts import parts_of
from tests.builders import make_reviewer, make_user, reviewed_by_person, submitted_request, the_stack

ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DENIED_FOR = Decision.Reason.INSUFFICIENT_PROOF


@dataclass
class Requests:
    """One request in each situation, or in one alone, each by a person of its own, who asked for the same before."""

    only: str = ""
    by_situation: dict[str, RemovalRequest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._reviewer = make_reviewer("somebody.else")
        for number, (words, build) in enumerate(self._builders().items(), start=700):
            if self.only not in ("", words):
                continue
            person = make_user(number, f"tern-{number}")
            reviewed_by_person(person)
            request = build(person)
            request.refresh_from_db()
            self.by_situation[words] = request

    def _builders(self) -> Mapping[str, Callable[[User], RemovalRequest]]:
        return {
            "received": submitted_request,
            "in review": reviewed_by_person,
            "appealed": self._appealed,
            "proposed": self._proposed,
            "question asked": self._asked,
            "accepted": self._accepted,
            "frozen": self._frozen,
            "denied": self._denied,
            "merged": self._merged,
            "left out": self._fulfilled,
            "withdrawn": lambda person: services.withdraw(
                by=person, request_id=reviewed_by_person(person).pk
            ),
            "opted back in": lambda person: services.opt_back_in(
                by=person, request_id=self._frozen(person).pk
            ),
            "expired": lambda person: services.expire(request_id=self._asked(person).pk),
        }

    def _decided(self, person: User, one: ItemVerdict) -> RemovalRequest:
        request = reviewed_by_person(person)
        verdicts = {item.pk: one for item in request.items.all()}
        return services.decide(by=self._reviewer, request_id=request.pk, verdicts=verdicts)

    def _accepted(self, person: User) -> RemovalRequest:
        return self._decided(person, ACCEPT)

    def _denied(self, person: User) -> RemovalRequest:
        return self._decided(person, ItemVerdict(Decision.Verdict.DECLINE, DENIED_FOR))

    def _appealed(self, person: User) -> RemovalRequest:
        return services.appeal(by=person, request_id=self._denied(person).pk, text="Look again.")

    def _asked(self, person: User) -> RemovalRequest:
        request = reviewed_by_person(person)
        return services.ask(by=self._reviewer, request_id=request.pk, question="Is it yours?")

    def _proposed(self, person: User) -> RemovalRequest:
        request = reviewed_by_person(person)
        verdicts = declining(request.pk, Decision.Reason.ABUSIVE)
        two_people.propose(by=self._reviewer, request_id=request.pk, verdicts=verdicts)
        return request

    def _frozen(self, person: User) -> RemovalRequest:
        request = self._accepted(person)
        releasing.freeze_items(items=request.items.all(), release="v3.0", at=clock.now())
        return request

    def _fulfilled(self, person: User) -> RemovalRequest:
        request = self._frozen(person)
        kinds = ["files", "commits", "issues"]
        releasing.fulfil_items(
            items=request.items.all(), release="v3.0", version="v3.0", kinds=kinds, at=clock.now()
        )
        return request

    def _merged(self, person: User) -> RemovalRequest:
        elder, request = person.removal_requests.get(), reviewed_by_person(person)
        return merging.merge(request_id=request.pk, elder_id=elder.pk, by=None)


def _seen(request: RemovalRequest, prefix: str = "") -> dict[str, object]:
    return {f"{prefix}seen": request.events.count(), "step": "confirm"}


def _accept(request: RemovalRequest) -> dict[str, object]:
    verdicts = {f"{part.key}-verdict": "accept" for part in parts_of(request.items.all())}
    return _seen(request) | verdicts


def _answer(request: RemovalRequest, prefix: str = "") -> dict[str, object]:
    proposal = request.proposals.first()
    return {f"{prefix}proposal": proposal.pk if proposal else 0}


# The verb in words, the address, and what is posted there.
REQUEST_POSTS: Mapping[str, tuple[str, Callable[[RemovalRequest], dict[str, object]]]] = {
    "accept": ("decide", _accept),
    "deny": ("deny", lambda request: _seen(request, "deny-") | {"deny-reason": DENIED_FOR.value}),
    "ask": ("ask", lambda request: _seen(request, "ask-") | {"ask-question": "Whose is it?"}),
    "confirm what another one proposed": (
        "confirm",
        lambda request: _seen(request, "confirm-") | _answer(request, "confirm-"),
    ),
    "refuse what another one proposed": (
        "refuse",
        lambda request: _answer(request) | {"text": "Not abusive."},
    ),
    "reopen": ("reopen", lambda request: {"text": "A slip."}),
    "merge into an earlier one": ("merge", lambda request: {}),
    "take on one’s own desk": ("assign", lambda request: {"to": "me"}),
    "write an internal note": ("note", lambda request: {"text": "Seen."}),
}


def request_address(request: RemovalRequest, name: str) -> str:
    """One of the desk's addresses of a request."""
    return reverse(f"admin:removals_removalrequest_{name}", args=[request.pk])


def make_releases() -> dict[str, Release]:
    """One in each state that a release has between plan and publication."""
    handed_over = releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.0").pk, by=None)
    releases.hand_over(release_id=handed_over.pk, by=None)
    frozen = releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    planned = releases.plan(dataset=the_stack(), name="v3.2")
    found = {"planned": planned, "frozen": frozen, "handed over": handed_over}
    for release in found.values():
        release.refresh_from_db()
    return found


RELEASE_POSTS: Mapping[str, tuple[str, tuple[str, ...], dict[str, object]]] = {
    "move the planned freeze": (
        "change",
        (),
        {"freeze_planned_at_0": "2027-02-01", "freeze_planned_at_1": "12:00:00"},
    ),
    "prepare": ("prepare", (), {}),
    "freeze": ("freeze", (), {"unprepared": "on"}),
    "export": ("export", ("csv",), {}),
    "hand over": ("hand_over", (), {}),
}


def release_address(release: Release, name: str, *more: str) -> str:
    """One of the desk's addresses of a release."""
    return reverse(f"admin:releases_release_{name}", args=[release.pk, *more])
