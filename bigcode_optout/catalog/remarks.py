"""What whoever registers a build should know, in sentences. Nothing of it is an error."""

from datetime import datetime

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.datasetindex import IndexManifest

_FACTS = {"data_date": "data date", "schema": "schema", "deduplicated": "way of deduplicating"}


_LEAST_SHARE = 0.5
"""A build with a smaller share of the repositories of the one before is more likely a wrong folder than the truth."""


def shrinks(version: DatasetVersion, manifest: IndexManifest) -> bool:
    """True when the build has so much less than the one that serves that somebody should look first."""
    before = version.current_build
    return before is not None and manifest.repositories < before.repository_count * _LEAST_SHARE


def about(version: DatasetVersion, manifest: IndexManifest, *, began_at: datetime) -> list[str]:
    """What the build changes for its version, which is locked and still has the build before, if any."""
    before = version.current_build
    if before is None:
        return []
    found = [
        f"The {words} of {version} was {before.manifest[field]} and is {getattr(manifest, field)} now. "
        "What was located or decided before went by the old one and is not changed."
        for field, words in _FACTS.items()
        if str(before.manifest[field]) != str(getattr(manifest, field))
    ]
    if shrinks(version, manifest):
        found.append(
            f"It has {manifest.repositories:,} of {before.repository_count:,} repositories that {before.name} has. "
            "Were all inputs named?"
        )
    if before.built_at > began_at:
        found.append(
            f"Another build of {version}, {before.name}, was registered while this one ran. "
            "This one came later, so it serves now; switch_index goes back."
        )
    return found
