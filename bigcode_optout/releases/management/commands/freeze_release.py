"""`manage.py freeze_release NAME`."""

from typing import Any

from bigcode_optout.catalog.queries import dataset
from bigcode_optout.core.errors import Missing
from bigcode_optout.releases import services
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.queries import release_named


class Command(ReleaseCommand):
    """A release that was not planned is opened first, so that a script needs one call."""

    help = "Freeze a release: take every accepted request that stands now into its exclusion list."

    def release(self, options: dict[str, Any]) -> Release:
        """The planned release, or a new one of that name."""
        try:
            return release_named(options["dataset"], options["name"])
        except Missing:
            return services.plan(dataset=dataset(options["dataset"]), name=options["name"])

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Freeze."""
        frozen = services.freeze(release_id=release.pk, by=None)
        assert frozen.frozen_at is not None
        facts = {
            "release": frozen.name,
            "dataset": options["dataset"],
            "state": frozen.state,
            "frozen_at": frozen.frozen_at.isoformat(),
            "rules": frozen.rule_count,
            "canonical_sha256": frozen.canonical_sha256,
        }
        return facts, f"{frozen.name} is frozen with {frozen.rule_count:,} rules."
