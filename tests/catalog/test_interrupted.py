"""A build that is killed, or that finds the disk full, leaves the index that served before, in real processes."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import open_index
from tests import migrated
from tests.operations.desk import ProcessDesk
from tests.operations.running import ROOT

LARGE = 800_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk of its own with an index of v2.1 that has one repository, and the metadata of a large one."""
    folder = tmp_path_factory.mktemp("interrupted")
    found = ProcessDesk(
        folder, {"DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded",
                 "DATABASE_URL": "", "REDIS_URL": ""}
    )  # fmt: skip
    migrated.copy_sqlite(tmp_path_factory, folder / "data")
    pq.write_table(pa.table({"repo_name": ["tern/notes"]}), folder / "small.parquet")
    names = pa.array([f"owner-{number % 300_000}/repository-{number}" for number in range(LARGE)])
    pq.write_table(pa.table({"repo_name": names}), folder / "large.parquet")
    found.run(*build(folder / "small.parquet"))
    return found


def build(source: Path) -> tuple[str, ...]:
    return (
        "manage.py",
        "build_index",
        "--version",
        "v2.1",
        "--data-date",
        "2023-09-06",
        "--schema",
        "v2",
        str(source),
    )


def start(desk, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **desk.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def index_folders(desk):
    return sorted((desk.folder / "data" / "indexes" / "the-stack" / "v2.1").iterdir())


def assert_the_old_one_serves(desk):
    [(path, retired_at)] = desk.rows("SELECT path, retired_at FROM catalog_indexbuild")
    assert retired_at is None
    with open_index(desk.folder / "data" / "indexes" / path, verify=True) as index:
        assert index.owner_totals("tern").repositories == 1


def test_a_build_that_is_killed_is_never_registered_and_what_it_leaves_is_hidden(desk):
    before = index_folders(desk)
    process = start(desk, *build(desk.folder / "large.parquet"), start_new_session=True)
    deadline = time.monotonic() + 60
    while len(index_folders(desk)) == len(before) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    left = [path for path in index_folders(desk) if path not in before]
    assert left and all(path.name.startswith(".") for path in left)
    assert_the_old_one_serves(desk)


def test_a_disk_that_is_full_is_said_and_changes_nothing(desk):
    # No file may grow beyond this size: a write fails as on a full disk.
    small = 400_000
    process = start(
        desk,
        *build(desk.folder / "large.parquet"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (small, small)),
    )
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 1
    assert "The index that served before still serves." in errors and "Traceback" not in errors
    assert_the_old_one_serves(desk)
