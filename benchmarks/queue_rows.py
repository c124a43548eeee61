"""Rows for a full queue: requests in every state, with items, searches, located repositories, events and mails.

They are written past the services, in bulk, and look like what the services leave: not for anything but reading.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.claims.models import Claim
from bigcode_optout.core import clock
from bigcode_optout.removals.chaining import Link
from bigcode_optout.removals.models import (
    Decision,
    EventHead,
    LocateRun,
    OutboxMessage,
    RemovalRequest,
    RequestEvent,
    ScopeItem,
)
from bigcode_optout.review import lines

_BATCH = 2000
_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
# Of a hundred requests so many are in each state: most were decided long ago.
_STATES = (
    ["in_review"] * 10
    + ["submitted"]
    + ["needs_information"] * 3
    + ["accepted"] * 72
    + ["denied"] * 6
    + ["withdrawn"] * 8
)
_GUARDS = (
    ["name_taker"],
    ["large_organisation", "role_not_proven"],
    ["github_silent"],
    ["other_owner", "not_confirmed"],
    [],
)
_PROOFS = ("unproven", "partly", "contradicted", "unproven", "proven")
_GROUNDS = ("", "objection", "licence", "", "personal", "")
VERSIONS = (("v3", dt.date(2026, 3, 1)), ("v2.1", dt.date(2023, 9, 6)))


@dataclass(frozen=True)
class _Plan:
    """What request number `number` is."""

    number: int

    @property
    def state(self) -> str:
        return _STATES[self.number * 37 % 100]

    @property
    def is_open(self) -> bool:
        return self.state in ("in_review", "submitted", "needs_information")

    @property
    def kind(self) -> str:
        return "organisation" if self.number % 11 == 0 else "account"

    @property
    def login(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def guards(self) -> list[str]:
        return _GUARDS[self.number % 5] if self.is_open else []

    @property
    def proof(self) -> str:
        return _PROOFS[self.number % 5] if self.is_open else "proven"

    @property
    def reference(self) -> str:
        number, letters = self.number, ""
        for _ in range(8):
            number, rest = divmod(number, len(_LETTERS))
            letters = _LETTERS[rest] + letters
        return f"OPT-{letters[:4]}-{letters[4:]}"

    def repository_count(self, mean: int) -> int:
        """Most have few and some have very many; `mean` on the average."""
        if self.number % 100 == 0:
            return mean * 40
        return mean * 3 if self.number % 10 == 0 else mean * 35 // 100


def fill(*, request_count: int, located_mean: int, reviewers: list[User]) -> None:
    """Write `request_count` requests, each with about `located_mean` repositories in each of two versions."""
    dataset, _ = Dataset.objects.get_or_create(slug="the-stack", defaults={"title": "The Stack"})
    versions = [
        DatasetVersion.objects.get_or_create(
            dataset=dataset,
            name=name,
            defaults={"schema": "v2", "data_date": day, "registered_at": clock.now()},
        )[0]
        for name, day in VERSIONS
    ]
    for start in range(1, request_count + 1, _BATCH):
        plans = [_Plan(number) for number in range(start, min(start + _BATCH, request_count + 1))]
        _write(plans, dataset, versions, reviewers, located_mean)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    lines.rebuild()


def _write(
    plans: list[_Plan], dataset: Dataset, versions: list[DatasetVersion], reviewers: list[User], mean: int
) -> None:
    now = clock.now()
    people = User.objects.bulk_create(User(username=f"gh-{10_000 + plan.number}") for plan in plans)
    GitHubIdentity.objects.bulk_create(
        GitHubIdentity(
            user=user,
            github_id=10_000 + plan.number,
            login=f"person-{plan.number}",
            login_key=f"person-{plan.number}",
            account_created_at=now - dt.timedelta(days=400 + plan.number % 4000),
            seen_at=now,
        )
        for plan, user in zip(plans, people, strict=True)
    )
    claims = Claim.objects.bulk_create(
        Claim(
            user=user,
            kind=plan.kind,
            name=plan.login,
            name_key=plan.login,
            subject_id=1_000_000 + plan.number,
        )
        for plan, user in zip(plans, people, strict=True)
    )
    requests = RemovalRequest.objects.bulk_create(
        _request(plan, user, dataset, reviewers, now) for plan, user in zip(plans, people, strict=True)
    )
    items = ScopeItem.objects.bulk_create(_items(plans, requests, claims))
    runs = LocateRun.objects.bulk_create(
        LocateRun(
            request=request,
            version=version,
            state="done",
            finished_at=now,
            repository_count=plan.repository_count(mean),
        )
        for plan, request in zip(plans, requests, strict=True)
        for version in versions
    )
    _locate(runs[0].pk, runs[-1].pk)
    _events(plans, requests, now)
    Decision.objects.bulk_create(
        Decision(
            item=item,
            verdict="accept" if plan.state == "accepted" else "decline",
            reason="control_shown" if plan.state == "accepted" else "insufficient_proof",
            sentence="You may decide about it, so we leave it out.",
            rule="own_account",
            decided_at=now,
        )
        for plan, item in zip(plans, items, strict=True)
        if plan.state in ("accepted", "denied")
    )
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            request=request,
            kind="received",
            address="somebody@example.org",
            subject="We have your request",
            body="We have your request. " * 40,
            written_at=now,
            sent_at=now,
        )
        for request in requests
    )


def _request(
    plan: _Plan, user: User, dataset: Dataset, reviewers: list[User], now: dt.datetime
) -> RemovalRequest:
    # Those that are open came lately; of the others a third was decided in the last month.
    age = dt.timedelta(minutes=plan.number % 40_000 if plan.is_open else 5_000 + plan.number * 7 % 130_000)
    sent = now - age
    is_decided = plan.state in ("accepted", "denied")
    return RemovalRequest(
        reference=plan.reference,
        requester=user,
        dataset=dataset,
        state=plan.state,
        ground=_GROUNDS[plan.number % 6],
        message="Please leave my code out of it. " * 8,
        submitted_at=sent,
        due_at=sent + dt.timedelta(days=30),
        clock_stopped_at=now if plan.state == "needs_information" else None,
        decided_at=sent + dt.timedelta(minutes=2 + plan.number % 3000) if is_decided else None,
        was_appealed=plan.state == "in_review" and plan.number % 90 == 3,
        canonical_text="We were asked to leave out what stands under this name. " * 12,
        canonical_sha256="0" * 64,
        assignee=reviewers[plan.number % len(reviewers)] if plan.is_open and plan.number % 4 == 0 else None,
    )


def _items(plans: list[_Plan], requests: list[RemovalRequest], claims: list[Claim]) -> Iterator[ScopeItem]:
    states = {"accepted": "accepted", "denied": "declined"}
    for plan, request, claim in zip(plans, requests, claims, strict=True):
        yield ScopeItem(
            request=request,
            claim=claim,
            kind="owner",
            name=plan.login,
            name_key=plan.login,
            owner_id=claim.subject_id,
            state=states.get(plan.state, "open"),
            proof_state=plan.proof,
            assessment={"verdict": plan.proof, "rule": "", "guards": plan.guards, "versions": {}},
        )


def _events(plans: list[_Plan], requests: list[RemovalRequest], now: dt.datetime) -> None:
    ends = {"accepted": "accept", "denied": "deny", "needs_information": "ask", "withdrawn": "withdraw"}
    rows, heads = [], []
    for plan, request in zip(plans, requests, strict=True):
        codes = ["submit", "begin_review", *([ends[plan.state]] if plan.state in ends else [])]
        last_hash = ""
        for number, code in enumerate(codes, start=1):
            link = Link(
                request_id=request.pk,
                number=number,
                code=code,
                by_role="policy" if code == "accept" and plan.number % 8 else "system",
                by_id=None,
                from_state="",
                to_state="",
                data={},
                is_internal=False,
                happened_at=now,
                text_hash="",
                previous_hash=last_hash,
            )
            last_hash = link.hash
            rows.append(RequestEvent(**vars(link), hash=last_hash))
        heads.append(EventHead(request=request, number=len(codes), hash=last_hash))
    RequestEvent.objects.bulk_create(rows)
    EventHead.objects.bulk_create(heads)


def _locate(first_run: int, last_run: int) -> None:
    """One row a repository, made by the database: PostgreSQL and SQLite both count by recursion."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE counted(place) AS (
                SELECT 1 UNION ALL SELECT place + 1 FROM counted
                WHERE place < (SELECT max(repository_count) FROM removals_locaterun WHERE id BETWEEN %s AND %s)
            )
            INSERT INTO removals_locatedrepository
                (run_id, item_id, full_name, repository_id, file_count, byte_count, by_name, by_repository_id)
            SELECT run.id, item.id, item.name || '/repository-' || counted.place,
                   item.request_id * 10000 + counted.place, 12, 34567, true, true
            FROM removals_locaterun AS run
            JOIN removals_scopeitem AS item ON item.request_id = run.request_id
            JOIN counted ON counted.place <= run.repository_count
            WHERE run.id BETWEEN %s AND %s
            """,
            [first_run, last_run, first_run, last_run],
        )
