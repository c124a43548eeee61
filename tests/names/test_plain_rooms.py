import subprocess
import sys

import pytest

PLAIN_ROOMS = ["names", "githubapi", "datasetindex", "exclusionlist"]


@pytest.mark.parametrize("room", PLAIN_ROOMS)
def test_a_plain_room_is_imported_without_django_and_celery(room: str) -> None:
    script = (
        "import importlib, pkgutil, sys\n"
        f"room = importlib.import_module('bigcode_optout.{room}')\n"
        "for module in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(sorted({'django', 'celery'} & set(sys.modules)))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"


def test_names_needs_nothing_but_the_standard_library() -> None:
    script = (
        "import sys, bigcode_optout.names\n"
        "tops = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(tops & {'duckdb', 'pyarrow', 'requests', 'rich', 'psycopg2'}))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
