"""`manage.py publish_release NAME --version VERSION`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError, CommandParser

from bigcode_optout.core.errors import Conflict
from bigcode_optout.releases import fulfilling
from bigcode_optout.releases.counted import KINDS
from bigcode_optout.releases.doubts import DOUBTS
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Publication, Release, ReleaseState
from bigcode_optout.releases.publishing import publish


class Command(ReleaseCommand):
    """Does all of it at once; when it is stopped in between, the worker goes on, or the same command again."""

    help = "Say that a verified release's dataset version is out: requests become fulfilled, their requesters are told."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """`--version` is the dataset's here; Django's own would print Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The version, what it has nothing of, and what the release manager knows that speaks against it."""
        super().add_arguments(parser)
        parser.add_argument("--version", required=True, help="the dataset version as it was published")
        parser.add_argument(
            "--without",
            nargs="+",
            default=[],
            choices=KINDS,
            metavar="KIND",
            help="scope kinds that the version has nothing of: files, commits, issues",
        )

        parser.add_argument(
            "--despite",
            nargs="+",
            default=[],
            choices=DOUBTS,
            metavar="DOUBT",
            help=f"publish although this speaks against it, as the refusal said: {', '.join(DOUBTS)}",
        )

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Publish, and work until every request is done or another worker has it."""
        try:
            done = self._published(release, options)
        except Conflict as error:
            code = error.code.removeprefix("doubt_").replace("_", "-")
            if code not in DOUBTS:
                raise
            raise CommandError(f"{error} If that is how it is to be: --despite {code}.") from error
        while done.is_due:
            done = fulfilling.work(publication_id=done.pk)
        facts = {
            "release": release.name,
            "state": done.release.state,
            "version": done.version,
            "published_at": done.published_at.isoformat(),
            "requests": done.request_count,
            "done": done.done_count,
            "fulfilled": done.fulfilled_count,
            "finished_at": done.finished_at.isoformat() if done.finished_at else None,
        }
        return facts, (
            f"{done.version} is out: {done.done_count:,} of {done.request_count:,} requests are done, "
            f"{done.fulfilled_count:,} became fulfilled.{_others(done)}"
        )

    def _published(self, release: Release, options: dict[str, Any]) -> Publication:
        known = Publication.objects.filter(release=release, version=options["version"]).first()
        if known is not None and release.state == ReleaseState.PUBLISHED and not known.finished_at:
            return known
        return publish(
            release_id=release.pk,
            version=options["version"],
            absent_kinds=options["without"],
            despite=options["despite"],
            by=None,
            with_bell=False,
        )


def _others(done: Publication) -> str:
    others = done.done_count - done.fulfilled_count
    if not others:
        return ""
    return (
        f" {others:,} stay as they were: fulfilled by an earlier version already, taken back, or with a part that is "
        "not left out yet."
    )
