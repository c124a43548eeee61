"""One-time codes: give one out, look for it without anybody's token, keep what was found.

What a code shows depends on its place. An organisation's public profile can be changed by its owners only, so a code
there is a proof. A file shows that somebody may write to one repository: it is kept for the reviewer, and is no proof.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from bigcode_optout.accounts.github import client
from bigcode_optout.accounts.models import User
from bigcode_optout.claims import looking
from bigcode_optout.claims.looking import Look
from bigcode_optout.claims.models import Challenge, Claim, ClaimKind, Proof
from bigcode_optout.claims.queries import claim_of
from bigcode_optout.claims.services import name_subject, record_proof
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.core.references import ALPHABET
from bigcode_optout.githubapi import Deadline, GitHubError, RateLimited
from bigcode_optout.names import RepositoryName

LIFE = timedelta(days=7)
# Nobody asked: so often GitHub is looked at for a code that may have been put up meanwhile.
PAUSE = timedelta(minutes=10)
_LETTERS = 16


def new_code() -> str:
    """A fresh code: 16 of 29 letters give more than 10^23, and the word in front says what it is for."""
    return "bigcode-optout-" + "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS)).lower()


def issue_for_profile(*, by: User, claim_id: int, deadline: Deadline | None = None) -> Challenge:
    """A code for the public profile of the claim's organisation, bound to its number as GitHub has it now.

    A code that still lives is given again. Network, so never inside a transaction. Raises `GitHubError`, `Missing`, and
    `Conflict` when the name has become another organisation's.
    """
    claim = claim_of(by, claim_id)
    if claim.kind != ClaimKind.ORGANISATION:
        raise Missing("no_profile", "Only an organisation has a profile that its owners write.")
    organisation = client().organisation(claim.name, deadline)
    if claim.subject_id not in (None, organisation.id):
        raise Conflict(
            "other_organisation",
            f"On GitHub {claim.name} is another organisation by now than the one you named. Name it again.",
        )
    with transaction.atomic():
        known = name_subject(claim=claim, subject_id=organisation.id, name=organisation.login)
        return _give(known, Challenge.Place.PROFILE, organisation.id, organisation.login)


def issue_for_file(
    *, by: User, claim_id: int, repository: RepositoryName, deadline: Deadline | None = None
) -> Challenge:
    """A code for the file `bigcode-optout.txt` of a repository of the claim, bound to the repository's number.

    Network, so never inside a transaction. Raises `GitHubError`, `Missing`, and `Refused` for a repository that is not
    of the claim.
    """
    claim = claim_of(by, claim_id)
    if claim.kind == ClaimKind.ACCOUNT:
        raise Missing("no_file", "Signing in was the proof of your own account.")
    found = client().repository(repository.shown, None, deadline)
    subject_id = found.owner_id if claim.kind == ClaimKind.ORGANISATION else found.id
    if claim.subject_id is not None and subject_id != claim.subject_id:
        raise Refused("not_of_claim", f"On GitHub {found.full_name} does not belong to {claim.name}.")
    if claim.subject_id is None and not _is_named_like(claim, repository):
        raise Refused("not_of_claim", f"{repository.shown} does not belong to {claim.name}.")
    with transaction.atomic():
        return _give(claim, Challenge.Place.FILE, found.id, found.full_name)


def _is_named_like(claim: Claim, repository: RepositoryName) -> bool:
    part = repository.owner_key if claim.kind == ClaimKind.ORGANISATION else repository.key
    return part == claim.name_key


def _give(claim: Claim, place: Challenge.Place, subject_id: int, name: str) -> Challenge:
    """The live code for this very place, or a new one in place of it. Two presses at once get the same one."""
    Claim.objects.select_for_update().get(pk=claim.pk)
    now = clock.now()
    live = Challenge.objects.select_for_update().filter(claim=claim, place=place, ended_at=None).first()
    if live and live.subject_id == subject_id and live.expires_at > now:
        return live
    if live:
        _end(live, Challenge.End.EXPIRED if live.expires_at <= now else Challenge.End.REPLACED)
    return Challenge.objects.create(
        claim=claim,
        place=place,
        code=new_code(),
        subject_id=subject_id,
        name=name,
        made_at=now,
        expires_at=now + LIFE,
        next_check_at=now + PAUSE,
    )


@transaction.atomic
def ask_to_look(*, by: User, challenge_id: int) -> Challenge:
    """Its owner says that the code is up: look soon. Raises `Missing` for somebody else's, `Conflict` once ended."""
    challenge = Challenge.objects.select_for_update().filter(pk=challenge_id, claim__user=by).first()
    if challenge is None:
        raise Missing("no_challenge", "There is no such code of yours.")
    if not challenge.is_live:
        raise Conflict("challenge_ended", f"This code works no more: {challenge.get_end_display()}.")
    now = clock.now()
    challenge.asked_at, challenge.next_check_at = now, min(now, challenge.next_check_at)
    challenge.save(update_fields=["asked_at", "next_check_at"])
    from bigcode_optout.claims import tasks

    ring(tasks.check_challenge, challenge.pk)
    return challenge


_LOOKS: Mapping[str, Callable[[Challenge], Look]] = {
    Challenge.Place.PROFILE: looking.at_profile,
    Challenge.Place.FILE: looking.at_file,
}


def check(*, challenge_id: int) -> Challenge | None:
    """Look for the code and keep what came out; None when there is no such live code. Can be run again at any time.

    Network, so never inside a transaction. Raises `GitHubError` after noting on the row when to look next.
    """
    challenge = Challenge.objects.filter(pk=challenge_id, ended_at=None).first()
    if challenge is None:
        return None
    began = clock.now()
    if challenge.expires_at <= began:
        return _keep(challenge.pk, began, Look("Its seven days are over.", end=Challenge.End.EXPIRED))
    try:
        look = _LOOKS[challenge.place](challenge)
    except GitHubError as error:
        again = error.retry_at if isinstance(error, RateLimited) else began + PAUSE
        _keep(challenge.pk, began, Look(error.sentence), again=again)
        raise
    return _keep(challenge.pk, began, look)


@transaction.atomic
def _keep(challenge_id: int, at: datetime, look: Look, *, again: datetime | None = None) -> Challenge | None:
    """Note the look. The code that was found ends here, under a lock, so it makes one proof."""
    challenge = Challenge.objects.select_for_update().filter(pk=challenge_id, ended_at=None).first()
    if challenge is None:
        return None
    challenge.checked_at, challenge.finding = at, look.sentence
    challenge.next_check_at = again or at + PAUSE
    challenge.save(update_fields=["checked_at", "finding", "next_check_at"])
    if look.end:
        _end(challenge, look.end)
    if look.end == Challenge.End.FOUND:
        is_profile = challenge.place == Challenge.Place.PROFILE
        record_proof(
            claim=challenge.claim,
            method=Proof.Method.PROFILE_CODE if is_profile else Proof.Method.REPOSITORY_FILE,
            outcome=Proof.Outcome.PROVEN if is_profile else Proof.Outcome.EVIDENCE,
            evidence=dict(look.evidence),
            sentence=look.sentence,
        )
    return challenge


def _end(challenge: Challenge, end: Challenge.End) -> None:
    challenge.ended_at, challenge.end = clock.now(), end
    challenge.save(update_fields=["ended_at", "end"])


def due() -> list[int]:
    """Live codes that it is time to look for, the longest waiting first."""
    waiting = Challenge.objects.filter(ended_at=None, next_check_at__lte=clock.now())
    return list(waiting.order_by("next_check_at").values_list("pk", flat=True)[:500])
