"""How a run goes: some shards at a time, a bar on a terminal, and memory that a row group bounds."""

import io
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from bigcode_optout.exclusionlist import OutputRefused, run_progress
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.applying import Options, apply, threads

from .builders import rule
from .shard_builders import exclusions, put, v2

ROOT = Path(__file__).parents[2]
PEAK = """
import resource, sys
from bigcode_optout.exclusionlist.__main__ import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, file=sys.stderr)
sys.exit(code)
"""


def words(tmp_path: Path, folder: str) -> list[str]:
    given = ["apply", tmp_path / folder, "--list", tmp_path / "list", "--schema", "v2"]
    return [str(word) for word in (*given, "--output", tmp_path / f"{folder}-out")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_as_many_shards_are_in_work_as_was_said_and_never_more(tmp_path, monkeypatch, jobs):
    listed = exclusions(tmp_path / "list", [rule("ada")])
    for number in range(6):
        put(v2(["ada/x", "b/b"]), tmp_path / f"in/{number}.parquet")
    lock, running, seen = threading.Lock(), set(), []
    meeting = threading.Barrier(jobs)
    real = threads.apply_to_shard

    def watched(engine, shard, output, **options):
        with lock:
            running.add(shard.name)
            seen.append(len(running))
        meeting.wait(timeout=30)  # passes only if so many are here at the same time
        result = real(engine, shard, output, **options)
        with lock:
            running.discard(shard.name)
        return result

    monkeypatch.setattr(threads, "apply_to_shard", watched)
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("v2", jobs=jobs))
    assert report["totals"]["rows_removed"] == 6 and max(seen) == jobs


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_gets_a_bar_and_a_log_gets_none(tmp_path, monkeypatch, capsys, is_terminal):
    exclusions(tmp_path / "list", [rule("ada")])
    for number in range(3):
        put(v2(["ada/x", "b/b"]), tmp_path / f"in/{number}.parquet")
    written = io.StringIO()
    console = Console(file=written, force_terminal=is_terminal, width=100)
    monkeypatch.setattr(run_progress, "Console", lambda **settings: console)
    assert main(words(tmp_path, "in")) == 0
    assert ("3/3" in written.getvalue()) == is_terminal
    assert "3 removed" in capsys.readouterr().out


def test_a_row_group_of_a_gigabyte_takes_a_few_times_its_size_in_memory(tmp_path):
    exclusions(tmp_path / "list", [rule("ada")])
    text, rows, peaks = "x" * 10_000, {"small": 2_000, "large": 100_000}, {}
    for name, count in rows.items():
        table = v2(["ada/x", *["b/b"] * (count - 1)])
        column = pc.binary_join_element_wise(pc.cast(pa.arange(0, count, 1), pa.string()), text, "")
        path = tmp_path / name / "a.parquet"
        put(table.append_column("content", column), path, row_group_size=count, use_dictionary=False)
        assert pq.read_metadata(path).num_row_groups == 1
        del table, column
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *words(tmp_path, name)], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        peaks[name] = int(done.stderr.split()[-1])
    # What more it has is needed a few times, as docs/apply-and-verify.md says, while it is read, filtered, encoded and
    # written; and no more often than that.
    more = (rows["large"] - rows["small"]) * len(text)
    assert peaks["large"] - peaks["small"] < 5 * more


def test_two_runs_in_one_folder_at_once_are_refused_and_the_first_ends_well(tmp_path, monkeypatch):
    listed = exclusions(tmp_path / "list", [rule("ada")])
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    options, real, said = Options("v2"), threads.apply_to_shard, []

    def meanwhile(engine, shard, output, **more):
        for other in (options, Options("v2", dataset_version="v9")):
            with pytest.raises(OutputRefused) as refused:
                apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=other)
            said.append(str(refused.value))
        return real(engine, shard, output, **more)

    monkeypatch.setattr(threads, "apply_to_shard", meanwhile)
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=options)
    assert report["totals"]["rows_removed"] == 1
    assert all("Another run is at work in" in each for each in said) and len(said) == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.parquet"]


def test_a_run_that_did_no_shard_does_not_stand_in_the_way_of_the_right_one(tmp_path, capsys):
    exclusions(tmp_path / "list", [rule("ada")])
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    right = words(tmp_path, "in")
    assert main(["v1" if word == "v2" else word for word in right]) == 1
    assert "has no column" in capsys.readouterr().err
    assert main(right) == 0
