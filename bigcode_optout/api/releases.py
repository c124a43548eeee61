"""What is public about releases: names, days, counts, hashes."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from ninja import Router

from bigcode_optout.api.access import count
from bigcode_optout.api.answers import described, problems
from bigcode_optout.api.bodies import ReleaseBody, ReleasesBody
from bigcode_optout.api.finding import any_release
from bigcode_optout.releases.kept_files import data_path
from bigcode_optout.releases.models import DeltaExport, Export, Release

router = Router(tags=["Releases"])
_PUBLIC = (401, 429)


@router.api_operation(
    ["GET"],
    "/releases",
    operation_id="releases",
    summary="All releases",
    response={200: ReleasesBody, **problems(*_PUBLIC)},
    openapi_extra=described(*_PUBLIC),
)
def releases(request: HttpRequest) -> dict[str, Any]:
    """The releases of the dataset, the newest first. Public; a token that is shown must be a good one."""
    count(request)
    found = _with_files(Release.objects.filter(dataset__slug=settings.DATASET))
    return {"dataset": settings.DATASET, "releases": [_body(release) for release in found]}


@router.api_operation(
    ["GET"],
    "/releases/{name}",
    operation_id="release",
    summary="One release",
    response={200: ReleaseBody, **problems(*_PUBLIC, 404)},
    openapi_extra=described(*_PUBLIC, 404),
)
def release(request: HttpRequest, name: str) -> dict[str, Any]:
    """State, days, counts and hashes of a release. Public."""
    count(request)
    return _body(_with_files(Release.objects.filter(pk=any_release(name).pk)).get())


def _with_files(releases: QuerySet[Release]) -> QuerySet[Release]:
    deltas = DeltaExport.objects.select_related("before").order_by("before__frozen_at")
    return releases.select_related("previous").prefetch_related(
        Prefetch("exports", Export.objects.order_by("pk")), Prefetch("deltas", deltas)
    )


def _body(release: Release) -> dict[str, Any]:
    exports = list(release.exports.all())
    return {
        "name": release.name,
        "state": release.state,
        "freeze_planned_at": release.freeze_planned_at,
        "frozen_on": release.frozen_at.date() if release.frozen_at else None,
        "handed_over_on": release.handed_over_at.date() if release.handed_over_at else None,
        "previous_release": release.previous.name if release.previous else None,
        "rule_count": release.rule_count,
        "counts": exports[0].manifest["counts"] if exports else None,
        "canonical_sha256": release.canonical_sha256 or None,
        "formats": [_format(export) for export in exports],
        "deltas_from": [delta.before.name for delta in release.deltas.all()],
    }


def _format(export: Export) -> dict[str, Any]:
    wanted = data_path(export)
    [data] = [entry for entry in export.manifest["files"] if entry["path"] == wanted]
    return {
        "format": export.format,
        "bytes": data["bytes"],
        "sha256": data["sha256"],
        "lossy_rules": export.manifest["lossy_rules"],
        "key_id": export.manifest["key_id"],
    }
