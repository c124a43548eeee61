"""The draft: one row a person and dataset, until it is sent or forgotten."""

from collections.abc import Callable, Collection
from functools import cache

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.claims.models import Claim, ClaimKind
from bigcode_optout.claims.queries import own_claims, repository_ids_of
from bigcode_optout.core.errors import Missing, Refused
from bigcode_optout.names import (
    NameRefused,
    OwnerName,
    RepositoryName,
    parse_owner,
    parse_repository,
    split_full_name,
)
from bigcode_optout.removals.models import Ground, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.submission import ScopeChoice, Submission

ITEM_LIMIT = 5000
# The numbers of what belongs to an owner; asked once for all parts.
_Owned = Callable[[int], set[int]]
# What is claimed is all that can be chosen.
_ITSELF = (ClaimKind.REPOSITORY, ClaimKind.STATED)


def draft_of(user: User, dataset: Dataset) -> RemovalRequest | None:
    """The person's draft about this dataset, or None."""
    return RemovalRequest.objects.filter(requester=user, dataset=dataset, state=RequestState.DRAFT).first()


@transaction.atomic
def choose_scope(
    *, by: User, dataset: Dataset, submission: Submission, known_ids: dict[str, int] | None = None
) -> RemovalRequest:
    """Put the choices into the person's draft, in place of what it had.

    `known_ids`: repository numbers by folded full name, as the located rows have them. Raises `Refused` with a sentence
    when a choice is not a name, nothing was chosen, or a choice does not fit the claim that it stands on.
    """
    if not submission.choices:
        raise Refused("nothing_chosen", "Choose what should be left out.")
    if len(submission.choices) > ITEM_LIMIT:
        raise Refused(
            "too_many_items",
            f"A request can name up to {ITEM_LIMIT:,} repositories. Ask for everything instead.",
        )
    if not (submission.files or submission.commits or submission.issues):
        raise Refused("no_kind", "Choose files, commits, or issues and pull requests.")
    draft, _ = RemovalRequest.objects.select_for_update().get_or_create(
        requester=by, dataset=dataset, state=RequestState.DRAFT
    )
    draft.items.all().delete()
    claims = own_claims(by, {choice.claim_id for choice in submission.choices})
    owned = cache(repository_ids_of)
    items = {}
    for choice in submission.choices:
        claim = claims.get(choice.claim_id)
        if claim is None:
            raise Missing("no_claim", "There is no such claim.")
        item = _item(draft, claim, choice, submission, known_ids or {}, owned)
        items[item.kind, item.name_key] = item
    ScopeItem.objects.bulk_create(items.values())
    draft.save(update_fields=["changed_at"])
    return draft


@transaction.atomic
def describe(*, by: User, dataset: Dataset, ground: str, message: str, email: str) -> RemovalRequest:
    """Put the optional reason, message and address into the draft. Raises `Refused` when there is no draft."""
    draft = draft_of(by, dataset)
    if draft is None:
        raise Refused("no_draft", "There is nothing to send yet. Choose first what should be left out.")
    if ground not in Ground.values:
        raise Refused("no_ground", "Choose one of the reasons, or none.")
    draft.ground, draft.message, draft.email = ground, message.strip(), email.strip()
    draft.save(update_fields=["ground", "message", "email", "changed_at"])
    return draft


@transaction.atomic
def discard(*, by: User, dataset: Dataset) -> None:
    """Forget the person's draft, if there is one."""
    RemovalRequest.objects.filter(requester=by, dataset=dataset, state=RequestState.DRAFT).delete()


def require_current(items: Collection[ScopeItem], *, by: User) -> None:
    """Raise `Refused` when an account was parted or renamed since the choice: what is sent is what is shown."""
    claims = own_claims(by, {item.claim_id for item in items})
    for item in items:
        claim = claims.get(item.claim_id)
        if claim is None or not _still_fits(item, claim):
            raise Refused(
                "no_longer_yours",
                f"Since you chose {item.name}, its account was renamed, or taken from yours here. Choose again.",
            )


def _still_fits(item: ScopeItem, claim: Claim) -> bool:
    if claim.kind in _ITSELF or item.kind == ScopeItem.Kind.OWNER:
        return item.name_key == claim.name_key
    return item.repository_id is not None or item.name_key.partition("/")[0] == claim.name_key


def _item(
    draft: RemovalRequest,
    claim: Claim,
    choice: ScopeChoice,
    submission: Submission,
    known_ids: dict[str, int],
    owned: _Owned,
) -> ScopeItem:
    name = _checked_name(choice)
    repository_id = known_ids.get(name.key)
    _fits(claim, name, repository_id, owned)
    item = ScopeItem(
        request=draft,
        claim=claim,
        kind=choice.kind,
        name=name.shown,
        name_key=name.key,
        files=submission.files,
        commits=submission.commits,
        issues=submission.issues,
    )
    if claim.kind == ClaimKind.REPOSITORY:
        item.repository_id = claim.subject_id
    else:
        item.owner_id = claim.subject_id
        item.repository_id = repository_id if choice.kind == ScopeItem.Kind.REPOSITORY else None
    return item


def _checked_name(choice: ScopeChoice) -> OwnerName | RepositoryName:
    try:
        if choice.kind == ScopeItem.Kind.OWNER:
            return parse_owner(choice.name)
        # As the dataset has it, if that is a name: parsing takes a “.git” off, and would ask for another repository.
        return split_full_name(choice.name) or parse_repository(choice.name)
    except NameRefused as error:
        raise Refused(error.code, error.sentence) from error


def _fits(claim: Claim, name: OwnerName | RepositoryName, repository_id: int | None, owned: _Owned) -> None:
    """An account or organisation covers itself and its repositories; a repository covers itself."""
    if claim.kind in _ITSELF or isinstance(name, OwnerName):
        fits = name.key == claim.name_key
    else:
        fits = name.owner_key == claim.name_key
        if not fits and claim.subject_id is not None and repository_id is not None:
            fits = repository_id in owned(claim.subject_id)
    if not fits:
        raise Refused("not_of_claim", f"{name.shown} does not belong to {claim.name}.")
