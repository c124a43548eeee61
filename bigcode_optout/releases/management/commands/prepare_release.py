"""`manage.py prepare_release NAME`."""

import sys
from argparse import ArgumentParser
from typing import Any

from bigcode_optout.catalog.queries import dataset
from bigcode_optout.core.errors import Missing
from bigcode_optout.releases import preparing, services
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Preparation, Recheck, Release
from bigcode_optout.releases.queries import release_named
from bigcode_optout.releases.readiness import figures_of, newest, old_roles_of, told_of

# 1 is for “could not be prepared”, 2 for usage.
NOT_ENDED = 3


class Command(ReleaseCommand):
    """Begins a preparation, or goes on with the one that has not ended.

    Exit code 0: it has ended; 3: GitHub asked to wait or was silent, and the workers go on when its time has come.
    """

    help = "Prepare a release: ask GitHub again, in public, about everything that stands."
    _has_ended = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether only to look."""
        super().add_arguments(parser)
        parser.add_argument(
            "--status", action="store_true", help="ask nothing: say how far the last preparation is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, say what was found, leave with the exit code."""
        super().handle(*args, **options)
        if not self._has_ended:
            sys.exit(NOT_ENDED)

    def release(self, options: dict[str, Any]) -> Release:
        """The planned release, or a new one of that name."""
        try:
            return release_named(options["dataset"], options["name"])
        except Missing:
            if options["status"]:
                raise
            return services.plan(dataset=dataset(options["dataset"]), name=options["name"])

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Ask for as long as GitHub answers."""
        if options["status"]:
            last = newest(release)
            if last is None:
                raise Missing("not_prepared", f"{release} was not prepared yet.")
        else:
            last = _prepared(release)
        self._has_ended = last.finished_at is not None
        facts = _facts(last)
        return facts, _text(facts)


def _prepared(release: Release) -> Preparation:
    last = newest(release)
    if last is None or last.finished_at is not None:
        last = preparing.begin(release_id=release.pk, by=None, with_bell=False)
    while True:
        last = preparing.work(preparation_id=last.pk)
        if not last.is_due:
            return last


def _facts(preparation: Preparation) -> dict[str, Any]:
    figures = figures_of(preparation)
    has_ended = preparation.finished_at is not None
    return {
        "release": preparation.release.name,
        "dataset": preparation.release.dataset.slug,
        "started_at": preparation.started_at.isoformat(),
        "finished_at": preparation.finished_at.isoformat() if preparation.finished_at else None,
        "next_attempt_at": None if has_ended else preparation.next_attempt_at.isoformat(),
        "problem": preparation.problem,
        "questions": figures.total,
        "answered": figures.done,
        **figures.outcomes,
        "unasked": preparation.unasked_count,
        "renamed_names": [
            {"name": row.name, "now": row.name_now}
            for row in preparation.rechecks.filter(outcome=Recheck.Outcome.RENAMED)
        ],
        "contradictions": sorted({event.request.reference for event in told_of(preparation)}),
        "old_roles": len(old_roles_of(preparation.release)),
    }


def _text(facts: dict[str, Any]) -> str:
    state = "is prepared" if facts["finished_at"] else "is being prepared"
    lines = [
        f"{facts['release']} {state}: {facts['answered']:,} of {facts['questions']:,} questions are settled. "
        f"As before: {facts['same']:,}; another name: {facts['renamed']:,}; gone: {facts['gone']:,}; "
        f"another owner: {facts['moved']:,}; no answer: {facts['silent']:,}."
    ]
    if facts["contradictions"]:
        lines.append(f"Back to a reviewer: {', '.join(facts['contradictions'])}.")
    if facts["old_roles"]:
        lines.append(f"Roles that were shown long ago: {facts['old_roles']:,}.")
    if facts["next_attempt_at"]:
        lines.append(
            f"It goes on at {facts['next_attempt_at']} ({facts['problem'] or 'in its turn'}), in the worker."
        )
    return "\n".join(lines)
