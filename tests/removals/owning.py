"""People who own an organisation, and requests over it, without asking GitHub."""

from bigcode_optout.accounts.models import User
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import assessing, services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import count_members, make_user, submitted_request

NORRVIK = 7700


def owner_claim_of(
    user: User, *, role: str = "admin", organisation_id: int = NORRVIK, name: str = "norrvik"
) -> Claim:
    """The person's claim of the organisation, with what GitHub would have said of the role."""
    claim = claims.make_claim(by=user, name=parse_owner(name))
    claim = claims.name_subject(claim=claim, subject_id=organisation_id, name=name)
    count_members(organisation_id)
    is_owner = role == "admin"
    claims.record_proof(
        claim=claim,
        method=Proof.Method.MEMBERSHIP,
        outcome=Proof.Outcome.PROVEN if is_owner else Proof.Outcome.NOT_PROVEN,
        evidence={
            "organisation_id": organisation_id,
            "viewer_id": user.identities.get().github_id,
            "state": "active",
            "role": role,
        },
        sentence=f"GitHub says you are {'an owner' if is_owner else 'a member'} of {name}.",
    )
    return claim


def make_owner(github_id: int, login: str, **options: object) -> User:
    """Somebody whom GitHub calls an owner of norrvik."""
    user = make_user(github_id, login)
    owner_claim_of(user, **options)  # type: ignore[arg-type]
    return user


def request_over(user: User, *, email: str = "", claim: Claim | None = None) -> RemovalRequest:
    """A request for everything of norrvik by this person, in review and judged, not located."""
    claim = claim or Claim.objects.get(user=user, kind="organisation")
    request = submitted_request(user, claim=claim, email=email)
    assessing.assess_items(request)
    return services.begin_review(request_id=request.pk)
