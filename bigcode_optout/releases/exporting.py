"""Write a frozen list as signed files: each format once, kept, and the deltas from earlier releases."""

import json
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import DomainError, Forbidden, Refused
from bigcode_optout.exclusionlist import (
    FORMATS,
    KEYED_FORMATS,
    ExclusionList,
    ExclusionListError,
    Format,
    KeyedFormat,
    ListKey,
    ReleaseFacts,
    read,
    write,
    write_delta,
)
from bigcode_optout.exclusionlist.placing import new_folder
from bigcode_optout.releases.export_models import DeltaExport, KeyedListKey
from bigcode_optout.releases.models import Export, Release, ReleaseState, SharedContent
from bigcode_optout.releases.services import rules_of
from bigcode_optout.releases.signing import key_for
from bigcode_optout.releases.spellings import spellings_for

AnyFormat = Format | KeyedFormat
ALL_FORMATS: tuple[AnyFormat, ...] = (*FORMATS, *KEYED_FORMATS)
# In these nobody outside has the list yet, so that nothing is written without being asked for.
_NOT_GIVEN = (ReleaseState.OPEN, ReleaseState.FROZEN)


def export(*, release: Release, format: AnyFormat, by: User | None, output: Path | None = None) -> Export:
    """Write the frozen list in one format, once; a later call gives the kept files. With `output` also copy them there.

    Signed, where a key is configured. Raises `Forbidden`, `Conflict` when not frozen or changed, `Refused` when
    `output` is not empty, `Unavailable` when the key or an index cannot be read.
    """
    _require(by, output)
    kept = release.exports.filter(format=format).first() or _write_export(release, format)
    _copy(kept, output)
    return kept


def export_delta(
    *, release: Release, before: Release, by: User | None, output: Path | None = None
) -> DeltaExport:
    """Write what leads from the list of `before` to this release's, once; raises as `export` does.

    Both lists are read back from their kept files, whose hashes are checked.
    """
    _require(by, output)
    kept = release.deltas.filter(before=before).first() or _write_delta(release, before)
    _copy(kept, output)
    return kept


def earlier_releases(release: Release) -> list[Release]:
    """The releases of the dataset that were frozen before this one, oldest first; none while it is open."""
    if release.frozen_at is None:
        return []
    same = Release.objects.filter(dataset_id=release.dataset_id, frozen_at__lt=release.frozen_at)
    return list(same.select_related("dataset", "previous").order_by("frozen_at", "pk"))


def due() -> list[int]:
    """The releases that builders have and of which a format or a delta is not written yet."""
    given = Release.objects.exclude(state__in=_NOT_GIVEN)
    return [release.pk for release in given if _missing_formats(release) or _missing_deltas(release)]


def export_everything(*, release_id: int) -> list[DomainError | ExclusionListError]:
    """Write what is missing; what cannot be written now does not keep the rest waiting, and is returned."""
    release = Release.objects.select_related("dataset", "previous").get(pk=release_id)
    problems: list[DomainError | ExclusionListError] = []
    for format in _missing_formats(release):
        try:
            export(release=release, format=format, by=None)
        except (DomainError, ExclusionListError) as problem:
            problems.append(problem)
    for before in _missing_deltas(release):
        try:
            export_delta(release=release, before=before, by=None)
        except (DomainError, ExclusionListError) as problem:
            problems.append(problem)
    return problems


def folder_of(kept: Export | DeltaExport) -> Path:
    """Where the kept files stand."""
    return Path(settings.EXPORT_DIR) / kept.path


def _missing_formats(release: Release) -> list[AnyFormat]:
    written = set(release.exports.values_list("format", flat=True))
    return [format for format in ALL_FORMATS if format not in written]


def _missing_deltas(release: Release) -> list[Release]:
    written = set(release.deltas.values_list("before_id", flat=True))
    return [before for before in earlier_releases(release) if before.pk not in written]


def _write_export(release: Release, format: AnyFormat) -> Export:
    found = rules_of(release)
    assert release.frozen_at is not None
    facts = ReleaseFacts(
        release=release.name,
        dataset=release.dataset.slug,
        previous_release=release.previous.name if release.previous else None,
        frozen_on=release.frozen_at.date(),
        shared_content="keep" if release.shared_content == SharedContent.KEEP else "drop",
    )
    path = Path(release.dataset.slug) / release.name / format
    with transaction.atomic():
        _lock(release)
        kept = release.exports.filter(format=format).first()
        if kept:
            return kept
        manifest = write(
            found,
            output=_empty(path),
            format=format,
            facts=facts,
            spellings=spellings_for(release, found) if format == "legacy-json" else None,
            list_key=_list_key(release) if format in KEYED_FORMATS else None,
            signing_key=key_for(facts.frozen_on),
        )
        return Export.objects.create(
            release=release, format=format, path=path.as_posix(), manifest=json.loads(manifest.to_json())
        )


def _write_delta(release: Release, before: Release) -> DeltaExport:
    if before not in earlier_releases(release):
        raise Refused("no_earlier_release", f"{before} was not frozen before {release}.")
    assert release.frozen_at is not None
    old, new = _kept_list(before), _kept_list(release)
    path = Path(release.dataset.slug) / release.name / f"delta-from-{before.name}"
    with transaction.atomic():
        _lock(release)
        kept = release.deltas.filter(before=before).first()
        if kept:
            return kept
        manifest = write_delta(old, new, output=_empty(path), signing_key=key_for(release.frozen_at.date()))
        return DeltaExport.objects.create(
            release=release, before=before, path=path.as_posix(), manifest=json.loads(manifest.to_json())
        )


def _kept_list(release: Release) -> ExclusionList:
    return read(folder_of(export(release=release, format="jsonl", by=None)))


def _empty(path: Path) -> Path:
    """The folder to write, without what an export left that was killed before its row was written: the row decides."""
    folder = Path(settings.EXPORT_DIR) / path
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _list_key(release: Release) -> ListKey:
    """The release's own key, made when the first of its keyed lists is written."""
    kept, _ = KeyedListKey.objects.get_or_create(
        release=release, defaults={"secret": ListKey.generate().to_text().strip()}
    )
    return kept.list_key


def _copy(kept: Export | DeltaExport, output: Path | None) -> None:
    if output is not None:
        with new_folder(output) as folder:
            shutil.copytree(folder_of(kept), folder, dirs_exist_ok=True)


def _lock(release: Release) -> None:
    Release.objects.select_for_update().get(pk=release.pk)


def _require(by: User | None, output: Path | None) -> None:
    if by is not None and not by.has_perm("releases.export_release"):
        raise Forbidden("no_permission", "You are not a release manager.")
    if output is not None and output.exists() and any(output.iterdir()):
        raise Refused("output_not_empty", f"{output} is not empty. Name an empty or a new folder.")
