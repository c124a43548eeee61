"""Builds that are stopped, starved or in each other's way. What was there before stays as it was."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bigcode_optout.datasetindex import (
    BuildProgress,
    IndexBuildError,
    buckets,
    build,
    disk,
    open_index,
    partition,
)
from bigcode_optout.datasetindex.inputs import find_inputs

from .dataset import DATA_DATE, built, row, write_rows

ROWS = [row(f"Owner{number % 50}/r{number}", github_id=number + 1) for number in range(2_000)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.parquet", ROWS)


@pytest.fixture
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight buckets for ROWS, so that worker processes are started."""
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 250)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("small_buckets")
def test_a_killed_worker_process_is_said_and_nothing_is_left(source: Path) -> None:
    def kill(progress: BuildProgress) -> None:
        if progress.unit == "buckets" and progress.done == 1:
            for child in psutil.Process().children():
                child.kill()

    with pytest.raises(IndexBuildError, match="A worker process of the build ended before its work was done"):
        build([source], output=source.parent / "index", data_date=DATA_DATE, on_progress=kill)
    assert left_in(source.parent) == ["rows.parquet"]
    assert psutil.Process().children() == []


@pytest.mark.usefixtures("small_buckets")
def test_what_a_worker_process_cannot_do_is_said_in_its_words(source: Path) -> None:
    def spoil(progress: BuildProgress) -> None:
        if progress.unit == "buckets" and progress.done == 0:
            [store] = source.parent.glob(".index.lookup.building-*")
            shutil.rmtree(store)

    with pytest.raises(IndexBuildError, match="The index could not be written"):
        build([source], output=source.parent / "index", data_date=DATA_DATE, on_progress=spoil)
    assert left_in(source.parent) == ["rows.parquet"]


@pytest.mark.usefixtures("small_buckets")
def test_a_scratch_file_that_cannot_be_read_is_said(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "HELD_SHARE", 0)

    def spoil(progress: BuildProgress) -> None:
        if progress.unit == "buckets" and progress.done == 0:
            [scratch] = source.parent.glob(".index.building-*/scratch/bucket=3")
            for file in scratch.iterdir():
                file.write_bytes(b"PAR1 is not enough")

    with pytest.raises(IndexBuildError, match="The index could not be written"):
        build([source], output=source.parent / "index", data_date=DATA_DATE, on_progress=spoil)
    assert left_in(source.parent) == ["rows.parquet"]


KILLED_BUILD = """
import datetime, os, pathlib, signal, sys
from bigcode_optout.datasetindex import build, buckets
buckets.BUCKET_ROWS = 250
def die(progress):
    if progress.unit == "buckets" and progress.done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
source, output = map(pathlib.Path, sys.argv[1:])
build([source], output=output, data_date=datetime.date(2023, 9, 6), on_progress=die)
"""


def test_a_build_killed_among_its_workers_leaves_no_index_no_process_and_the_next_one_clears_up(
    source: Path,
) -> None:
    output = source.parent / "index"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BUILD, str(source), str(output)], timeout=60, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert not output.exists()
    wait_until_no_worker_of(source.parent)
    assert build([source], output=output, data_date=DATA_DATE).repositories == 2_000
    assert left_in(source.parent) == ["index", "index.lookup", "rows.parquet"]


def wait_until_no_worker_of(folder: Path) -> None:
    """A worker ends with the bucket it was at; its open files and folder tell whose it was."""
    deadline = time.monotonic() + 20
    while any(str(folder) in str(opened) for opened in worker_files()):
        assert time.monotonic() < deadline, "a worker process outlived its build"
        time.sleep(0.1)


def worker_files() -> Iterator[str]:
    for process in psutil.process_iter():
        try:
            if "bigcode_optout.datasetindex.worker" in process.cmdline() and process.ppid() == 1:
                yield from (file.path for file in process.open_files())
        except psutil.Error:
            continue


def test_a_disk_without_the_room_is_refused_before_anything_is_read(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "FIXED_BYTES", 10**18)
    seen: list[BuildProgress] = []
    with pytest.raises(
        IndexBuildError, match=r"may need 1,000,000,000\.0 GB of free space, but .* has [\d,.]+ GB"
    ):
        build([source], output=source.parent / "index", data_date=DATA_DATE, on_progress=seen.append)
    assert seen == []
    assert left_in(source.parent) == ["rows.parquet"]


def test_a_build_can_be_begun_without_the_room_and_says_what_it_may_need(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "FIXED_BYTES", 10**18)
    seen: list[BuildProgress] = []
    output = source.parent / "index"
    build([source], output=output, data_date=DATA_DATE, is_disk_checked=False, on_progress=seen.append)
    assert seen[0].step.startswith("up to 1,000,000,000.0 GB of disk, ")


FULL_DISK_BUILD = """
import datetime, pathlib, resource, signal, sys
from bigcode_optout.datasetindex import IndexBuildError, build, partition
partition.HELD_SHARE = float(sys.argv[3])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
try:
    build([pathlib.Path(sys.argv[1])], output=pathlib.Path(sys.argv[2]), data_date=datetime.date(2023, 9, 6))
except IndexBuildError as error:
    sys.exit(f"refused: {error}")
"""


@pytest.mark.parametrize("held_share", [partition.HELD_SHARE, 0])
def test_a_disk_that_fills_up_is_said_and_the_older_index_still_answers(
    tmp_path: Path, held_share: float
) -> None:
    older, _ = built(tmp_path / "older", [row("octo/app")])
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    command = [sys.executable, "-c", FULL_DISK_BUILD, str(source), str(tmp_path / "index"), str(held_share)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("refused: The index ")
    assert "could not be written" in run.stderr
    assert left_in(tmp_path) == ["older", "rows.parquet"]
    assert open_index(older, verify=True).owner_totals("octo").files == 1


def test_of_two_builds_of_one_version_at_once_the_first_one_in_place_stays(source: Path) -> None:
    output = source.parent / "index"
    others: list[str] = []

    def build_another(progress: BuildProgress) -> None:
        if progress.step == "sorting" and not others:
            others.append("begun")
            others.append(build([source], output=output, data_date=DATA_DATE, version="first").build_id)

    with pytest.raises(IndexBuildError, match="already exists"):
        build([source], output=output, data_date=DATA_DATE, version="second", on_progress=build_another)
    with open_index(output, verify=True) as index:
        assert (index.manifest.version, index.manifest.build_id) == ("first", others[1])
        assert index.has_store
    assert left_in(source.parent) == ["index", "index.lookup", "rows.parquet"]


WIDE = [
    row(
        f"{'o' * 30}{number % 300:09}/{'r' * 90}{number:09}",
        github_id=2**40 + number,
        length_bytes=2**40 - number,
        detected_licenses=[f"Licence-{number}-{k}" for k in range(5)],
        language=f"Language {number}",
        star_events_count=2**31 - number,
    )
    for number in range(3_000)
]


@pytest.mark.parametrize("held_share", [partition.HELD_SHARE, 0])
@pytest.mark.parametrize("rows", [ROWS[:1], ROWS, WIDE], ids=["one", "plain", "wide"])
@pytest.mark.usefixtures("small_buckets")
def test_a_build_never_holds_more_disk_than_was_said_before(
    tmp_path: Path, rows: list[dict[str, object]], held_share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partition, "HELD_SHARE", held_share)
    source = write_rows(tmp_path / "in" / "rows.parquet", rows)
    said = disk.disk_needed(find_inputs([source]))
    held: list[int] = []
    folder = tmp_path / "out"

    def weigh(_: BuildProgress) -> None:
        held.append(size_of(folder))

    build([source], output=folder / "index", data_date=DATA_DATE, on_progress=weigh)
    held.append(size_of(folder))
    assert 0 < max(held) < said


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
