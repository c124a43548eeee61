"""Public facts contradict what was accepted: the part goes back to a reviewer, never silently on a list or off it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.crypto import salted_hmac

from bigcode_optout.claims.authority import Guard, Verdict
from bigcode_optout.names import fold
from bigcode_optout.removals import outbox
from bigcode_optout.removals.copying import copy_located
from bigcode_optout.removals.due import due_from_now, end_of_day
from bigcode_optout.removals.events import locked, move, note
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import RemovalRequest, RequestState, ScopeItem
from bigcode_optout.removals.queries import LIFTED
from bigcode_optout.removals.sealing import scope_of

CONTRADICT = "contradict"


@dataclass(frozen=True)
class Doubt:
    """GitHub says that a repository of an accepted item is another owner's by now.

    `repository_id` is None where only the name is known; `owner_id` is whose it is now; `full_name` is as the item or
    the dataset has it.
    """

    item_id: int
    full_name: str
    repository_id: int | None
    owner_id: int

    def as_list(self) -> list[int | str]:
        """For the event: what a reviewer has then seen, and what is not asked about again."""
        number = self.repository_id
        return [self.item_id, _print_of(self.full_name) if number is None else number, self.owner_id]


def _print_of(full_name: str) -> str:
    """An event says no names: with the site's key, whoever reads it cannot try names out."""
    return salted_hmac("removals.doubt", fold(full_name), algorithm="sha256").hexdigest()[:24]


@transaction.atomic
def contradict(*, request_id: int, doubts: Collection[Doubt]) -> list[ScopeItem]:
    """Take what is in doubt back to a reviewer, with a mail; return the parts that are open now.

    A repository that was accepted for itself is open again. One that was accepted as part of an owner becomes a part of
    its own, and the owner stands. What a reviewer has seen once, with the same owner, is not brought up again.
    """
    request = locked(request_id)
    if request.state in LIFTED:
        return []
    seen = _seen(request)
    standing = {item.pk: item for item in request.items.filter(state=ScopeItem.ItemState.ACCEPTED)}
    known = set(request.items.values_list("pk", flat=True))
    opened, facts = [], []
    for doubt in doubts:
        item = standing.get(doubt.item_id)
        if item is None or tuple(doubt.as_list()) in seen:
            continue
        part = item if item.kind == ScopeItem.Kind.REPOSITORY else _part(item, doubt)
        if part.state != ScopeItem.ItemState.DECLINED:
            opened.append(_open(part))
        facts.append(doubt.as_list())
    opened = list({part.pk: part for part in opened}.values())
    made = [part for part in opened if part.pk not in known]
    if opened:
        _back_to_review(
            request, {"items": [part.pk for part in opened], "scope": scope_of(made), "facts": facts}
        )
        outbox.write(request, "contradicted", open_items=opened)
    return opened


def _seen(request: RemovalRequest) -> set[tuple[int | str, ...]]:
    events = request.events.filter(code=CONTRADICT).values_list("data", flat=True)
    return {tuple(row) for data in events for row in data.get("facts", [])}


def _part(owner: ScopeItem, doubt: Doubt) -> ScopeItem:
    """The part of the request about this repository, made now unless there is one."""
    parts = owner.request.items.filter(kind=ScopeItem.Kind.REPOSITORY)
    number = doubt.repository_id
    found = (parts.filter(repository_id=number).first() if number is not None else None) or parts.filter(
        name_key=fold(doubt.full_name)
    ).first()
    if found is not None:
        return found
    part = ScopeItem.objects.create(
        request=owner.request,
        claim=owner.claim,
        kind=ScopeItem.Kind.REPOSITORY,
        name=doubt.full_name,
        owner_id=owner.owner_id,
        repository_id=doubt.repository_id,
        name_valid_until=owner.name_valid_until,
        files=owner.files,
        commits=owner.commits,
        issues=owner.issues,
    )
    located = owner.located.filter(repository_id=number)
    copy_located((row, part) for row in located if number is not None or fold(row.full_name) == part.name_key)
    return part


def _open(part: ScopeItem) -> ScopeItem:
    guards = [*part.assessment.get("guards", []), Guard.OTHER_OWNER.value]
    part.state = ScopeItem.ItemState.OPEN
    part.proof_state = ScopeItem.ProofState.CONTRADICTED
    part.assessment = {
        **part.assessment,
        "verdict": Verdict.CONTRADICTED.value,
        "rule": "",
        "guards": list(dict.fromkeys(guards)),
    }
    part.save(update_fields=["state", "proof_state", "assessment"])
    return part


def _back_to_review(request: RemovalRequest, data: dict[str, object]) -> None:
    """As an objection does. What is still to be located comes to review by itself, and no rule accepts it."""
    if request.state == RequestState.SUBMITTED:
        note(request, CONTRADICT, role=Role.SYSTEM, data=data)
        return
    if request.state in (RequestState.ACCEPTED, RequestState.FULFILLED):
        request.decided_at = None
        request.due_at = due_from_now()
    elif request.clock_stopped_at and (due := request.due_if_answered_now):
        request.due_at = end_of_day(due)
    request.clock_stopped_at = None
    move(request, CONTRADICT, role=Role.SYSTEM, by=None, data=data)
