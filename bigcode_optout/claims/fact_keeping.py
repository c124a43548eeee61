"""Keep whose repositories are, as GitHub just said: one at a time, or a whole listing in a few statements."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.githubapi import Repository
from bigcode_optout.names import fold

_CHUNK = 500
_SAID = ("owner_id", "owner_login", "full_name", "is_fork", "repository_created_at", "repository_id")
# The name that was asked for, or empty; then the number.
_Key = tuple[str, int | None]


def keep_fact(
    *, asked_for: str, repository: Repository | None, repository_id: int | None = None
) -> RepositoryFact:
    """Keep whose a repository is: under the name that was asked for, or under its number if `asked_for` is empty.

    `repository` is None when GitHub knows none.
    """
    values: dict[str, Any] = {"learned_at": clock.now(), "owner_id": None}
    if repository is not None:
        values |= _said(repository)
    number = repository.id if repository else repository_id
    if asked_for:
        key: dict[str, Any] = {"full_name_key": fold(asked_for)}
        values["repository_id"] = number
    else:
        assert number is not None
        key = {"full_name_key": "", "repository_id": number}
    fact, _ = RepositoryFact.objects.update_or_create(**key, defaults=values)
    return fact


@transaction.atomic
def keep_facts(repositories: Collection[Repository]) -> None:
    """Keep whose each of them is, under its name and under its number.

    Few statements for the many of a listing: what is new is added, what says the same gets its new time, and only what
    says something else is written one by one.
    """
    told = list({one.id: one for one in repositories}.values())
    for start in range(0, len(told), _CHUNK):
        _keep_chunk(told[start : start + _CHUNK])


def _keep_chunk(repositories: Collection[Repository]) -> None:
    now = clock.now()
    known = {_key_of(fact): fact for fact in _known(repositories)}
    same, changed, new = [], [], []
    for fact in _facts(repositories):
        fact.learned_at = now
        kept = known.get(_key_of(fact))
        if kept is None:
            new.append(fact)
        elif all(getattr(kept, name) == getattr(fact, name) for name in _SAID):
            same.append(kept.pk)
        else:
            fact.pk = kept.pk
            changed.append(fact)
    if same:
        RepositoryFact.objects.filter(pk__in=same).update(learned_at=now)
    for fact in changed:
        fact.save(force_update=True)
    # Whoever adds the same at this moment was told the same: the other row stands.
    RepositoryFact.objects.bulk_create(sorted(new, key=_order), ignore_conflicts=True)


def _known(repositories: Collection[Repository]) -> Iterator[RepositoryFact]:
    """The rows that are there, held until the transaction ends, in one order so that nobody waits in a circle."""
    by_name = Q(full_name_key__in=[fold(one.full_name) for one in repositories])
    by_number = Q(full_name_key="", repository_id__in=[one.id for one in repositories])
    for rows in (by_name, by_number):
        yield from RepositoryFact.objects.filter(rows).select_for_update().order_by("pk")


def _facts(repositories: Collection[Repository]) -> list[RepositoryFact]:
    by_name = {fold(one.full_name): one for one in repositories}
    named = [RepositoryFact(full_name_key=key, **_said(one)) for key, one in by_name.items()]
    return [*named, *(RepositoryFact(full_name_key="", **_said(one)) for one in repositories)]


def _said(repository: Repository) -> dict[str, Any]:
    return {
        "repository_id": repository.id,
        "owner_id": repository.owner_id,
        "owner_login": repository.owner_login,
        "full_name": repository.full_name,
        "is_fork": repository.is_fork,
        "repository_created_at": repository.created_at,
    }


def _key_of(fact: RepositoryFact) -> _Key:
    return fact.full_name_key, None if fact.full_name_key else fact.repository_id


def _order(fact: RepositoryFact) -> tuple[str, int]:
    return fact.full_name_key, fact.repository_id or 0
