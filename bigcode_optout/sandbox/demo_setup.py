"""What the demo needs before it starts: rows, indexes, a planned release, people of the desk."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).with_name("dataset")


class SetupError(Exception):
    """It did not work; the text says why."""


def prepare(environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Bring the data folder up to date, and say what takes a while; what is there stays.

    Returns the staff: name, password, role. Raises SetupError.
    """
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "prepare_demo", str(SAMPLES)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as preparing:
        assert preparing.stdout is not None
        try:
            for line in preparing.stdout:
                said.append(line)
                if line.startswith("  building"):
                    print(line, end="", flush=True)
        except BaseException:
            preparing.kill()
            raise
    if preparing.returncode:
        raise SetupError(f"The demo could not be prepared:\n{''.join(said)}")
    staff: list[dict[str, str]] = json.loads(said[-1])
    return staff
