"""Say that a verified release's dataset version is out."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.releases import events
from bigcode_optout.releases.counted import KINDS, kinds_to_verify, verified
from bigcode_optout.releases.doubts import doubts_of
from bigcode_optout.releases.models import Publication, Release
from bigcode_optout.removals.models import RemovalRequest, ScopeItem


@transaction.atomic
def publish(
    *,
    release_id: int,
    version: str,
    by: User | None,
    absent_kinds: Collection[str] = (),
    despite: Collection[str] = (),
    with_bell: bool = True,
) -> Publication:
    """The dataset version `version` is out: a worker then makes fulfilled what it honours, and tells the requesters.

    Each scope kind that the dataset honours and the list asks for needs a clean verification of this version;
    `absent_kinds` are those that the version has nothing of. What else speaks against it (`doubts_of`) must stand in
    `despite`, by its code. `by` is None for the command line. Raises `Forbidden`, `Refused` for another version or an
    unknown kind, `Conflict` when the release is not verified, a kind is not, or a doubt is left.
    """
    release = events.locked(release_id)
    events.require(release, "publish", by=by)
    if version not in release.version_names:
        names = " or ".join(release.version_names)
        raise Refused("other_version", f"The list of {release} is for {names}, not for {version!r}.")
    unknown = sorted(set(absent_kinds) - set(KINDS))
    if unknown:
        raise Refused("unknown_kind", f"There is no scope kind {unknown[0]!r}: {', '.join(KINDS)}.")
    _require_verified(release, version, absent_kinds)
    known = _require_said(release, version, despite)
    data = {"version": version, "absent_kinds": sorted(absent_kinds), "despite": known}
    events.move(release, "publish", by=by, data=data)
    publication = Publication.objects.create(
        release=release,
        version=version,
        absent_kinds=[kind for kind in KINDS if kind in absent_kinds],
        published_at=clock.now(),
        published_by=by,
        request_count=requests_on(release).count(),
    )
    if with_bell:
        from bigcode_optout.releases import tasks

        ring(tasks.fulfil, publication.pk)
    return publication


def _require_verified(release: Release, version: str, absent_kinds: Collection[str]) -> None:
    kinds = verified(release, version).kinds
    both = sorted(set(kinds) & set(absent_kinds))
    if both:
        raise Refused("kind_not_absent", f"A report over the {both[0]} of {version} is kept, so it has some.")
    open_kinds = [kind for kind in kinds_to_verify(release) if kind not in {*kinds, *absent_kinds}]
    if not kinds or open_kinds:
        raise Conflict(
            "not_verified",
            f"No clean report covers the {' and the '.join(open_kinds or ['files'])} of {version}. Record one, or say "
            f"that {version} has none of them.",
        )


def _require_said(release: Release, version: str, despite: Collection[str]) -> list[str]:
    """The codes of what speaks against it. Raises `Conflict` with the first that `despite` does not name."""
    found = doubts_of(release, version)
    for doubt in found:
        if doubt.code not in despite:
            raise Conflict(f"doubt_{doubt.code.replace('-', '_')}", doubt.sentence)
    return [doubt.code for doubt in found]


def requests_on(release: Release) -> QuerySet[RemovalRequest]:
    """The requests with a part on the frozen list, by number."""
    items = ScopeItem.objects.filter(request=OuterRef("pk"), exclusions__release=release)
    return RemovalRequest.objects.filter(Exists(items)).order_by("pk")
