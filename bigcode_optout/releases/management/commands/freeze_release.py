"""`manage.py freeze_release NAME`."""

from argparse import ArgumentParser
from typing import Any

from bigcode_optout.catalog.queries import dataset
from bigcode_optout.core.errors import Conflict, Missing
from bigcode_optout.releases import services
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release, ReleaseState
from bigcode_optout.releases.queries import release_named
from bigcode_optout.releases.readiness import warning


class Command(ReleaseCommand):
    """Without preparation, a release that was not planned is opened first, so that a script needs one call."""

    help = "Freeze a release: take every accepted request that stands now into its exclusion list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The way around the preparation."""
        super().add_arguments(parser)
        parser.add_argument(
            "--without-preparation",
            action="store_true",
            help="freeze although GitHub was not asked again a short while ago",
        )

    def release(self, options: dict[str, Any]) -> Release:
        """The planned release, or a new one of that name."""
        try:
            return release_named(options["dataset"], options["name"])
        except Missing:
            if not options["without_preparation"]:
                raise
            return services.plan(dataset=dataset(options["dataset"]), name=options["name"])

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Freeze."""
        if not options["without_preparation"]:
            _require_prepared(release)
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


def _require_prepared(release: Release) -> None:
    """Raises `Conflict` with the way on. A release that was frozen before is refused by the freeze itself."""
    sentence = warning(release) if release.state == ReleaseState.OPEN else ""
    if sentence:
        raise Conflict(
            "not_prepared", f"{sentence} Run prepare_release, or freeze with --without-preparation."
        )
