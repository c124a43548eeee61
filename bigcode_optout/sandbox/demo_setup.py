"""What the demo needs before it starts: rows, indexes, a planned release, people of the desk."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).with_name("dataset")
DATASET = "the-stack"
VERSIONS = ("v2.0", "v2.1")
DATA_DATE = "2023-09-06"
RELEASE = "v3.1"
WEEKS_TO_FREEZE = 8


class SetupError(Exception):
    """A step did not work; the text says which and why."""


def prepare(environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Bring the data folder up to date; what is there stays. Returns the staff: name, password, role."""
    _manage(environment, "migrate", "--verbosity", "0")
    key = environment["EXCLUSION_SIGNING_KEY_FILE"]
    if not Path(key).exists():
        _manage(environment, "generate_signing_key", key)
    registered = _registered(environment)
    for version in VERSIONS:
        if version not in registered:
            print(f"  building the index of {version}", flush=True)
            _manage(
                environment,
                *("build_index", "--dataset", DATASET, "--version", version, "--schema", "v2"),
                *("--data-date", DATA_DATE, str(SAMPLES / version)),
            )
    day = (datetime.now(UTC) + timedelta(weeks=WEEKS_TO_FREEZE)).date()
    _manage(
        environment,
        "plan_release",
        RELEASE,
        "--dataset",
        DATASET,
        "--freeze-on",
        day.isoformat(),
        "--if-none",
    )
    staff: list[dict[str, str]] = json.loads(_manage(environment, "create_demo_staff"))
    return staff


def _registered(environment: Mapping[str, str]) -> set[str]:
    """The versions that have an index: `locate` answers for each."""
    answers: list[dict[str, Any]] = json.loads(
        _manage(environment, "locate", "nobody", "--dataset", DATASET, "--json")
    )
    return {version["version"] for version in answers[0]["versions"]}


def _manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a management command and return what it printed. Raises SetupError."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise SetupError(f"manage.py {arguments[0]} failed:\n{run.stdout}{run.stderr}")
    return run.stdout
