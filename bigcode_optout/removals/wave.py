"""Send an invented wave through the desk as its people would, and compare what came of it with what is right.

The wave is a folder of `python -m bigcode_optout.sandbox.wave`; the site's GitHub is the stand-in with its world.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.accounts.services import free_username, record_sign_in
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import claims_of
from bigcode_optout.claims.steps import ask_for_role
from bigcode_optout.core import clock
from bigcode_optout.githubapi import Account, Deadline
from bigcode_optout.names import parse
from bigcode_optout.removals import drafting, services
from bigcode_optout.removals.models import RemovalRequest, RequestEvent, RequestState
from bigcode_optout.removals.submission import ScopeChoice, Submission

_KINDS = {ClaimKind.ACCOUNT.value: "owner", ClaimKind.ORGANISATION.value: "owner"}
# What became of a request, in the words of the wave.
_OUTCOMES = {
    RequestState.ACCEPTED.value: "accept",
    RequestState.IN_REVIEW.value: "queue",
    RequestState.MERGED.value: "merge",
    RequestState.SUBMITTED.value: "not located yet",
}


def people(folder: Path) -> Iterator[dict[str, Any]]:
    """Who asks for what, in the order of the wave."""
    with (folder / "people.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def rows(folder: Path) -> Iterator[tuple[str, int | None, int]]:
    """What stands in the dataset: repository, number, bytes."""
    with (folder / "rows.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["name"], row["id"], row["bytes"]


def send(person: dict[str, Any], *, dataset: Dataset) -> RemovalRequest:
    """Sign in, claim, let GitHub state roles, choose, send. Raises what the services raise, and `GitHubError`."""
    user = _signed_in(person)
    choices = []
    for ask in person["asks"]:
        claim = _claim(user, ask, person["token"])
        kind = _KINDS.get(ask["kind"], "repository")
        choices.append(ScopeChoice(claim.pk, kind, claim.name))
    draft = drafting.choose_scope(by=user, dataset=dataset, submission=Submission(tuple(choices)))
    return services.submit(by=user, draft_id=draft.pk)


def _signed_in(person: dict[str, Any]) -> User:
    account = Account(
        id=person["github_id"],
        login=person["login"],
        kind="User",
        created_at=datetime.fromisoformat(person["created_at"]),
    )
    known = GitHubIdentity.objects.filter(github_id=account.id).select_related("user").first()
    user = known.user if known else User.objects.create_user(free_username(account.id))
    return record_sign_in(user=user, account=account, at=clock.now()).user


def _claim(user: User, ask: dict[str, str], token: str) -> Claim:
    if ask["kind"] == ClaimKind.ACCOUNT:
        return next(claim for claim in claims_of(user) if claim.kind == ClaimKind.ACCOUNT)
    claim = claims.make_claim(by=user, name=parse(ask["name"]))
    if claim.kind != ClaimKind.ORGANISATION:
        return claim
    deadline = Deadline(settings.GITHUB_PROOF_BUDGET_SECONDS)
    return ask_for_role(claim, viewer=client().viewer(token, deadline), token=token, deadline=deadline).claim


@dataclass
class Outcome:
    """Requests by case and what became of them, and each that ended otherwise than is right.

    `reasons`: why those wait that do: guards, some requests have several, or the proof where none fired.
    `displaced`: the most places by which a request came later than its turn.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    total: int = 0
    displaced: int = 0

    def count(self, what: str) -> int:
        """How many ended so: accept, queue, merge."""
        return sum(count for (_, became), count in self.counts.items() if became == what)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`. `wrong`: reference, case, what is right, what became of it."""
        return {
            "requests": self.total,
            "accepted_by_rule": self.count("accept"),
            "waiting": self.count("queue"),
            "merged": self.count("merge"),
            "not_located": self.count("not located yet"),
            "displaced": self.displaced,
            "wrong": self.wrong,
            "reasons": dict(self.reasons.most_common()),
            "cases": {f"{case}: {became}": count for (case, became), count in sorted(self.counts.items())},
        }


def compare(folder: Path) -> Outcome:
    """What became of the wave. A person's requests are told apart by the order in which they were sent."""
    sent: dict[int, list[RemovalRequest]] = {}
    identities = Prefetch("requester__identities", GitHubIdentity.objects.all())
    requests = RemovalRequest.objects.exclude(state=RequestState.DRAFT).order_by("submitted_at", "pk")
    for request in requests.prefetch_related(identities, "items"):
        for identity in request.requester.identities.all():
            sent.setdefault(identity.github_id, []).append(request)
    by_person = set(
        RequestEvent.objects.filter(code="accept").exclude(by=None).values_list("request_id", flat=True)
    )
    outcome = Outcome()
    for person in people(folder):
        waiting = sent.get(person["github_id"], [])
        if not waiting:
            continue
        _note(outcome, person, waiting.pop(0), by_person)
    outcome.displaced = _displaced()
    return outcome


def _displaced() -> int:
    done = RequestEvent.objects.filter(code__in=("begin_review", "merge"), from_state=RequestState.SUBMITTED)
    order = done.order_by("request__submitted_at", "request_id").values_list("happened_at", "pk")
    ranks = {key: rank for rank, key in enumerate(sorted(order))}
    return max((ranks[key] - turn for turn, key in enumerate(order)), default=0)


def _note(outcome: Outcome, person: dict[str, Any], request: RemovalRequest, by_person: set[int]) -> None:
    became = (
        "accepted by a person" if request.pk in by_person else _OUTCOMES.get(request.state, request.state)
    )
    outcome.total += 1
    outcome.counts[person["case"], became] += 1
    if became == "queue":
        outcome.reasons.update(_reasons(request))
    if became != person["truth"]:
        outcome.wrong.append((str(request.reference), person["case"], person["truth"], became))


def _reasons(request: RemovalRequest) -> set[str]:
    """Why the request waits: every guard of its parts; where none fired, how far its parts are proven."""
    items = request.items.all()
    guards = {guard for item in items for guard in item.assessment.get("guards", [])}
    return guards or {f"no guard, proof: {item.proof_state}" for item in items}
