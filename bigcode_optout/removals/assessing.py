"""Gather the facts about each item and let `claims.authority` judge them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bigcode_optout.claims import queries as claims
from bigcode_optout.claims.authority import Assessment, InVersion, Subject, assess
from bigcode_optout.claims.authority_evidence import keep_repositories
from bigcode_optout.claims.authority_former import (
    REPOSITORY_RULE,
    WHOLE_LOGIN_RULE,
    assess_former_login,
    assess_former_repository,
)
from bigcode_optout.claims.models import Claim, ClaimKind, OwnerListing, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.names import fold
from bigcode_optout.removals import change_hooks
from bigcode_optout.removals.assessing_facts import Facts, is_about_owner, owner_part
from bigcode_optout.removals.assessing_facts import standing_of as standing_of
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.organisation_size import Size, size_of
from bigcode_optout.removals.owners import TWO_OWNERS_RULE, WINDOW_RULE

RULES = {
    ClaimKind.ACCOUNT: "own_account",
    ClaimKind.ORGANISATION: "organisation_owner",
    ClaimKind.REPOSITORY: "repository_administrator",
    # Nothing is ever proven of it: the rule's name is never used.
    ClaimKind.STATED: "",
}
RULE_TITLES = {
    "no_answer": "No answer",
    "own_account": "Own account",
    "organisation_owner": "Owner of the organisation",
    TWO_OWNERS_RULE: "Two owners of the organisation",
    WINDOW_RULE: "Owner of the organisation, and nobody objected",
    "repository_administrator": "Administrator of the repository",
    WHOLE_LOGIN_RULE: "Former login",
    REPOSITORY_RULE: "Repository under a former login",
}
_FORMER: dict[str, Callable[[Subject, Sequence[InVersion]], Assessment]] = {
    ScopeItem.Kind.OWNER: assess_former_login,
    ScopeItem.Kind.REPOSITORY: assess_former_repository,
}


def assess_items(request: RemovalRequest) -> dict[int, Assessment]:
    """Judge every item, keep what came out and what GitHub said, and return the judgements by the item's number."""
    found = {}
    items = request.items.select_related("claim__present").prefetch_related(
        "claim__proofs", "claim__present__proofs"
    )
    facts = Facts(request, items)
    for item in items:
        assessment = _judge(item, facts)
        item.proof_state = assessment.verdict.value
        item.assessment = assessment.as_dict()
        if item.state == ScopeItem.ItemState.OPEN:
            # What was decided keeps the day that it was decided with.
            item.name_valid_until = _last_day(item, facts)
        item.save(update_fields=["proof_state", "assessment", "name_valid_until"])
        if item.kind == ScopeItem.Kind.OWNER and is_about_owner(item.claim):
            is_former = item.claim.kind == ClaimKind.FORMER_LOGIN
            keep_repositories(
                claim=item.claim,
                assessment=assessment,
                asked=facts.asked(item),
                login=facts.login_fact(item) if is_former else None,
            )
        found[item.pk] = assessment
    change_hooks.tell(request.pk, "assessed")
    return found


def _judge(item: ScopeItem, facts: Facts) -> Assessment:
    subject, in_versions = _subject(item, facts), list(facts.in_versions(item))
    if item.claim.kind == ClaimKind.FORMER_LOGIN:
        return _FORMER[item.kind](subject, in_versions)
    return assess(RULES[ClaimKind(item.claim.kind)], subject, in_versions)


def _subject(item: ScopeItem, facts: Facts) -> Subject:
    claim = item.claim
    listing = facts.listing_of(claim)
    is_owner = is_about_owner(claim)
    # Another owner's yes to this very request stands for the requester's own role.
    is_consented = facts.agreement.is_consented(claim)
    sent_at = item.request.submitted_at or clock.now()
    # What was only stated waits for a person anyway, and how many that takes is asked when it is decided.
    has_account = claim.kind != ClaimKind.STATED
    is_settled = not has_account or facts.agreement.large_rule(claim)
    size = Size.SMALL if is_settled else size_of(claim, item.request)
    return Subject(
        is_role_proven=claims.is_proven(claim) or is_consented,
        created_at=_created_at(claims.role_claim(claim), listing),
        is_large=size is Size.LARGE,
        is_size_known=size is not Size.UNKNOWN,
        is_known=claim.subject_id is not None,
        is_role_recent=claims.is_role_recent(claim, at=sent_at) or is_consented,
        is_name_current=_is_name_current(item, listing),
        is_owner_read=not is_owner or claim.subject_id is None or listing is not None,
        is_owner=is_owner,
        has_account=has_account,
    )


def _is_name_current(item: ScopeItem, listing: OwnerListing | None) -> bool:
    """False when the item's name is a login that its owner has left. A single repository with its number is told apart
    by that, and a former login says itself that it is one."""
    is_told_apart = item.repository_id is not None or item.claim.kind == ClaimKind.FORMER_LOGIN
    return is_told_apart or listing is None or fold(listing.login) == owner_part(item.name)


def _created_at(claim: Claim, listing: OwnerListing | None) -> datetime | None:
    """When GitHub says the subject was made."""
    if claim.kind == ClaimKind.ACCOUNT:
        proof = claims.latest_proof(claim)
        text = proof.evidence.get("created_at") if proof else None
        return datetime.fromisoformat(text) if text else None
    if claim.kind == ClaimKind.ORGANISATION:
        return listing.created_at if listing else None
    fact = RepositoryFact.objects.filter(full_name_key="", repository_id=claim.subject_id).first()
    return fact.repository_created_at if fact and claim.subject_id else None


def _last_day(item: ScopeItem, facts: Facts) -> date | None:
    """The last day whose data the name of a former login covers (design, section 5, rule 8); None for any other item.

    The newest data in which it was located: what was judged, and nothing of a later holder. Where nothing was located,
    the day on which GitHub said that it is free, or the one before its holder's account was made.
    """
    if item.claim.kind != ClaimKind.FORMER_LOGIN:
        return item.name_valid_until
    days = facts.days_located(item)
    if days:
        return max(days)
    fact = facts.login_fact(item)
    if fact is None:
        return (item.request.submitted_at or clock.now()).date()
    if fact.account_created_at is None:
        return fact.learned_at.date()
    return fact.account_created_at.date() - timedelta(days=1)
