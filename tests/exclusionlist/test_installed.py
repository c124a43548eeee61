"""What `pip install .` installs runs alone: the list tool and nothing of the site. (CI installs it in earnest.)"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

from bigcode_optout.exclusionlist import write

from .builders import FACTS, SAMPLE

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture
def installed(tmp_path) -> Path:
    """The modules of the packages that pyproject.toml names, in a folder of their own."""
    include = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    for package in find_packages(str(ROOT), include=include):
        inner = package.replace(".", "/")
        (tmp_path / "site" / inner).mkdir(parents=True, exist_ok=True)
        for module in (ROOT / inner).glob("*.py"):
            shutil.copy(module, tmp_path / "site" / inner)
    return tmp_path / "site"


def run(installed: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=installed.parent, env=environment, capture_output=True, text=True)


def test_only_the_rooms_of_the_tool_are_installed(installed):
    assert {path.name for path in (installed / "bigcode_optout").iterdir()} == {"names", "exclusionlist"}


def test_the_tool_runs_alone_and_knows_neither_django_nor_celery(installed, tmp_path):
    write(SAMPLE, output=tmp_path / "list", format="jsonl", facts=FACTS)
    done = run(installed, "-m", "bigcode_optout.exclusionlist", "check", tmp_path / "list")
    assert (done.returncode, done.stderr) == (0, "") and "is whole" in done.stdout
    module, _, function = PROJECT["project"]["scripts"]["bigcode-exclusions"].partition(":")
    asked = (
        f"import sys, {module} as tool; assert callable(tool.{function});"
        f"assert tool.__file__.startswith({str(installed)!r}), tool.__file__;"
        "assert not {'django', 'celery'} & set(sys.modules)"
    )
    done = run(installed, "-c", asked)
    assert done.returncode == 0, done.stderr
