"""`manage.py prepare_demo`: everything that a demo needs, in one process; each one more takes a second to begin."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from .create_demo_staff import require_stand_in

DATASET = "the-stack"
DATA_DATE = "2023-09-06"
RELEASE = "v3.1"
WEEKS_TO_FREEZE = 8


class Command(BaseCommand):
    """What is there stays."""

    help = "Bring a demo's data folder up to date: rows, key, indexes, a planned release, people of the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a folder with the shards of each version in a folder of its name."""
        parser.add_argument("samples", type=Path, help="folder with a folder of shards for each version")

    def handle(self, *args: Any, samples: Path, **options: Any) -> None:
        """Say what takes a while, and print the staff as JSON in the last line."""
        require_stand_in()
        call_command("migrate", verbosity=0)
        key = Path(settings.EXCLUSION_SIGNING_KEY_FILE)
        if not key.exists():
            _quietly("generate_signing_key", str(key))
        registered = _registered()
        for version in sorted(folder.name for folder in samples.iterdir() if folder.is_dir()):
            if version not in registered:
                self.stdout.write(f"  building the index of {version}")
                self.stdout.flush()
                self._build(samples / version)
        day = timezone.now().date() + timedelta(weeks=WEEKS_TO_FREEZE)
        _quietly("plan_release", RELEASE, dataset=DATASET, freeze_on=day, if_none=True)
        call_command("create_demo_staff", stdout=self.stdout)

    def _build(self, shards: Path) -> None:
        _quietly(
            "build_index",
            *("--dataset", DATASET, "--version", shards.name, "--schema", "v2"),
            *("--data-date", DATA_DATE, str(shards)),
        )


def _registered() -> set[str]:
    """The versions that have an index: `locate` answers for each."""
    [answer] = json.loads(_quietly("locate", "nobody", "--dataset", DATASET, "--json"))
    return {version["version"] for version in answer["versions"]}


def _quietly(command: str, *arguments: str, **options: Any) -> str:
    """Return what the command says."""
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()
