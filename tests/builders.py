"""Builders that make people, indexes and requests through the real services."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.catalog import services as catalog
from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, MemberCount
from bigcode_optout.core import clock
from bigcode_optout.datasetindex import IndexManifest, build
from bigcode_optout.datasetindex.samples import write_rows
from bigcode_optout.names import parse
from bigcode_optout.removals import drafting, private_links, services, statements, tasks
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.submission import ScopeChoice, Submission

DATA_DATE = dt.date(2023, 9, 6)
# What was built in this process, by rows, version and date; removed with the process's data folder.
_BUILT: dict[tuple[object, ...], tuple[Path, IndexManifest]] = {}
TEST_DATA = os.environ["DATA_DIR"]
# One row a file: repository as in the dataset, its number or None, size in bytes.
Row = tuple[str, int | None, int]


def make_index(
    folder: Path, rows: Iterable[Row], *, version: str = "v2.1", data_date: dt.date = DATA_DATE
) -> DatasetVersion:
    """Build and register an index of The Stack from file rows.

    The same rows are built once a process; later calls get copies of those files, registered like any other build.
    """
    listed = tuple(rows)
    source = folder / f"{version}.parquet"
    write_rows(source, listed)
    is_replaced = catalog.build is not build  # by a test that makes the building itself go wrong
    builder = catalog.build if is_replaced else partial(_build_once, (listed, version, data_date))
    with mock.patch.object(catalog, "build", builder):
        made = catalog.build_index(
            dataset="the-stack",
            version=version,
            schema="v2",
            data_date=data_date,
            inputs=[source],
            may_shrink=True,
        )
    return made.version


def _build_once(
    key: tuple[object, ...], inputs: Sequence[Path], *, output: Path, **options: Any
) -> IndexManifest:
    """The real builder, or a copy of what it made of the same rows: a third of the suite's time went into it."""
    if key in _BUILT:
        made, manifest = _BUILT[key]
        for folder in made.parent.iterdir():
            shutil.copytree(folder, output.with_name(folder.name.replace(made.name, output.name)))
        return manifest
    manifest = build(inputs, output=output, **options)
    made = Path(tempfile.mkdtemp(dir=TEST_DATA)) / "index"
    for folder in output.parent.glob(f"{output.name}*"):
        shutil.copytree(folder, made.with_name(folder.name.replace(output.name, made.name)))
    _BUILT[key] = made, manifest
    return manifest


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


def count_members(organisation_id: int, count: int = 3, *, is_whole: bool = True) -> None:
    """GitHub has just shown so many members of the organisation."""
    MemberCount.objects.update_or_create(
        organisation_id=organisation_id,
        is_whole=is_whole,
        defaults={"count": count, "counted_at": clock.now()},
    )


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


def stated_request(name: str, *, email: str = "sender@quay.example", case: str = "lost") -> RemovalRequest:
    """A request of somebody without a GitHub account, confirmed from the mail, not located yet."""
    wording = statements.Wording(
        case=case, names=(parse(name),), noted=(), evidence="It was mine.", links=(), email=email
    )
    written = statements.write_down(wording=wording)
    code = private_links.confirm_code(written)
    sent = statements.confirm(statement_id=written.pk, code=code, dataset=the_stack())
    assert sent.request is not None
    return sent.request


def reviewed_by_person(user: User, names: Iterable[str] = (), *, email: str = "") -> RemovalRequest:
    """A request that waits in the queue, put there without asking GitHub."""
    request = submitted_request(user, names, email=email)
    return services.begin_review(request_id=request.pk)
