"""Everything that a reviewer needs to see before deciding, gathered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.claims.models import Claim
from bigcode_optout.core.errors import Missing
from bigcode_optout.removals import policies
from bigcode_optout.removals.duplicates import elder_of
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Decision, OutboxMessage, RemovalRequest, ScopeItem
from bigcode_optout.removals.queries import findings_of, others_about_the_same
from bigcode_optout.review.history import HistoryLine, history_lines
from bigcode_optout.review.holdings import RepositoryLine, first_repositories
from bigcode_optout.review.owners_side import OwnersSide, owners_side
from bigcode_optout.review.parts import Part, parts_of
from bigcode_optout.review.proof_lines import ProofLine, proof_lines
from bigcode_optout.review.versions import VersionLine, version_lines


@dataclass(frozen=True)
class PartEvidence:
    """A part with what the versions hold of it and what was decided. `decisions` are the newest of each item, the same
    words once."""

    part: Part
    versions: list[VersionLine]
    repositories: list[RepositoryLine]
    decisions: list[Decision]

    @property
    def deduplicated(self) -> list[str]:
        """Versions that keep each content once: identical files may stand there under another repository’s name."""
        return [line.version for line in self.versions if line.is_deduplicated]

    @property
    def repository_count(self) -> int:
        """Repositories in the version that has most of them."""
        return max((line.repository_count for line in self.versions), default=0)


class Evidence:
    """A request as `viewer` may see it. Each property is read once."""

    def __init__(self, request: RemovalRequest, viewer: User) -> None:
        self.request = request
        self.viewer = viewer

    @cached_property
    def identities(self) -> list[GitHubIdentity]:
        """The requester's GitHub accounts, the first one joined first."""
        return list(self.request.requester.identities.all())

    @property
    def requester_name(self) -> str:
        """The login that the requester is known by here."""
        return name_of(self.request.requester)

    @cached_property
    def parts(self) -> list[Part]:
        """What is asked for, as it is decided."""
        return parts_of(self.request.items.all())

    @property
    def open_parts(self) -> list[Part]:
        """What is still to be decided."""
        return [part for part in self.parts if part.is_open]

    @cached_property
    def claims(self) -> list[tuple[Claim, list[ProofLine]]]:
        """What the request stands on, each claim with its proofs and their evidence in words; beside a former login the
        claim of the account that had it."""
        found = [item.claim for item in self.request.items.all()]
        claims = {each.pk: each for claim in found for each in (claim.present, claim) if each is not None}
        return [(claim, proof_lines(claim)) for claim in claims.values()]

    @cached_property
    def holdings(self) -> list[PartEvidence]:
        """What the versions hold, part by part."""
        findings = findings_of(self.request)
        row_count = sum(one.repository_count for listed in findings.values() for one in listed)
        first = first_repositories(self.request, self.parts, row_count=row_count)
        return [
            PartEvidence(part, version_lines(part, findings), first.get(part.key, []), _decisions(part))
            for part in self.parts
        ]

    @cached_property
    def others(self) -> list[tuple[ScopeItem, str]]:
        """Items of other requests that touch the same, and who asked."""
        items = others_about_the_same(self.request)
        prefetch_related_objects(items, "request__requester__identities", "claim")
        return [(item, name_of(item.request.requester)) for item in items]

    @cached_property
    def owners(self) -> OwnersSide:
        """What other owners of its organisations said, and what the requester told about its claims."""
        return owners_side(self.request)

    @cached_property
    def history(self) -> list[HistoryLine]:
        """What happened, newest first; internal lines among it, except for who asked."""
        return history_lines(self.request, requester_name=self.requester_name, with_internal=not self.is_own)

    @cached_property
    def seen(self) -> int:
        """How many events the request had when it was looked at: a form says it back, so nobody decides blindly."""
        return len(self.history)

    @cached_property
    def mails(self) -> list[OutboxMessage]:
        """What was written to the requester."""
        return list(self.request.mails.all())

    @cached_property
    def elder(self) -> RemovalRequest | None:
        """The earlier request of the same person that covers all of this one, if this one can be merged into it."""
        return elder_of(self.request) if "merge" in self.verbs and not self.is_own else None

    @cached_property
    def verbs(self) -> list[str]:
        """What the viewer may do now, by the lifecycle's table."""
        return policies.verbs_for(self.request, self.viewer, Role.REVIEWER)

    @property
    def works_at_desk(self) -> bool:
        """Whether the viewer may write notes and take the request on."""
        return policies.works_at_desk(self.request, self.viewer)

    @property
    def is_own(self) -> bool:
        """Whether the viewer asked for this request."""
        return policies.is_own(self.request, self.viewer)


def evidence_for(request_id: int, viewer: User) -> Evidence:
    """The request with what its page shows. Raises `Missing`, also for what was never sent."""
    decisions = Decision.objects.select_related("decided_by")
    items = ScopeItem.objects.select_related("claim__present").prefetch_related(
        "claim__proofs", "claim__present__proofs", Prefetch("decisions", queryset=decisions)
    )
    found = (
        RemovalRequest.objects.filter(pk=request_id, submitted_at__isnull=False)
        .select_related("requester", "assignee", "dataset", "statement")
        .prefetch_related("requester__identities", Prefetch("items", queryset=items))
        .first()
    )
    if found is None:
        raise Missing("no_request", "There is no such request.")
    return Evidence(found, viewer)


def name_of(user: User) -> str:
    """The login of the person's first GitHub account, else the name here. `identities` is read."""
    return next((identity.login for identity in user.identities.all()), user.username)


def _decisions(part: Part) -> list[Decision]:
    newest: Sequence[Decision | None] = [next(iter(item.decisions.all()), None) for item in part.items]
    different = {
        (one.verdict, one.reason, one.sentence, one.rule, one.decided_by_id): one
        for one in newest
        if one is not None
    }
    return list(different.values())
