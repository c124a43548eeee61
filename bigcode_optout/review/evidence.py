"""Everything that a reviewer needs to see before deciding, gathered in a fixed number of queries."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.claims.authority import Guard
from bigcode_optout.claims.models import Claim
from bigcode_optout.core.errors import Missing
from bigcode_optout.removals import policies, second_look, two_people
from bigcode_optout.removals.duplicates import elder_of
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.merging import may_end_in
from bigcode_optout.removals.models import (
    Decision,
    OutboxMessage,
    Proposal,
    ProposedVerdict,
    RemovalRequest,
    RequestEvent,
    ScopeItem,
)
from bigcode_optout.removals.queries import OTHERS_LIMIT, history_of, others_about_the_same
from bigcode_optout.removals.two_people_rules import Need
from bigcode_optout.review.appeal_sides import AppealSides, appeal_sides
from bigcode_optout.review.findings import findings_from
from bigcode_optout.review.guard_evidence import evidence_of
from bigcode_optout.review.history import HistoryLine, history_lines
from bigcode_optout.review.holdings import RepositoryLine, first_repositories, largest_rows
from bigcode_optout.review.owners_side import OwnersSide, owners_side
from bigcode_optout.review.parts import GuardLine, Part, parts_of
from bigcode_optout.review.proof_lines import ProofLine, proof_lines
from bigcode_optout.review.queue import in_short
from bigcode_optout.review.usual_words import language_name
from bigcode_optout.review.versions import VersionLine, version_lines

# The verbs that end a request: for an appeal they are the second look.
DECIDING = ("accept", "deny", "merge")
# What people are called who asked without signing in.
NOBODY_KNOWN = "somebody without an account"
_LARGE = frozenset({Guard.LARGE_ORGANISATION.value, Guard.MEMBERS_NOT_COUNTED.value})
_DECIDED = frozenset({"accept", "deny", "decide_items", "conclude"})


@dataclass(frozen=True)
class PartEvidence:
    """A part with what the versions hold of it and what was decided. `decisions` are the newest of each item, the same
    words once."""

    part: Part
    versions: list[VersionLine]
    repositories: list[RepositoryLine]
    decisions: list[Decision]

    @cached_property
    def guards(self) -> list[tuple[GuardLine, list[str]]]:
        """The guards that fired, each with what it saw."""
        return [
            (guard, evidence_of(guard, self.part, self.versions, self.repositories))
            for guard in self.part.guards
        ]

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
    def asked_in_short(self) -> str:
        """The first thing that is asked for, and how many more there are."""
        items = list(self.request.items.all())
        rest = f" and {len(items) - 1:,} more" if len(items) > 1 else ""
        return f"{in_short(items[0])}{rest}" if items else self.requester_name

    @property
    def open_parts(self) -> list[Part]:
        """What is still to be decided."""
        return [part for part in self.parts if part.is_open]

    @property
    def has_accepted(self) -> bool:
        """True when a part of it is accepted: then declining the others denies no request."""
        return any(item.state == ScopeItem.ItemState.ACCEPTED for item in self.request.items.all())

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
        rows = largest_rows(self.request)
        findings = findings_from(self.request, rows)
        row_count = sum(one.repository_count for listed in findings.values() for one in listed)
        first = first_repositories(self.request, rows, self.parts, row_count=row_count)
        return [
            PartEvidence(
                part, version_lines(part, findings), first.get(part.key, []), self._different_decisions(part)
            )
            for part in self.parts
        ]

    @cached_property
    def decisions(self) -> dict[int, list[Decision]]:
        """What was decided, newest first, by the item's number. No query where the history knows of no decision."""
        if not any(line.code in _DECIDED for line in self.history):
            return {}
        found = Decision.objects.filter(item__request=self.request).select_related(
            "decided_by", "confirmed_by"
        )
        by_item: dict[int, list[Decision]] = {}
        for one in found:
            by_item.setdefault(one.item_id, []).append(one)
        return by_item

    def _different_decisions(self, part: Part) -> list[Decision]:
        newest = (self.decisions[item.pk][0] for item in part.items if item.pk in self.decisions)
        different = {
            (one.verdict, one.reason, one.sentence, one.rule, one.decided_by_id): one for one in newest
        }
        return list(different.values())

    @cached_property
    def others(self) -> list[tuple[ScopeItem, str]]:
        """Items of other requests that touch the same, and who asked."""
        items = others_about_the_same(self.request)
        # The query annotates the login.
        return [(item, item.login or _name_here(item.request.requester)) for item in items]  # type: ignore[attr-defined]

    @cached_property
    def owners(self) -> OwnersSide:
        """What other owners of its organisations said, and what the requester told about its claims."""
        return owners_side(self.request, happened={line.code for line in self.history})

    @cached_property
    def history(self) -> list[HistoryLine]:
        """What happened, newest first; internal lines among it, except for who asked."""
        return history_lines(self.request, self.events, requester_name=self.requester_name)

    @cached_property
    def events(self) -> list[RequestEvent]:
        """The same as rows, oldest first."""
        return history_of(self.request, with_internal=not self.is_own)

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
        if "merge" not in self.verbs or self.is_own:
            return None
        is_among_others = any(
            item.request.requester_id == self.request.requester_id for item, _ in self.others
        )
        # Beyond the limit somebody has to look: there are more than were read.
        found = elder_of(self.request) if is_among_others or len(self.others) >= OTHERS_LIMIT else None
        return found if found and may_end_in(self.request, found) else None

    @cached_property
    def verbs(self) -> list[str]:
        """What the viewer may do now, by the lifecycle's table; who denied what was appealed decides no more."""
        verbs = policies.verbs_for(self.request, self.viewer, Role.REVIEWER, spoke=self.owners.people)
        return [verb for verb in verbs if verb not in DECIDING] if self.is_for_others else verbs

    @cached_property
    def is_for_others(self) -> str:
        """Why somebody else decides this appeal; empty where the viewer may, or where there is none."""
        refusal = second_look.refusal_of(self.request, self.viewer, self.events)
        return refusal.sentence if refusal else ""

    @cached_property
    def proposal(self) -> Proposal | None:
        """What a colleague proposed and a second reviewer has to confirm; None also where it was overtaken."""
        if not any(line.code == "propose" for line in self.history):
            return None
        return two_people.waiting([self.request.pk]).get(self.request.pk)

    @cached_property
    def proposed(self) -> list[ProposedVerdict]:
        """The verdicts of the proposal."""
        return list(self.proposal.verdicts.select_related("item")) if self.proposal else []

    @property
    def needs(self) -> list[Need]:
        """Why the proposal takes two people."""
        return [Need(code) for code in self.proposal.grounds] if self.proposal else []

    @property
    def foreseen_needs(self) -> list[Need]:
        """Why accepting what is open will take two people, as far as the page's facts tell; the preview knows all."""
        guards = {guard.code for part in self.open_parts for guard in part.guards}
        is_frozen = any(item.frozen_at for part in self.parts for item in part.items)
        found = {Need.LARGE: bool(guards & _LARGE), Need.FROZEN: is_frozen}
        return [need for need, is_given in found.items() if is_given]

    @property
    def is_own_proposal(self) -> bool:
        """Whether the viewer proposed it, under whichever sign-in."""
        return self.proposal is not None and are_same_person(self.viewer, self.proposal.proposed_by)

    @property
    def may_confirm(self) -> bool:
        """Whether the viewer may be the second reviewer."""
        return self.proposal is not None and not self.is_own_proposal and "deny" in self.verbs

    @property
    def language(self) -> str:
        """In which the requester reads decisions."""
        return language_name(self.request.language)

    @cached_property
    def appeal(self) -> AppealSides | None:
        """Both sides of an appeal, or None where there is none."""
        return appeal_sides(self.history, self.request, self.decisions)

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
    items = ScopeItem.objects.select_related("claim__present").prefetch_related(
        "claim__proofs", "claim__present__proofs"
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
    first = next((identity.login for identity in user.identities.all()), "")
    return first or _name_here(user)


def _name_here(user: User) -> str:
    return NOBODY_KNOWN if user.is_without_account else user.username
