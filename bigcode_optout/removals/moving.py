"""Requests of a person who turned out to be another one here: they move, and their histories say so."""

from django.db import IntegrityError, transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.removals.events import locked, note
from bigcode_optout.removals.lifecycle import Role, State
from bigcode_optout.removals.models import Objection, RemovalRequest, ScopeItem


def move_requests(source: User, target: User) -> None:
    """Give the target the source's draft and requests. Mails and notices hang on the requests, and come along."""
    # All of both, in one order: a reviewer or a worker may hold one of them just now.
    people = [source.pk, target.pk]
    numbers = RemovalRequest.objects.filter(requester__in=people).order_by("pk").values_list("pk", flat=True)
    requests = [locked(number) for number in list(numbers)]
    for request in requests:
        if request.state == State.DRAFT:
            continue
        if request.requester_id == source.pk:
            request.requester = target
            request.save(update_fields=["requester"])
        data = {"from": source.pk, "to": target.pk}
        note(request, "join_people", role=Role.REQUESTER, by=target, data=data)
    for draft in [one for one in requests if one.state == State.DRAFT and one.requester_id == source.pk]:
        own = [
            one
            for one in requests
            if one.state == State.DRAFT
            and one.requester_id == target.pk
            and one.dataset_id == draft.dataset_id
        ]
        _join_drafts(draft, own[0] if own else None, target)
    _move_objections(source, target)


def foretell_requests(source: User, target: User) -> list[str]:
    """How many requests come along, and what becomes of the draft."""
    sent = source.removal_requests.filter(submitted_at__isnull=False).count()
    drafts = source.removal_requests.filter(state=State.DRAFT)
    own = target.removal_requests.filter(state=State.DRAFT, dataset__in=drafts.values("dataset"))
    sentences = []
    if sent:
        what = "One request moves" if sent == 1 else f"{sent:,} requests move"
        sentences.append(f"{what} to your account, with date, reference number and receipt as they are.")
    if drafts.exists():
        sentences.append(
            "Its draft is put together with yours: what is chosen in either stays chosen."
            if own.exists()
            else "Its draft moves to your account."
        )
    return sentences


def _join_drafts(theirs: RemovalRequest, ours: RemovalRequest | None, target: User) -> None:
    """Keep the newer of the two with the items of both; a person has one draft a dataset."""
    newer = theirs
    if ours is not None:
        older, newer = sorted((theirs, ours), key=lambda draft: draft.changed_at)
        known = {(item.kind, item.name_key): item for item in newer.items.all()}
        for item in older.items.all():
            _join_item(item, known.get((item.kind, item.name_key)), newer)
        for field in ("ground", "message", "email"):
            setattr(newer, field, getattr(newer, field) or getattr(older, field))
        older.delete()
    newer.requester = target
    newer.save()


def _join_item(item: ScopeItem, twin: ScopeItem | None, newer: RemovalRequest) -> None:
    """Put the item into the newer draft; where that has it already, with the kinds of both."""
    if twin is None:
        item.request = newer
        item.save(update_fields=["request"])
        return
    for kind in item.kinds:
        setattr(twin, kind, True)
    twin.save(update_fields=["files", "commits", "issues"])


def _move_objections(source: User, target: User) -> None:
    """Somebody who objected as both keeps one; the other stays with the closed row, as history."""
    for objection in Objection.objects.filter(raised_by=source).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                Objection.objects.filter(pk=objection).update(raised_by=target)
        except IntegrityError:
            continue
