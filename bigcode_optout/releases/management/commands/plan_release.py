"""`manage.py plan_release NAME`."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from bigcode_optout.catalog.queries import dataset
from bigcode_optout.releases import services
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release, SharedContent
from bigcode_optout.releases.queries import release_named


class Command(ReleaseCommand):
    """Opens the release that requesters read about: what is accepted before its freeze is in."""

    help = "Plan a release: open it, and say when its list is to be frozen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day of the freeze, and what to do when a release is there."""
        super().add_arguments(parser)
        parser.add_argument(
            "--freeze-on", type=date.fromisoformat, help="YYYY-MM-DD; the list is frozen at noon UTC"
        )
        parser.add_argument(
            "--if-none", action="store_true", help="do nothing when the dataset has any release"
        )

        parser.add_argument(
            "--shared-content",
            choices=SharedContent.values,
            default=SharedContent.DROP.value,
            help="version 1 files that several repositories hold, one of them excluded: drop or keep (drop)",
        )
        parser.add_argument(
            "--replaces", metavar="NAME", help="the failed release in whose place it stands: a patch release"
        )

    def release(self, options: dict[str, Any]) -> Release:
        """The new release, or the newest one that is there when `--if-none` says so."""
        the_dataset = dataset(options["dataset"])
        known = Release.objects.filter(dataset=the_dataset).first()
        if known is not None and options["if_none"]:
            return known
        day = options["freeze_on"]
        at = datetime.combine(day, time(12), tzinfo=UTC) if day else None
        replaces = release_named(options["dataset"], options["replaces"]) if options["replaces"] else None
        return services.plan(
            dataset=the_dataset,
            name=options["name"],
            freeze_planned_at=at,
            replaces=replaces,
            shared_content=options["shared_content"],
        )

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Say what is planned."""
        at = release.freeze_planned_at
        facts = {
            "release": release.name,
            "dataset": options["dataset"],
            "state": release.state,
            "replaces": release.replaces.name if release.replaces else None,
            "shared_content": release.shared_content,
            "freeze_planned_at": at.isoformat() if at else None,
        }
        return facts, f"{release.name} is {release.get_state_display()}."
