"""The release, format and files that an address names."""

from django.conf import settings

from bigcode_optout.core.errors import Conflict, Missing
from bigcode_optout.exclusionlist import KEYED_FORMATS
from bigcode_optout.releases.exporting import ALL_FORMATS, AnyFormat, earlier_releases
from bigcode_optout.releases.models import DeltaExport, Export, Release, ReleaseState
from bigcode_optout.releases.planning import RELEASE_NAME
from bigcode_optout.releases.queries import release_named

# The last part of the address of a data file, as `bigcode-exclusions fetch` asks for it.
SUFFIXES: dict[str, AnyFormat] = {format.replace("-", "."): format for format in ALL_FORMATS}


def frozen_release(name: str) -> Release:
    """The release of that name. Raises `Missing`, and `Conflict` while it has no list."""
    release = any_release(name)
    if release.state == ReleaseState.OPEN:
        raise Conflict("not_frozen", f"{release} is still open: it has no list before its freeze.")
    return release


def any_release(name: str) -> Release:
    """The release of that name, open or not. Raises `Missing`."""
    # What names no release must not reach the database: PostgreSQL refuses some of it.
    if not RELEASE_NAME.fullmatch(name):
        raise Missing("no_release", "There is no release of this name.")
    return release_named(settings.DATASET, name)


def written(release: Release, format: AnyFormat) -> Export:
    """The list in this format. Raises `Conflict` when nobody has written it yet."""
    kept = release.exports.filter(format=format).first()
    if kept is None:
        raise Conflict("not_written", f"{release} is not written as {format} yet.{_when(release)}")
    return kept


def written_delta(release: Release, before_name: str) -> DeltaExport:
    """The delta from an earlier release. Raises `Missing` when it is none, `Conflict` when it is not written yet."""
    before = any_release(before_name)
    if before not in earlier_releases(release):
        raise Missing("no_earlier_release", f"{before} was not frozen before {release}.")
    kept = release.deltas.filter(before=before).first()
    if kept is None:
        raise Conflict("not_written", f"The delta from {before} is not written yet.{_when(release)}")
    return kept


def format_of_suffix(suffix: str) -> AnyFormat:
    """The format of `exclusions.<suffix>`. Raises `Missing`."""
    if suffix not in SUFFIXES:
        raise Missing("no_format", f"There is no such file; there are exclusions.{', .'.join(SUFFIXES)}.")
    return SUFFIXES[suffix]


def format_named(name: str) -> AnyFormat:
    """The format of `?format=`. Raises `Missing`."""
    for format in ALL_FORMATS:
        if format == name:
            return format
    raise Missing("no_format", f"There is no such format; there are {', '.join(ALL_FORMATS)}.")


def is_keyed(format: AnyFormat) -> bool:
    """True for lists without names."""
    return format in KEYED_FORMATS


def _when(release: Release) -> str:
    if release.state == ReleaseState.FROZEN:
        return " Every format is written after the hand-over."
    return " Please try again in a few minutes."
