"""The parts of a request as its requester reads them: what is alike is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bigcode_optout.claims.authority_words import led_in_words
from bigcode_optout.claims.models import ClaimKind, Proof
from bigcode_optout.claims.queries import latest_proof, role_claim, shown_proof
from bigcode_optout.pages.standing import MARKS
from bigcode_optout.pages.tally import kind_words
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import counting, releases_with_item
from bigcode_optout.removals.assessing import RULE_TITLES
from bigcode_optout.removals.models import Decision, LocateRun, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.organisation_size import Size, size_of
from bigcode_optout.removals.queries import LIFTED, Finding, findings_of, guard_sentences, parts_of

_LAST_WORD = "For a large organisation a reviewer has the last word, also when its owners have shown what they have to."
_ITEM_MARKS = {ScopeItem.ItemState.ACCEPTED: "good", ScopeItem.ItemState.DECLINED: "bad"}


@dataclass(frozen=True)
class Found:
    """What one version holds of a part. Bytes are of the files' contents."""

    run: LocateRun
    repository_count: int
    file_count: int
    byte_count: int

    @property
    def is_done(self) -> bool:
        """True when the version was searched."""
        return self.run.state == LocateRun.RunState.DONE


@dataclass(frozen=True)
class Part:
    """One owner, or repositories of one claim that share state, evidence and decision. `found`: newest version first;
    `releases`: the frozen lists that hold it and have not failed, oldest first."""

    request: RemovalRequest
    items: Sequence[ScopeItem]
    found: Sequence[Found]
    releases: Sequence[Release]

    @property
    def first(self) -> ScopeItem:
        """Any of its items: they are alike."""
        return self.items[0]

    @property
    def is_owner(self) -> bool:
        """True for everything under an owner."""
        return self.first.kind == ScopeItem.Kind.OWNER

    @property
    def is_organisation(self) -> bool:
        """True when it stands on the claim of an organisation."""
        return self.first.claim.kind == ClaimKind.ORGANISATION

    @property
    def kinds(self) -> str:
        """The scope kinds that the next version can leave out; all that were asked where it can none."""
        honoured = [kind for kind in self.first.kinds if kind in self.request.dataset.honoured_kinds]
        return kind_words(honoured or self.first.kinds)

    @property
    def all_kinds(self) -> str:
        """The scope kinds that were asked for."""
        return kind_words(self.first.kinds)

    @property
    def state_label(self) -> str:
        """Its state in the words of the look."""
        if self._follows_request:
            return str(RequestState(self.request.state).label)
        return str(ScopeItem.ItemState(self.first.state).label)

    @property
    def state_mark(self) -> str:
        """The class of its state mark."""
        if self._follows_request:
            return MARKS.get(self.request.state, "settled")
        return _ITEM_MARKS[ScopeItem.ItemState(self.first.state)]

    @property
    def _follows_request(self) -> bool:
        is_fulfilled = self.is_accepted and self.request.state == RequestState.FULFILLED
        return self.is_open or self.request.state in LIFTED or is_fulfilled

    @property
    def is_open(self) -> bool:
        """True when it is not decided."""
        return self.first.state == ScopeItem.ItemState.OPEN

    @property
    def is_accepted(self) -> bool:
        """True when it was accepted, and still is."""
        return self.first.state == ScopeItem.ItemState.ACCEPTED and self.request.state not in LIFTED

    @property
    def can_be_asked_anew(self) -> bool:
        """True when it was declined while other parts stand: an appeal is against a denied request as a whole."""
        is_declined = self.first.state == ScopeItem.ItemState.DECLINED
        return is_declined and self.request.state in (RequestState.ACCEPTED, RequestState.FULFILLED)

    @property
    def waits(self) -> bool:
        """True when somebody still has to do something about it."""
        return self.is_open and MARKS.get(self.request.state) in ("us", "wait")

    @property
    def proof(self) -> Proof | None:
        """What showed, or did not show, that the requester may ask for it."""
        claim = role_claim(self.first.claim)
        return latest_proof(claim) or shown_proof(claim)

    @property
    def is_former_login(self) -> bool:
        """True for everything under a login that the requester's account has left."""
        return self.is_owner and self.first.claim.kind == ClaimKind.FORMER_LOGIN

    @property
    def counted(self) -> list[tuple[str, str]]:
        """How many repositories of an owner were tied to it: a version and the words, newest version first."""
        in_versions = self.first.assessment.get("versions", {}) if self.is_owner else {}
        names = [found.run.version.name for found in self.found if found.run.version.name in in_versions]
        told = [(name, led_in_words(in_versions[name])) for name in names]
        return [(name, words) for name, words in told if words]

    @property
    def alone_count(self) -> int:
        """How many repositories of a former login were proven one by one while the whole name waits."""
        return len(self.first.assessment.get("alone", [])) if self.waits else 0

    @property
    def guards(self) -> list[str]:
        """Why the machine did not decide, while a person has to."""
        # The rules have judged a moment before the request comes to a reviewer, or is accepted.
        if not self.waits or self.request.state == RequestState.SUBMITTED:
            return []
        sentences = [sentence for _, sentence in guard_sentences(self.first)]
        if not sentences and size_of(self.first.claim, self.request) is Size.LARGE:
            return [_LAST_WORD]
        return sentences

    @property
    def decision(self) -> Decision | None:
        """The newest decision, unless it was taken back."""
        return None if self.is_open else next(iter(self.first.decisions.all()), None)

    @property
    def rule_title(self) -> str:
        """The policy's rule that accepted it, as a title; empty when a person decided."""
        return RULE_TITLES.get(self.decision.rule, "") if self.decision else ""

    @cached_property
    def newest(self) -> Found | None:
        """What the newest version holds."""
        return next(iter(self.found), None)

    @property
    def older(self) -> list[Found]:
        """The older versions that hold something."""
        return [found for found in self.found[1:] if found.repository_count]


def parts_for(request: RemovalRequest) -> list[Part]:
    """The request's parts: single repositories first as they were asked, then whole owners."""
    findings = findings_of(request)
    groups: dict[tuple[object, ...], list[ScopeItem]] = {}
    for item in sorted(
        parts_of(request), key=lambda item: (item.kind != ScopeItem.Kind.REPOSITORY, item.name_key)
    ):
        groups.setdefault(_likeness(item), []).append(item)
    return [
        Part(
            request,
            items,
            _together([findings[item.pk] for item in items]),
            counting(releases_with_item(items[0])),
        )
        for items in groups.values()
    ]


def _likeness(item: ScopeItem) -> tuple[object, ...]:
    if item.kind == ScopeItem.Kind.OWNER:
        return (item.pk,)
    decision = next(iter(item.decisions.all()), None)
    return (
        item.claim_id,
        item.state,
        item.proof_state,
        tuple(item.assessment.get("guards", [])),
        tuple(item.kinds),
        item.frozen_at,
        (decision.reason, decision.sentence, decision.rule) if decision else None,
    )


def _together(findings: Sequence[Sequence[Finding]]) -> list[Found]:
    """The findings of several items, added up version by version."""
    return [
        Found(
            of_version[0].run,
            sum(one.repository_count for one in of_version),
            sum(one.file_count for one in of_version),
            sum(one.byte_count for one in of_version),
        )
        for of_version in zip(*findings, strict=True)
    ]
