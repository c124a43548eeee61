"""`manage.py generate_wave --requests 5000 FOLDER`: an invented wave of requests, sent to this desk."""

import json
import subprocess
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bigcode_optout.catalog import services as catalog
from bigcode_optout.catalog.models import Dataset, DatasetVersion
from bigcode_optout.datasetindex.samples import write_rows
from bigcode_optout.removals import wave

VERSION, DATA_DATE = "v2.1", date(2023, 9, 6)
_LOOPBACK = ("127.0.0.1", "localhost")


class Command(BaseCommand):
    """In three steps, since the stand-in for GitHub has to know the wave's world between the first and the second."""

    help = (
        "Without a stand-in: invent the wave and say how to go on. With it: send every request. "
        "--compare: what became of them, against what is right."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, the size, and whether to compare."""
        parser.add_argument("folder", type=Path, help="where the wave stands, or is to be written")
        parser.add_argument("--requests", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--compare", action="store_true", help="send nothing; say what became of the wave"
        )
        parser.add_argument("--json", action="store_true", help="the comparison as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses to run against GitHub itself: these people do not exist."""
        if urlsplit(settings.GITHUB_URL).hostname not in _LOOPBACK:
            raise CommandError("A wave is sent to a desk whose GITHUB_URL is the stand-in on this machine.")
        folder: Path = options["folder"]
        if options["compare"]:
            self._compare(folder, as_json=options["json"])
            return
        if not (folder / "people.jsonl").exists():
            self._invent(folder, options["requests"], options["seed"])
            return
        self._send(folder)

    def _invent(self, folder: Path, requests: int, seed: int) -> None:
        module = [sys.executable, "-m", "bigcode_optout.sandbox.wave", str(folder)]
        done = subprocess.run(  # noqa: S603 -- our own module, with numbers
            [*module, "--requests", str(requests), "--seed", str(seed)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CommandError(done.stderr.strip())
        self.stdout.write(done.stdout.strip())
        port = urlsplit(settings.GITHUB_URL).port or 8901
        self.stdout.write(
            "Now start the stand-in with this world, and a worker; then run this command again:\n"
            f"  python -m bigcode_optout.sandbox --personas {folder / 'world.json'} --port {port} --hourly 100000000"
        )

    def _send(self, folder: Path) -> None:
        version = DatasetVersion.objects.filter(dataset__slug=settings.DATASET, name=VERSION).first()
        if version is None:
            source = folder / "rows.parquet"
            write_rows(source, wave.rows(folder))
            catalog.build_index(
                dataset=settings.DATASET, version=VERSION, schema="v2", data_date=DATA_DATE, inputs=[source]
            )
        dataset = Dataset.objects.get(slug=settings.DATASET)
        sent = [wave.send(person, dataset=dataset) for person in wave.people(folder)]
        self.stdout.write(f"{len(sent):,} requests were sent.")

    def _compare(self, folder: Path, *, as_json: bool) -> None:
        outcome = wave.compare(folder)
        if as_json:
            self.stdout.write(json.dumps(outcome.as_dict()))
            return
        share = 100 * outcome.count("accept") / (outcome.total or 1)
        self.stdout.write(
            f"{outcome.total:,} requests: {outcome.count('accept'):,} accepted by a rule ({share:.1f} %), "
            f"{outcome.count('queue'):,} wait for a person, {outcome.count('merge'):,} merged, "
            f"{outcome.count('not located yet'):,} not located yet; {len(outcome.wrong):,} otherwise than is right."
        )
        self.stdout.write(
            f"None came more than {outcome.displaced} places later than its turn. Why they wait:"
        )
        for reason, count in outcome.reasons.most_common():
            self.stdout.write(f"  {count:6,}  {reason}")
