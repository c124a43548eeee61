"""Plan, freeze, export and hand over a release."""

import dataclasses
import json
import re
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.exclusionlist import Format, ReleaseFacts, Rule, canonical_jsonl, sorted_rules, write
from bigcode_optout.names import fold
from bigcode_optout.releases import rules as making
from bigcode_optout.releases.models import Exclusion, Export, Release, ReleaseState
from bigcode_optout.releases.queries import newest_frozen
from bigcode_optout.releases.readiness import in_doubt
from bigcode_optout.releases.spellings import spellings_for
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import ScopeItem
from bigcode_optout.removals.queries import standing_items
from bigcode_optout.removals.receipts import fingerprint

# Exports stand in a folder of this name.
RELEASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def plan(*, dataset: Dataset, name: str, freeze_planned_at: datetime | None = None) -> Release:
    """Open a release. There is one open release a dataset at a time. Raises `Conflict` and `Refused`."""
    require_plannable(dataset=dataset, name=name)
    return Release.objects.create(dataset=dataset, name=name, freeze_planned_at=freeze_planned_at)


def require_plannable(*, dataset: Dataset, name: str) -> None:
    """Raise `Conflict` when another release is open or has this name, `Refused` when the name cannot name a folder."""
    if not RELEASE_NAME.fullmatch(name):
        raise Refused(
            "no_release_name", "Name a release with letters, digits, dots, hyphens and underscores: v3.1."
        )
    if Release.objects.filter(dataset=dataset, state=ReleaseState.OPEN).exists():
        raise Conflict("release_open", "Another release of this dataset is still open.")
    if Release.objects.filter(dataset=dataset, name=name).exists():
        raise Conflict("release_known", f"There is a release {name} of this dataset already.")


@transaction.atomic
def freeze(*, release_id: int, by: User | None) -> Release:
    """Take every accepted item that stands now into the release's exclusions; nothing changes them afterwards.

    `by` is None for the command line. Raises `Forbidden`, and `Conflict` when the release is not open.
    """
    _require(by, "releases.freeze_release")
    release = _locked(release_id)
    if release.state != ReleaseState.OPEN:
        raise Conflict("already_frozen", f"{release} was frozen before. A frozen release does not change.")
    now = clock.now()
    previous = newest_frozen(release.dataset.slug)
    items = _held_items(release)
    _require_decided(release, previous)
    drafts = making.draft_rules(items)
    written = _write_exclusions(release, drafts, _first_releases(previous))
    release.previous = previous
    release.state = ReleaseState.FROZEN
    release.frozen_at, release.frozen_by = now, by
    release.rule_count = len(written)
    release.canonical_sha256 = fingerprint(canonical_jsonl(written).decode())
    release.save()
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
    from bigcode_optout.removals.models import RemovalRequest

    wanted = standing_items(release.dataset_id).values("request_id")
    list(
        RemovalRequest.objects.select_for_update()
        .filter(pk__in=wanted)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return list(standing_items(release.dataset_id).select_related("claim", "request"))


def _first_releases(previous: Release | None) -> dict[making.Key, str]:
    """In which release each rule of the list before stood first; also found without its last day, since a name that was
    left after that list is the same rule."""
    first: dict[making.Key, str] = {}
    for one in previous.exclusions.order_by("pk") if previous else ():
        first[one.kind, one.name_key, one.name_valid_until, one.owner_id, one.repo_id] = one.since_release
        first.setdefault((one.kind, one.name_key, None, one.owner_id, one.repo_id), one.since_release)
    return first


def _write_exclusions(
    release: Release, drafts: dict[making.Key, making.Draft], first: dict[making.Key, str]
) -> list[Rule]:
    written = []
    for key, draft in drafts.items():
        undated = (draft.kind, fold(draft.name), None, draft.owner_id, draft.repo_id)
        rule = draft.as_rule(first.get(key) or first.get(undated, release.name))
        exclusion = Exclusion.objects.create(release=release, **dataclasses.asdict(rule))
        exclusion.items.set(draft.items)
        written.append(rule)
    return sorted_rules(written)


def _rule_of(exclusion: Exclusion) -> Rule:
    """The columns of both have the same names."""
    return Rule(**{column.name: getattr(exclusion, column.name) for column in dataclasses.fields(Rule)})


def rules_of(release: Release) -> list[Rule]:
    """The frozen rules in the list's order. Raises `Conflict` when they are not what was frozen."""
    if release.state == ReleaseState.OPEN:
        raise Conflict("not_frozen", f"{release} is still open. Freeze it first.")
    found = sorted_rules(_rule_of(one) for one in release.exclusions.iterator())
    if fingerprint(canonical_jsonl(found).decode()) != release.canonical_sha256:
        raise Conflict("release_changed", f"The exclusions of {release} are not the ones that were frozen.")
    return found


def export(*, release: Release, format: Format, by: User | None, output: Path | None = None) -> Export:
    """Write the frozen list in one format, once; a later call gives the kept files. With `output` also copy them there.

    Raises `Forbidden`, `Conflict` when not frozen or changed, `Refused` when `output` is not empty.
    """
    _require(by, "releases.export_release")
    if output is not None and output.exists() and any(output.iterdir()):
        raise Refused("output_not_empty", f"{output} is not empty. Name an empty or a new folder.")
    kept = release.exports.filter(format=format).first() or _write_export(release, format)
    if output is not None:
        shutil.copytree(Path(settings.EXPORT_DIR) / kept.path, output, dirs_exist_ok=True)
    return kept


def _write_export(release: Release, format: Format) -> Export:
    found = rules_of(release)
    assert release.frozen_at is not None
    path = Path(release.dataset.slug) / release.name / format
    folder = Path(settings.EXPORT_DIR) / path
    folder.parent.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        _locked(release.pk)
        kept = release.exports.filter(format=format).first()
        if kept:
            return kept
        # Left by an export that was killed before its row was written: the row decides, not the folder.
        shutil.rmtree(folder, ignore_errors=True)
        manifest = write(
            found,
            output=folder,
            format=format,
            facts=ReleaseFacts(
                release=release.name,
                dataset=release.dataset.slug,
                previous_release=release.previous.name if release.previous else None,
                frozen_on=release.frozen_at.date(),
            ),
            spellings=spellings_for(release, found) if format == "legacy-json" else None,
        )
        return Export.objects.create(
            release=release, format=format, path=path.as_posix(), manifest=json.loads(manifest.to_json())
        )


@transaction.atomic
def hand_over(*, release_id: int, by: User | None) -> Release:
    """The list went to those who build the dataset. Requesters are told. Raises `Forbidden` and `Conflict`."""
    _require(by, "releases.hand_over_release")
    release = _locked(release_id)
    if release.state != ReleaseState.FROZEN:
        raise Conflict(
            "not_frozen", f"{release} is {release.get_state_display()}; only a frozen release is handed over."
        )
    release.state = ReleaseState.HANDED_OVER
    release.handed_over_at, release.handed_over_by = clock.now(), by
    release.save()
    held = ScopeItem.objects.filter(exclusions__release=release).order_by("request_id", "kind", "name_key")
    removals.tell_handed_over(items=held.distinct(), release=release.name)
    return release


def _locked(release_id: int) -> Release:
    return (
        Release.objects.select_for_update(of=("self",))
        .select_related("dataset", "previous")
        .get(pk=release_id)
    )


def _require(by: User | None, permission: str) -> None:
    if by is not None and not by.has_perm(permission):
        raise Forbidden("no_permission", "You are not a release manager.")
