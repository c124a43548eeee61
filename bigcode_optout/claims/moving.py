"""Claims of a person who turned out to be another one here: they move, with all that stands on them."""

from django.db import IntegrityError, transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import Claim, ClaimKind


def move_claims(source: User, target: User) -> None:
    """Give the target the source's claims; where both claimed the same, the proofs of both stand under one claim."""
    # Accounts and organisations before the former logins that belong to them.
    order = {kind: place for place, kind in enumerate(ClaimKind.values)}
    claims = Claim.objects.select_for_update(no_key=True).filter(user=source).order_by("pk")
    for claim in sorted(claims, key=lambda claim: order[claim.kind]):
        twin = _twin(claim, target)
        if twin is None:
            Claim.objects.filter(pk=claim.pk).update(user=target)
        elif _give_all(claim, twin):
            claim.delete()


def foretell_claims(source: User, target: User) -> list[str]:
    """Which organisations and repositories come along."""
    names = [claim.name for claim in source.claims.all() if claim.kind in _NAMED]
    return [f"What GitHub said about {' and '.join(names)} moves to your account."] if names else []


_NAMED = (ClaimKind.ORGANISATION, ClaimKind.REPOSITORY)


def _twin(claim: Claim, target: User) -> Claim | None:
    same = Claim.objects.filter(user=target, kind=claim.kind, subject_id=claim.subject_id)
    if claim.subject_id is None or claim.kind == ClaimKind.FORMER_LOGIN:
        same = same.filter(name_key=claim.name_key)
    return same.first()


def _give_all(claim: Claim, twin: Claim) -> bool:
    """Let every row that stands on `claim` stand on `twin`, whatever room it is in. False when one could not.

    That is where both have what may be there once only, as an open one-time code: it stays with the closed person.
    """
    is_empty = True
    for relation in Claim._meta.related_objects:
        name = relation.field.name
        for row in relation.related_model._base_manager.filter(**{name: claim.pk}).values_list(
            "pk", flat=True
        ):
            try:
                with transaction.atomic():
                    relation.related_model._base_manager.filter(pk=row).update(**{name: twin.pk})
            except IntegrityError:
                is_empty = False
    return is_empty
