"""Erase what a claim says in words, once no request that is kept stands on it."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from bigcode_optout.claims.models import Claim, ClaimKind, Proof
from bigcode_optout.core import clock


@transaction.atomic
def erase_claims(claim_ids: Collection[int]) -> None:
    """Erase names, numbers, words, links and answers; that there were proofs, by which method and when, stays.

    The claim of an account stays as long as the account is signed up here; only what was told about it goes.
    """
    claims = Claim.objects.select_for_update(of=("self",)).filter(pk__in=claim_ids, erased_at=None)
    for claim in claims.order_by("pk"):
        claim.told.all().delete()
        if claim.kind == ClaimKind.ACCOUNT:
            continue
        claim.challenges.all().delete()
        Proof.objects.filter(claim=claim).erase()
        claim.name, claim.erased_at = f"erased-{claim.pk}", clock.now()
        # The number of who had a former login is that of the claim of today.
        claim.subject_id = claim.subject_id if claim.kind == ClaimKind.FORMER_LOGIN else None
        claim.save()


@transaction.atomic
def erase_people(user_ids: Collection[int]) -> None:
    """Erase every claim of people who are closed, that of the account as well."""
    claims = Claim.objects.select_for_update(of=("self",)).filter(user__in=user_ids)
    erase_claims(list(claims.values_list("pk", flat=True)))
    for claim in claims.filter(erased_at=None):
        Proof.objects.filter(claim=claim).erase()
        claim.name, claim.subject_id, claim.erased_at = f"erased-{claim.pk}", None, clock.now()
        claim.save()
    # A former login must have a number; nothing on GitHub has one below zero.
    claims.filter(kind=ClaimKind.FORMER_LOGIN).update(subject_id=-F("pk"))
