"""Open a release: the next one, or one in the place of a release that failed."""

import re
from datetime import datetime

from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.releases import events, lifecycle
from bigcode_optout.releases.models import Release, ReleaseState, SharedContent

# Exports stand in a folder of this name.
RELEASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_THIRD_NUMBER = re.compile(r"(.*\d+\.\d+\.)(\d+)")


@transaction.atomic
def plan(
    *,
    dataset: Dataset,
    name: str,
    freeze_planned_at: datetime | None = None,
    replaces: Release | None = None,
    shared_content: str = SharedContent.DROP,
    by: User | None = None,
) -> Release:
    """Open a release. There is one open release a dataset at a time, and beside it one that `replaces` a failed one,
    whose choice about shared content it has, too.

    Raises `Conflict` and `Refused`.
    """
    require_plannable(dataset=dataset, name=name, replaces=replaces)
    if shared_content not in SharedContent.values:
        raise Refused("no_such_choice", f"Shared content is drop or keep, not {shared_content!r}.")
    verb, state = lifecycle.BEGIN
    release = Release.objects.create(
        dataset=dataset,
        name=name,
        freeze_planned_at=freeze_planned_at,
        replaces=replaces,
        shared_content=replaces.shared_content if replaces else shared_content,
        state=state.value,
    )
    data = {"replaces": replaces.name} if replaces else {}
    events.note(release, verb, by=by, data=data, to_state=state.value)
    return release


@transaction.atomic
def replan(
    *, release_id: int, freeze_planned_at: datetime | None, shared_content: str, by: User | None
) -> Release:
    """Plan an open release anew: when it is frozen, and the choice about shared content. The event says what it was.

    Raises `Forbidden`, `Conflict` and `Refused`.
    """
    release = events.locked(release_id)
    events.require(release, "freeze", by=by)
    if shared_content not in SharedContent.values:
        raise Refused("no_such_choice", f"Shared content is drop or keep, not {shared_content!r}.")
    before = _plan_of(release)
    release.freeze_planned_at, release.shared_content = freeze_planned_at, shared_content
    changed = {key: [before[key], now] for key, now in _plan_of(release).items() if now != before[key]}
    if changed:
        release.save(update_fields=["freeze_planned_at", "shared_content"])
        events.note(release, "replan", by=by, data=changed)
    return release


def _plan_of(release: Release) -> dict[str, str | None]:
    planned = release.freeze_planned_at
    return {
        "freeze_planned_at": planned.isoformat() if planned else None,
        "shared_content": release.shared_content,
    }


def require_plannable(*, dataset: Dataset, name: str, replaces: Release | None = None) -> None:
    """Raise `Conflict` when another release is open or has this name, or what is to be replaced has not failed or has a
    patch release that has not; `Refused` when the name cannot name a folder."""
    if not RELEASE_NAME.fullmatch(name):
        raise Refused(
            "no_release_name", "Name a release with letters, digits, dots, hyphens and underscores: v3.1."
        )
    known = Release.objects.filter(dataset=dataset)
    if replaces is not None:
        _require_replaceable(replaces, dataset)
    elif known.filter(state=ReleaseState.OPEN, replaces=None).exists():
        raise Conflict("release_open", "Another release of this dataset is still open.")
    if known.filter(name=name).exists():
        raise Conflict("release_known", f"There is a release {name} of this dataset already.")


def _require_replaceable(failed: Release, dataset: Dataset) -> None:
    if failed.dataset_id != dataset.pk:
        raise Refused("other_dataset", f"{failed} is a release of another dataset.")
    if failed.state != ReleaseState.FAILED:
        raise Conflict(
            "not_failed",
            f"{failed} is {failed.get_state_display()}; only a failed release has a patch release in its place.",
        )
    patch = failed.patches.first()
    if patch is not None:
        raise Conflict("patched", f"{patch} stands in the place of {failed} already.")
    open_patch = Release.objects.filter(dataset=dataset, state=ReleaseState.OPEN).exclude(replaces=None)
    if open_patch.exists():
        raise Conflict("patch_open", "Another patch release of this dataset is still open.")


def patch_name(failed: Release) -> str:
    """What the release in its place may be called: `v3.1.1` after `v3.1`, `v3.1.2` after `v3.1.1`; one that is free."""
    names = set(Release.objects.filter(dataset=failed.dataset_id).values_list("name", flat=True))
    found = _THIRD_NUMBER.fullmatch(failed.name)
    stem, number = (found[1], int(found[2]) + 1) if found else (f"{failed.name}.", 1)
    while f"{stem}{number}" in names:
        number += 1
    return f"{stem}{number}"
