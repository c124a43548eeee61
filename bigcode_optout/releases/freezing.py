"""Freeze a release: what stands becomes its list, in one transaction over what is recorded."""

import dataclasses
from collections.abc import Mapping

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.exclusionlist import Rule, canonical_jsonl, sorted_rules
from bigcode_optout.names import fold
from bigcode_optout.releases import events
from bigcode_optout.releases.keeping import keep_standing
from bigcode_optout.releases.models import Exclusion, Release
from bigcode_optout.releases.queries import newest_frozen
from bigcode_optout.releases.readiness import in_doubt
from bigcode_optout.releases.rules import Draft, Key, draft_rules
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.removals.queries import standing_items
from bigcode_optout.removals.receipts import fingerprint

_BATCH = 1000
_Link = Exclusion.items.through


@transaction.atomic
def freeze(*, release_id: int, by: User | None) -> Release:
    """Take every accepted item that stands now, and all that stood on the list before and was not taken back, into the
    release's exclusions; nothing changes them afterwards.

    `by` is None for the command line. Raises `Forbidden`; `Conflict` when the release is not open, when a reviewer has
    to decide about something on the list before, or when something on it would be lost.
    """
    release = events.locked(release_id)
    events.require(release, "freeze", by=by)
    now = clock.now()
    previous = newest_frozen(release.dataset.slug)
    items = _held_items(release)
    _require_decided(release, previous)
    drafts = draft_rules(items)
    keep_standing(previous, drafts, standing={item.pk for item in items})
    written = _write_exclusions(release, drafts, _first_releases(previous))
    release.previous = previous
    release.frozen_at, release.frozen_by = now, by
    release.rule_count = len(written)
    release.canonical_sha256 = fingerprint(canonical_jsonl(written).decode())
    data = {"rules": len(written), "sha256": release.canonical_sha256}
    events.move(release, "freeze", by=by, at=now, data=data)
    removals.freeze_items(items=items, release=release.name, at=now)
    return release


def _require_decided(release: Release, previous: Release | None) -> None:
    """What stands on the list before leaves it by a withdrawal or a decision, never because a decision is awaited."""
    waiting = sorted({item.request.reference or "" for item in in_doubt(release, previous)})
    if waiting:
        raise Conflict(
            "standing_in_doubt",
            f"GitHub contradicts what stands on the list for {previous}, and a reviewer has to decide first: "
            f"{', '.join(waiting)}.",
        )


def _held_items(release: Release) -> list[ScopeItem]:
    """The standing items, their requests held: a withdrawal that comes later waits and then finds them frozen."""
    wanted = standing_items(release.dataset_id).values("request_id")
    list(
        RemovalRequest.objects.select_for_update()
        .filter(pk__in=wanted)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return list(standing_items(release.dataset_id).select_related("claim", "request"))


def _first_releases(previous: Release | None) -> dict[Key, str]:
    """In which release each rule of the list before stood first; also found without its last day, since a name that was
    left after that list is the same rule."""
    first: dict[Key, str] = {}
    for one in previous.exclusions.order_by("pk") if previous else ():
        first[one.kind, one.name_key, one.name_valid_until, one.owner_id, one.repo_id] = one.since_release
        first.setdefault((one.kind, one.name_key, None, one.owner_id, one.repo_id), one.since_release)
    return first


def _write_exclusions(release: Release, drafts: Mapping[Key, Draft], first: Mapping[Key, str]) -> list[Rule]:
    rules: list[Rule] = []
    for key, draft in drafts.items():
        undated = (draft.kind, fold(draft.name), None, draft.owner_id, draft.repo_id)
        rules.append(draft.as_rule(first.get(key) or first.get(undated, release.name)))
    rows = Exclusion.objects.bulk_create(
        (Exclusion(release=release, **dataclasses.asdict(rule)) for rule in rules), batch_size=_BATCH
    )
    pairs = zip(rows, drafts.values(), strict=True)
    links = (
        _Link(exclusion_id=row.pk, scopeitem_id=item) for row, draft in pairs for item in sorted(draft.items)
    )
    _Link.objects.bulk_create(links, batch_size=_BATCH)
    return sorted_rules(rules)
