"""Say that a verified release's dataset version is out."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.core.bell import ring
from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.releases import events
from bigcode_optout.releases.models import Publication, Release
from bigcode_optout.removals.models import RemovalRequest, ScopeItem

KINDS = ("files", "commits", "issues")


@transaction.atomic
def publish(
    *,
    release_id: int,
    version: str,
    by: User | None,
    absent_kinds: Collection[str] = (),
    with_bell: bool = True,
) -> Publication:
    """The dataset version `version` is out: a worker then makes fulfilled what it honours, and tells the requesters.

    Each scope kind that the dataset honours and the list asks for needs a clean verification of this version;
    `absent_kinds` are those that the version has nothing of. `by` is None for the command line. Raises `Forbidden`,
    `Refused` for another version or an unknown kind, `Conflict` when the release is not verified or a kind is not.
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
    events.move(release, "publish", by=by, data={"version": version, "absent_kinds": sorted(absent_kinds)})
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


def verified_kinds(release: Release, version: str) -> list[str]:
    """The scope kinds of which a clean report over files of `version` is kept, in their fixed order."""
    found = set(
        release.verifications.filter(has_passed=True, dataset_version=version).values_list(
            "scope_kind", flat=True
        )
    )
    return [kind for kind in KINDS if kind in found]


def kinds_to_verify(release: Release) -> list[str]:
    """The scope kinds that the dataset honours and a rule of the frozen list asks for."""
    honoured = release.dataset.honoured_kinds
    return [kind for kind in KINDS if kind in honoured and release.exclusions.filter(**{kind: True}).exists()]


def _require_verified(release: Release, version: str, absent_kinds: Collection[str]) -> None:
    verified = verified_kinds(release, version)
    both = sorted(set(verified) & set(absent_kinds))
    if both:
        raise Refused("kind_not_absent", f"A report over the {both[0]} of {version} is kept, so it has some.")
    open_kinds = [kind for kind in kinds_to_verify(release) if kind not in {*verified, *absent_kinds}]
    if not verified or open_kinds:
        raise Conflict(
            "not_verified",
            f"No clean report covers the {' and the '.join(open_kinds or ['files'])} of {version}. Record one, or say "
            f"that {version} has none of them.",
        )


def requests_on(release: Release) -> QuerySet[RemovalRequest]:
    """The requests with a part on the frozen list, by number."""
    items = ScopeItem.objects.filter(request=OuterRef("pk"), exclusions__release=release)
    return RemovalRequest.objects.filter(Exists(items)).order_by("pk")
