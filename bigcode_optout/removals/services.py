"""The verbs of a removal request. Each locks the request, moves it by the lifecycle's table, and writes its event."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.queries import versions
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.core.references import new_reference
from bigcode_optout.removals import (
    change_hooks,
    drafting,
    languages,
    merging,
    outbox,
    owners,
    policies,
    receipts,
)
from bigcode_optout.removals.automatic import LARGE, current
from bigcode_optout.removals.deciding import decide as decide
from bigcode_optout.removals.deciding import deny as deny
from bigcode_optout.removals.due import due_from_now, end_of_day
from bigcode_optout.removals.events import locked, move, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Decision, LocateRun, RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.releasing import freeze_items as freeze_items
from bigcode_optout.removals.releasing import fulfil_items as fulfil_items
from bigcode_optout.removals.releasing import tell_found_left as tell_found_left
from bigcode_optout.removals.releasing import tell_handed_over as tell_handed_over
from bigcode_optout.removals.sealing import scope_of
from bigcode_optout.removals.settling import ItemVerdict as ItemVerdict
from bigcode_optout.removals.settling import record, settle, word

_REFERENCE_TRIES = 5


@transaction.atomic
@change_hooks.gathered()
def submit(*, by: User, draft_id: int, language: str = languages.FALLBACK) -> RemovalRequest:
    """Send the draft: reference number, receipt, due date, a search to run in every version, a mail.

    `language`, one of `languages.known()`, is the one in which the person reads decisions.

    Raises `Conflict` when it was sent already, `Refused` when it asks for nothing, or for what is no longer
    the person's.
    """
    request = locked(draft_id)
    items = list(request.items.all())
    if not items:
        raise Refused("nothing_chosen", "Choose what should be left out.")
    policies.require(request, "submit", role=Role.REQUESTER, by=by)
    drafting.require_current(items, by=by)
    now = clock.now()
    request.submitted_at = now
    request.due_at = due_from_now()
    request.next_attempt_at = now
    request.language = language if language in languages.known() else languages.FALLBACK
    _number(request)
    request.canonical_text = receipts.canonical_text(request, items)
    request.canonical_sha256 = receipts.fingerprint(request.canonical_text)
    data = {"items": len(items), "scope": scope_of(items)}
    move(request, "submit", role=Role.REQUESTER, by=by, data=data)
    LocateRun.objects.bulk_create(
        LocateRun(request=request, version=version) for version in versions(request.dataset.slug)
    )
    change_hooks.tell(request.pk, "to_be_searched")
    outbox.write(request, "received")
    from bigcode_optout.removals import tasks

    ring(tasks.process, request.pk)
    return request


def _number(request: RemovalRequest) -> None:
    for _ in range(_REFERENCE_TRIES):
        request.reference = new_reference()
        try:
            with transaction.atomic():
                request.save(update_fields=["reference"])
        except IntegrityError:
            continue
        return
    raise Conflict("no_reference", "No reference number could be given. Please send the request again.")


@transaction.atomic
def begin_review(*, request_id: int) -> RemovalRequest:
    """Everything that machines can find out is known, or they gave up: now the policy or a person decides."""
    request = locked(request_id)
    runs = list(request.locate_runs.all())
    move(
        request,
        "begin_review",
        role=Role.SYSTEM,
        by=None,
        data={
            "searched": [run.version_id for run in runs if run.state == LocateRun.RunState.DONE],
            "failed": [run.version_id for run in runs if run.state == LocateRun.RunState.FAILED],
        },
    )
    return request


@transaction.atomic
def ask(*, by: User, request_id: int, question: str) -> RemovalRequest:
    """Ask the requester. The clock stands still until the answer."""
    if not question.strip():
        raise Refused("no_question", "Write the question.")
    request = locked(request_id)
    request.clock_stopped_at = clock.now()
    move(request, "ask", role=Role.REVIEWER, by=by, text=question.strip())
    outbox.write(request, "question", question=question.strip())
    return request


@transaction.atomic
def answer(*, by: User, request_id: int, text: str) -> RemovalRequest:
    """Answer the reviewer. The due date moves by the time that the clock stood still."""
    if not text.strip():
        raise Refused("no_answer", "Write your answer.")
    request = locked(request_id)
    due = request.due_if_answered_now
    request.due_at = end_of_day(due) if due else None
    request.clock_stopped_at = None
    data = {"due_at": request.due_at.isoformat() if request.due_at else None}
    move(request, "answer", role=Role.REQUESTER, by=by, data=data, text=text.strip())
    return request


@transaction.atomic
def accept_by_rule(*, request_id: int, rules: Mapping[int, str]) -> RemovalRequest:
    """The policy accepts items; `rules` names for each item the rule that allowed it.

    What an owner objects to, no rule accepts; nor what the policy was stopped or switched off for since the rules were
    read.
    """
    request = locked(request_id)
    if request.state != RequestState.IN_REVIEW or not rules:
        return request
    policy, objected = current(), owners.items_under_objection(request)
    open_items = request.items.filter(pk__in=rules.keys() - objected, state=ScopeItem.ItemState.OPEN)
    allowed = [
        item
        for item in open_items.select_related("request__dataset", "claim")
        if policy.accepts_kind(item.claim.kind)
        and (rules[item.pk] not in owners.LARGE_RULES or policy.accepts_kind(LARGE))
    ]
    if not allowed:
        return request
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    ruled = word((item, accept) for item in allowed)
    decided = record(ruled, by=None, rule=rules)
    data = {**decided, "rules": sorted({rules[item.pk] for item in allowed}), "policy": policy.number}
    settle(request, role=Role.POLICY, by=None, data=data)
    return request


@transaction.atomic
def reopen(*, by: User, request_id: int, text: str) -> RemovalRequest:
    """Take a decision back: every item is open again. Not possible once frozen."""
    request = locked(request_id)
    move(request, "reopen", role=Role.REVIEWER, by=by, text=text)
    _open_again(request)
    return request


@transaction.atomic
def appeal(*, by: User, request_id: int, text: str) -> RemovalRequest:
    """The requester asks for a second look, once."""
    if not text.strip():
        raise Refused("no_appeal", "Write why the decision should be looked at again.")
    request = locked(request_id)
    move(request, "appeal", role=Role.REQUESTER, by=by, text=text.strip())
    request.was_appealed = True
    _open_again(request)
    return request


def _open_again(request: RemovalRequest) -> None:
    request.items.update(state=ScopeItem.ItemState.OPEN)
    request.decided_at = None
    request.due_at = due_from_now()
    request.save()
    change_hooks.tell(request.pk, "opened_again")


@transaction.atomic
def withdraw(*, by: User, request_id: int) -> RemovalRequest:
    """The requester takes the request back. Not possible once frozen: then `opt_back_in` holds for later releases.

    What was merged into it counts again.
    """
    request = locked(request_id)
    move(request, "withdraw", role=Role.REQUESTER, by=by)
    merging.revive_absorbed(elder=request)
    return request


@transaction.atomic
def opt_back_in(*, by: User, request_id: int) -> RemovalRequest:
    """The requester lets the code in again, from the next freeze on. What was merged into it counts again."""
    request = locked(request_id)
    move(request, "opt_back_in", role=Role.REQUESTER, by=by)
    merging.revive_absorbed(elder=request)
    return request


@transaction.atomic
def add_note(*, by: User, request_id: int, text: str) -> RemovalRequest:
    """An internal note of a reviewer. Raises `Forbidden` for the requester and for people without the permission."""
    if not text.strip():
        raise Refused("no_note", "Write the note.")
    request = locked(request_id)
    policies.require_desk(request, by=by)
    note(request, "note", role=Role.REVIEWER, by=by, text=text.strip(), is_internal=True)
    return request


@transaction.atomic
def assign(*, by: User, request_id: int, to: User | None) -> RemovalRequest:
    """Put the request on a reviewer's desk, or on nobody's. Raises `Forbidden` like `add_note`."""
    request = locked(request_id)
    policies.require_desk(request, by=by)
    request.assignee = to
    request.save(update_fields=["assignee", "changed_at"])
    note(request, "assign", role=Role.REVIEWER, by=by, data={"to": to.pk if to else None}, is_internal=True)
    return request


@transaction.atomic
def remind(*, request_id: int) -> RemovalRequest:
    """Tell the requester that a question will soon end the request. Says nothing twice about one question."""
    request = locked(request_id)
    asked = request.events.filter(code="ask").order_by("-number").first()
    if request.state != RequestState.NEEDS_INFORMATION or asked is None:
        return request
    if not request.events.filter(code="remind", number__gt=asked.number).exists():
        note(request, "remind", role=Role.SYSTEM)
        outbox.write(request, "reminder", ends_on=_ends_on(request))
    return request


def _ends_on(request: RemovalRequest) -> date | None:
    """The day on which an unanswered question ends the request."""
    stopped = request.clock_stopped_at
    return (stopped + timedelta(days=settings.ANSWER_DAYS)).date() if stopped else None


@transaction.atomic
def expire(*, request_id: int) -> RemovalRequest:
    """The timer ends an unanswered question, and with it the request, unless a part of it was accepted before.

    Such a request is concluded: what is open is declined by the rule `no_answer`, what was accepted stands and can
    still be withdrawn or opted back in.
    """
    request = locked(request_id)
    if request.items.filter(state=ScopeItem.ItemState.ACCEPTED).exists():
        return _conclude(request)
    move(request, "expire", role=Role.SYSTEM, by=None)
    merging.revive_absorbed(elder=request)
    outbox.write(request, "expired", answer_days=settings.ANSWER_DAYS)
    return request


def _conclude(request: RemovalRequest) -> RemovalRequest:
    unanswered = ItemVerdict(
        Decision.Verdict.DECLINE,
        Decision.Reason.INSUFFICIENT_PROOF,
        "Our question about it was not answered in time.",
    )
    open_items = request.items.filter(state=ScopeItem.ItemState.OPEN).select_related("request__dataset")
    decided = record(word((item, unanswered) for item in open_items), by=None, rule="no_answer")
    request.clock_stopped_at = None
    request.decided_at = clock.now()
    move(request, "conclude", role=Role.SYSTEM, by=None, data=decided)
    merging.revive_uncovered(elder=request)
    outbox.write(request, "accepted")
    return request
