import fcntl
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bigcode_optout.datasetindex import IndexBuildError, open_index
from bigcode_optout.datasetindex.copies import build_copies, copies_folder, disk_needed, open_copies
from bigcode_optout.datasetindex.progress import BuildProgress

from .copies_model import Held, indexed, opened, write_v2

SHARDS = 4

KILLED = """
import os, resource, signal, sys
from pathlib import Path
from bigcode_optout.datasetindex.copies import build_copies

def on_progress(progress):
    if progress.step.startswith(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

build_copies(Path(sys.argv[1]), [Path(sys.argv[2])], lot_rows=1, threads=1, on_progress=on_progress)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from bigcode_optout.datasetindex.copies import build_copies
from bigcode_optout.datasetindex.errors import IndexBuildError

def on_progress(progress):
    if progress.step.startswith("reading contents of 2"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))
try:
    build_copies(Path(sys.argv[1]), [Path(sys.argv[2])], lot_rows=1, threads=1, on_progress=on_progress)
except IndexBuildError as error:
    print(error)
"""


class World(NamedTuple):
    index: Path
    inputs: Path

    def count(self, **options: Any) -> list[str]:
        """Count copies and return the steps that were told."""
        steps: list[str] = []

        def note(progress: BuildProgress) -> None:
            steps.append(progress.step)

        options = {"lot_rows": 1, "threads": 1, **options}
        build_copies(self.index, [self.inputs], on_progress=note, **options)
        return steps

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, str(self.index), str(self.inputs), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    @property
    def scratch(self) -> Path:
        return self.index.with_name("index.copies-scratch")

    def result(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in copies_folder(self.index).iterdir()}


def files_of(shard: int) -> list[Held]:
    return [(f"o{number}/r{shard}", None, f"c{number % (3 + shard)}") for number in range(12)]


def read_files(steps: list[str]) -> list[str]:
    return [step.removeprefix("reading contents of ") for step in steps if step.startswith("reading")]


@pytest.fixture
def world(tmp_path: Path) -> World:
    for shard in range(SHARDS):
        write_v2(tmp_path / "in" / f"{shard}.parquet", files_of(shard))
    return World(indexed(tmp_path, [tmp_path / "in"]), tmp_path / "in")


@pytest.mark.parametrize(
    ("step", "left"),
    [
        ("reading contents of 2", ["2.parquet", "3.parquet"]),
        ("comparing", []),
        ("counting", []),
    ],
)
def test_a_killed_pass_goes_on_where_it_stopped_with_the_same_result(
    world: World, step: str, left: list[str]
) -> None:
    assert read_files(world.count()) == [f"{shard}.parquet" for shard in range(SHARDS)]
    whole = world.result()
    assert not world.scratch.exists()
    shutil.rmtree(copies_folder(world.index))
    assert world.run(KILLED, step).returncode == -signal.SIGKILL
    assert open_copies(world.index) is None
    assert world.scratch.exists()
    assert read_files(world.count()) == left
    assert world.result() == whole
    assert sorted(path.name for path in world.index.parent.iterdir()) == ["in", "index", "index.copies"]


def test_a_pass_that_met_a_full_disk_says_so_and_goes_on(world: World) -> None:
    done = world.run(FULL_DISK)
    assert done.returncode == 0, done.stderr
    assert "Counting copies stopped" in done.stdout
    assert "goes on from there" in done.stdout
    assert read_files(world.count()) == ["2.parquet", "3.parquet"]
    assert opened(world.index).manifest.files_counted == 12 * SHARDS


def test_a_changed_input_starts_anew(world: World) -> None:
    world.run(KILLED, "comparing")
    (world.inputs / "1.parquet").touch()
    assert len(read_files(world.count())) == SHARDS


def test_other_limits_start_anew(world: World) -> None:
    world.run(KILLED, "comparing")
    assert len(read_files(world.count(lot_rows=24))) == SHARDS


def test_a_second_pass_at_the_same_time_is_refused(world: World) -> None:
    world.scratch.mkdir()
    with (world.scratch / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBuildError, match="Another pass over copies is at work"):
            world.count()
    assert read_files(world.count()) != []


def test_a_disk_that_is_too_small_is_refused_before_anything_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = disk_needed([world.inputs], schema="v2")
    usage = shutil.disk_usage(world.index)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=needed - 1))
    with pytest.raises(IndexBuildError, match=r"needs about .* of free disk at .*, but there are"):
        world.count()
    assert not world.scratch.exists()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=needed))
    assert len(read_files(world.count())) == SHARDS


def test_what_is_there_already_is_not_counted_again(world: World) -> None:
    world.count()
    assert world.count() == []


def test_other_files_than_those_of_the_index_are_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(IndexBuildError, match="have 12 files of repositories, but the index 48"):
        build_copies(world.index, [world.inputs / "0.parquet"])
    other = write_v2(
        tmp_path / "other.parquet", [(f"p{number}/x", None, "c") for number in range(12 * SHARDS)]
    )
    with pytest.raises(IndexBuildError, match="have 48 repositories that the index does not have"):
        build_copies(world.index, [other])
    assert open_copies(world.index) is None


@pytest.mark.parametrize("how", ["exact", "near"])
def test_a_deduplicated_version_is_not_measurable(how: str, tmp_path: Path) -> None:
    source = write_v2(tmp_path / "in" / "rows.parquet", files_of(0))
    index = indexed(tmp_path, [source], deduplicated=how)
    with pytest.raises(IndexBuildError, match=f"it was deduplicated \\({how}\\)"):
        build_copies(index, [source])
    assert open_copies(index) is None


def test_another_schema_than_the_index_has_is_refused(world: World) -> None:
    with pytest.raises(IndexBuildError, match=r"built with the schema “v2”.*“v3”"):
        world.count(schema="v3")


def test_where_no_pass_was_made_nothing_is_measured(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert open_copies(world.index) is None
    assert caplog.text == ""


def _of_another_build(folder: Path) -> None:
    path = folder / "manifest.json"
    fields = json.loads(path.read_text())
    path.write_text(json.dumps({**fields, "build_id": "0" * 16}))


def _cut_short(folder: Path) -> None:
    path = folder / "0000.parquet"
    path.write_bytes(path.read_bytes()[:-1])


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _bad_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"format": 1}')


def _no_file(folder: Path) -> None:
    (folder / "0000.parquet").unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_of_another_build, "belongs to the build 0000000000000000"),
        (_cut_short, "another size"),
        (_no_manifest, "manifest.json is missing"),
        (_bad_manifest, "damaged"),
        (_no_file, "0000.parquet is missing"),
    ],
)
def test_a_result_that_cannot_be_relied_on_is_not_shown_and_is_replaced(
    world: World, caplog: pytest.LogCaptureFixture, spoil: Any, said: str
) -> None:
    world.count()
    whole = world.result()
    spoil(copies_folder(world.index))
    assert open_copies(world.index) is None
    assert said in caplog.text
    assert len(read_files(world.count())) == SHARDS
    assert world.result() == whole


def test_a_file_that_was_changed_is_found_by_its_sum_or_when_it_is_read(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.count()
    path = copies_folder(world.index) / "0000.parquet"
    path.write_bytes(b"\0" * path.stat().st_size)
    assert open_copies(world.index, verify=True) is None
    assert "was changed" in caplog.text
    copies = open_copies(world.index)
    assert copies is not None
    assert copies.of_owner("o1") is None
    assert "cannot be read" in caplog.text


def test_an_open_index_notices_a_pass_that_ends_and_logs_a_damaged_result_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with open_index(world.index) as index:
        assert index.copies_of_owner("o1") is None
        world.count()
        assert [each.files_counted for each in index.copies_of_owner("O1") or []] == [1] * SHARDS
        assert [each.repo_name for each in index.copies_of_repository("O1/R2") or []] == ["o1/r2"]
    _cut_short(copies_folder(world.index))
    with open_index(world.index) as index:
        caplog.clear()
        assert index.copies_of_owner("o1") is None
        assert index.copies_of_repository("o1/r1") is None
    assert caplog.text.count("Copies elsewhere are not shown") == 1
