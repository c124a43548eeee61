"""Every situation of a request and of a release, and every post that the desk has for them and for itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import reverse

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.releases import access, publishing, verifying
from bigcode_optout.releases import services as releases
from bigcode_optout.releases.models import AccessToken, Release
from bigcode_optout.removals import merging, releasing, services, two_people
from bigcode_optout.removals.deciding import declining
from bigcode_optout.removals.models import Decision, PolicyChange, ReasonText, RemovalRequest
from bigcode_optout.removals.services import ItemVerdict
from bigcode_optout.review.models import BulkRun, OpenRequest, SavedView
from bigcode_optout.review.parts import parts_of
from tests.builders import make_reviewer, make_user, reviewed_by_person, submitted_request, the_stack
from tests.releases.builders import accepted_request
from tests.releases.proving import as_bytes, report_of
from tests.releases.proving import found as findings_in

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
    """One in each state that a release can have."""
    accepted_request(make_user(690, "rook-lane"))
    found: dict[str, Release] = {}
    for number, state in enumerate(("failed", "published", "verified", "handed over", "frozen", "planned")):
        release = releases.plan(dataset=the_stack(), name=f"v3.{number}")
        found[state] = release
        for step in _STEPS[: _STEP_COUNTS[state]]:
            step(release)
        release.refresh_from_db()
        if state == "failed":
            verifying.record(release_id=release.pk, report=findings_in(release, 0), by=None)
        if state == "published":
            version = release.version_names[-1]
            publishing.publish(release_id=release.pk, version=version, absent_kinds=_NO_REPORT, by=None)
    for release in found.values():
        release.refresh_from_db()
    return dict(reversed(found.items()))


_STEPS = (
    lambda release: releases.freeze(release_id=release.pk, by=None),
    lambda release: releases.hand_over(release_id=release.pk, by=None),
    lambda release: verifying.record(release_id=release.pk, report=as_bytes(_clean(release)), by=None),
)
_STEP_COUNTS = {"planned": 0, "frozen": 1, "handed over": 2, "failed": 2, "verified": 3, "published": 3}


def _clean(release: Release) -> dict[str, object]:
    release.refresh_from_db()
    return report_of(release)


def _found(release: Release) -> bytes:
    """Something was left of the first rule; a release without a list has no rules to find anything of."""
    return as_bytes(report_of(release)) if release.state == "open" else findings_in(release, 0)


def _upload(content: bytes) -> dict[str, object]:
    return {"report": SimpleUploadedFile("R.json", content, content_type="application/json")}


# What the dataset honours and the clean report is not about.
_NO_REPORT = ("commits",)
_DATE = {
    "freeze_planned_at_0": "2027-02-01",
    "freeze_planned_at_1": "12:00:00",
    "shared_content": "drop",
}
Data = Callable[[Release], dict[str, object]]
RELEASE_POSTS: Mapping[str, tuple[str, tuple[str, ...], Data]] = {
    "move the planned freeze": ("change", (), lambda release: _DATE),
    "prepare": ("prepare", (), lambda release: {}),
    "freeze": ("freeze", (), lambda release: {"unprepared": "on"}),
    "export": ("export", ("csv",), lambda release: {}),
    "hand over": ("hand_over", (), lambda release: {}),
    "record a clean report": ("record", (), lambda release: _upload(as_bytes(report_of(release, files=4)))),
    "record a report with findings": ("record", (), lambda release: _upload(_found(release))),
    "publish": (
        "publish",
        (),
        lambda release: {"version": release.version_names[-1], "absent": list(_NO_REPORT)},
    ),
    "plan a patch release": ("patch", (), lambda release: {"name": "v3.0.1"}),
}


def release_address(release: Release, name: str, *more: str) -> str:
    """One of the desk's addresses of a release."""
    return reverse(f"admin:releases_release_{name}", args=[release.pk, *more])


def desk_posts() -> Mapping[str, tuple[str, dict[str, object], type[Model]]]:
    """What belongs to no single request or release: the address, what is posted, and the rows that tell it was done."""
    request = reviewed_by_person(make_user(691, "fen-lane"))
    token = access.issue(
        holder="Kelp Lab",
        scopes=["list"],
        expires_at=clock.now() + timedelta(days=9),
        has_accepted_terms=False,
        by=User.objects.create_superuser("somebody.above"),
    ).token
    queue = reverse("admin:removals_removalrequest_changelist")
    text = reverse("admin:removals_reasontext_text", args=["decline", "no_authority", "en"])
    view = {"name": "To do", "list": "waiting=us"}
    policy = {"number": 0, "large_from_members": 40, "large_from_repositories": 80, "reason": "A try."}
    day = (clock.today() + timedelta(days=9)).isoformat()
    return {
        "open the next in queue": (
            reverse("admin:removals_removalrequest_next"),
            {"list": "waiting=us"},
            OpenRequest,
        ),
        "plan a bulk step": (queue, {"action": "ask", "_selected_action": [request.pk]}, BulkRun),
        "save a view of one’s own": (
            reverse("admin:removals_removalrequest_keep_view"),
            view,
            SavedView,
        ),
        "save a view for everybody": (
            reverse("admin:removals_removalrequest_keep_view"),
            view | {"is_shared": "on"},
            SavedView,
        ),
        "write a text of a reason": (
            text,
            {"sentence": "Ask an owner of {part}.", "version": 0, "step": "keep"},
            ReasonText,
        ),
        "set the policy": (reverse("admin:policy"), policy, PolicyChange),
        "stop the policy": (
            reverse("admin:policy"),
            {"stop": "1", "number": 0, "reason": "A wave of wrong ones."},
            PolicyChange,
        ),
        "make a token for a script": (
            reverse("admin:releases_accesstoken_add"),
            {"holder": "Reef Lab", "scopes": ["list"], "last_day": day},
            AccessToken,
        ),
        "revoke a token": (
            reverse("admin:releases_accesstoken_revoke", args=[token.pk]),
            {},
            LogEntry,
        ),
        "make somebody staff": (
            reverse("admin:accounts_user_add"),
            {"username": "new.here", "usable_password": "false"},
            LogEntry,
        ),
        "change a dataset": (
            reverse("admin:catalog_dataset_change", args=[the_stack().pk]),
            {"title": "The Stack", "honoured_kinds": ["files"]},
            LogEntry,
        ),
    }
