"""Builders that make people, indexes and requests through the real services."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.catalog import services as catalog
from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim
from bigcode_optout.core import clock
from bigcode_optout.removals import drafting, services, tasks
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.submission import ScopeChoice, Submission

DATA_DATE = dt.date(2023, 9, 6)
# One row a file: repository as in the dataset, its number or None, size in bytes.
Row = tuple[str, int | None, int]


def make_index(
    folder: Path, rows: Iterable[Row], *, version: str = "v2.1", data_date: dt.date = DATA_DATE
) -> DatasetVersion:
    """Build and register an index of The Stack from file rows."""
    listed = list(rows)
    table = pa.table(
        {
            "repo_name": pa.array([row[0] for row in listed], pa.string()),
            "github_id": pa.array([row[1] for row in listed], pa.int64()),
            "length_bytes": pa.array([row[2] for row in listed], pa.int64()),
            "language": pa.array(["Python"] * len(listed), pa.string()),
            "path": pa.array([f"/file{number}.py" for number in range(len(listed))], pa.string()),
        }
    )
    source = folder / f"{version}.parquet"
    pq.write_table(table, source)
    build = catalog.build_index(
        dataset="the-stack", version=version, schema="v2", data_date=data_date, inputs=[source]
    )
    return build.version


def the_stack() -> Dataset:
    """The dataset, also where no index was built."""
    found, _ = Dataset.objects.get_or_create(slug="the-stack", defaults={"title": "The Stack"})
    return found


def make_user(
    github_id: int = 501,
    login: str = "otter-quay",
    created_at: dt.datetime = dt.datetime(2012, 5, 1, tzinfo=dt.UTC),
) -> User:
    """Somebody who has signed in with GitHub: person, identity, proven account claim."""
    user = User.objects.create_user(f"gh-{github_id}")
    identity = GitHubIdentity.objects.create(
        user=user, github_id=github_id, login=login, account_created_at=created_at, seen_at=clock.now()
    )
    claims.claim_account(identity)
    return user


def make_persona(sandbox: object, login: str) -> User:
    """One of the stand-in's people, signed in."""
    account = sandbox.world.account(login)  # type: ignore[attr-defined]
    return make_user(account.id, account.login, dt.datetime.fromisoformat(account.created_at))


def make_reviewer(username: str = "e.thorne") -> User:
    """A member of the group of reviewers."""
    return _make_staff(username, "reviewer")


def make_release_manager(username: str = "j.amadi") -> User:
    """A member of the group of release managers."""
    return _make_staff(username, "release manager")


def _make_staff(username: str, group: str) -> User:
    from django.contrib.auth.models import Group

    user = User.objects.create_user(username, password="a long pass phrase", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def account_claim(user: User) -> Claim:
    """The person's claim of the account that they signed in with first."""
    return Claim.objects.filter(user=user, kind="account").order_by("made_at").first()  # type: ignore[return-value]


def make_draft(
    user: User, names: Iterable[str] = (), *, claim: Claim | None = None, email: str = "", **kinds: bool
) -> RemovalRequest:
    """A draft for everything of the claim, or for the named repositories."""
    claim = claim or account_claim(user)
    named = tuple(ScopeChoice(claim.pk, "repository", name) for name in names)
    choices = named or (ScopeChoice(claim.pk, "owner", claim.name),)
    draft = drafting.choose_scope(by=user, dataset=the_stack(), submission=Submission(choices, **kinds))
    if email:
        drafting.describe(by=user, dataset=the_stack(), ground="", message="", email=email)
    return draft


def submitted_request(
    user: User, names: Iterable[str] = (), *, claim: Claim | None = None, email: str = "", **kinds: bool
) -> RemovalRequest:
    """A request that was sent and not located yet."""
    draft = make_draft(user, names, claim=claim, email=email, **kinds)
    return services.submit(by=user, draft_id=draft.pk)


def processed_request(
    user: User, names: Iterable[str] = (), *, claim: Claim | None = None, email: str = "", **kinds: bool
) -> RemovalRequest:
    """A request that was located and went through the policy. Asks GitHub, so the stand-in must run."""
    request = submitted_request(user, names, claim=claim, email=email, **kinds)
    tasks.process(request.pk)
    request.refresh_from_db()
    return request


def reviewed_by_person(user: User, names: Iterable[str] = (), *, email: str = "") -> RemovalRequest:
    """A request that waits in the queue, put there without asking GitHub."""
    request = submitted_request(user, names, email=email)
    return services.begin_review(request_id=request.pk)
