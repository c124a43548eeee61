"""What can go wrong on the way, through the command that dataset builders run."""

import hashlib
import json
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

from bigcode_optout.exclusionlist.__main__ import main

from .builders import rule
from .shard_builders import exclusions, put, v2

ROOT = Path(__file__).parents[2]
MODULE = [sys.executable, "-m", "bigcode_optout.exclusionlist"]
MANY = [f"{owner}/x{number}" for number in range(2_000) for owner in ("ada", "bob")]


def words(tmp_path, *more, schema="v2", inputs=None):
    given = [str(each) for each in inputs or [tmp_path / "in"]]
    wanted = ["--list", str(tmp_path / "list"), "--schema", schema, "--output", str(tmp_path / "out")]
    return ["apply", *given, *wanted, *map(str, more)]


@pytest.fixture
def listed(tmp_path):
    return exclusions(tmp_path / "list", [rule("ada")])


def refusal(capsys, arguments) -> str:
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == "" and "Traceback" not in said.err
    return said.err


def forge(folder: Path, old: str, new: str) -> None:
    """Change the list and every hash in its manifest, as somebody would who writes lists by other means."""
    data, manifest = folder / "data/exclusions.jsonl", folder / "manifest.json"
    content = data.read_bytes().replace(old.encode(), new.encode())
    stored = json.loads(manifest.read_bytes())
    digest = stored["canonical_sha256"] = hashlib.sha256(content).hexdigest()
    for entry in stored["files"]:
        if entry["path"] == "data/exclusions.jsonl":
            entry |= {"bytes": len(content), "sha256": digest}
    data.write_bytes(content)
    manifest.write_text(json.dumps(stored))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"kind":"owner"', '"kind":"email"', "is for an owner or a repository"),
        ('"issues":true', '"issues":true,"gists":true', "gists"),
        ('"ada"', '"ghost"', "nobody"),
    ],
)
def test_a_list_with_what_nobody_can_apply_is_refused_whole(tmp_path, capsys, listed, old, new, said):
    forge(tmp_path / "list", old, new)
    put(v2(["ada/x", "ghost/x"]), tmp_path / "in/a.parquet")
    assert said in refusal(capsys, words(tmp_path))
    assert not (tmp_path / "out").exists()


def test_a_list_of_no_rules_and_a_shard_of_no_rows_change_nothing(tmp_path):
    exclusions(tmp_path / "list", [])
    put(v2(["ada/x", None]), tmp_path / "in/a.parquet")
    put(v2([]), tmp_path / "in/empty.parquet")
    assert main(words(tmp_path)) == 0
    report = json.loads((tmp_path / "out.apply.json").read_text())
    assert report["unchanged"] == ["a.parquet", "empty.parquet"] and report["totals"]["rows_out"] == 2
    for name in report["unchanged"]:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "in" / name).read_bytes()


def test_a_shard_that_is_cut_off_is_named_and_nothing_stands_under_its_name(tmp_path, capsys, listed):
    put(v2(["ada/x"]), tmp_path / "in/a.parquet")
    cut = put(v2(MANY), tmp_path / "in/b.parquet")
    cut.write_bytes(cut.read_bytes()[:-100])
    assert "b.parquet cannot be read as Parquet" in refusal(capsys, words(tmp_path))
    assert [path.name for path in (tmp_path / "out").glob("*.parquet")] in ([], ["a.parquet"])


@pytest.mark.parametrize("column", ["repo_name", "length_bytes"])
def test_a_shard_with_a_hole_in_the_middle_is_named_too(tmp_path, capsys, listed, column):
    path = put(v2(MANY), tmp_path / "in/b.parquet")
    names = pq.ParquetFile(path).schema.names
    start = pq.ParquetFile(path).metadata.row_group(0).column(names.index(column)).data_page_offset
    content = bytearray(path.read_bytes())
    content[start : start + 200] = bytes(200)
    path.write_bytes(content)
    assert "b.parquet cannot be" in refusal(capsys, words(tmp_path, "--jobs", 1))
    assert not list((tmp_path / "out").glob("*parquet*")) and not list((tmp_path / "out").glob(".*partial"))


@pytest.mark.parametrize(
    ("change", "schema", "said"),
    [
        (lambda table: table.drop_columns(["repo_name"]), "v2", "no column “repo_name”"),
        (lambda table: table.drop_columns(["github_id"]), "v2", "no column “github_id”"),
        (lambda table: table, "v3", "no column “repo_path”; a shard of schema v3"),
        (lambda table: table, "v1", "no column “max_stars_repo_name”"),
        (lambda table: table.drop_columns(["repo_name"]), "commits", "none of the columns “repo_name”"),
        (lambda table: table, "issues", "no column “actor.login”"),
        (lambda table: table.set_column(1, "repo_name", pa.array([[1], [2]])), "v2", "holds no repository"),
        (lambda table: table.set_column(2, "github_id", pa.array(["1", "2"])), "v2", "holds no id"),
        (
            lambda table: table.append_column("REPO_NAME", pa.array(["x", "y"])),
            "v2",
            "letters of another case",
        ),
        (lambda table: table.append_column("events", pa.array(["[]", "[]"])), "issues", "list of structs"),
    ],
)
def test_a_shard_of_another_schema_is_refused_with_what_it_lacks(
    tmp_path, capsys, listed, change, schema, said
):
    put(change(v2(["ada/x", "b/b"])), tmp_path / "in/a.parquet")
    assert said in refusal(capsys, words(tmp_path, schema=schema))


def test_a_folder_with_anything_in_it_is_never_written_into(tmp_path, capsys, listed):
    put(v2(["ada/x"]), tmp_path / "in/a.parquet")
    put(v2(["mine/x"]), tmp_path / "out/a.parquet")
    assert "is not an empty folder" in refusal(capsys, words(tmp_path))
    assert pq.read_table(tmp_path / "out/a.parquet").column("repo_name").to_pylist() == ["mine/x"]


def test_inputs_that_make_no_sense_are_refused(tmp_path, capsys, listed):
    put(v2(["ada/x"]), tmp_path / "in/a.parquet")
    put(v2(["ada/x"]), tmp_path / "two/a.parquet")
    (tmp_path / "bare").mkdir()
    assert "Two shards have the name" in refusal(
        capsys, words(tmp_path, inputs=[tmp_path / "in", tmp_path / "two"])
    )
    assert "There is no file" in refusal(capsys, words(tmp_path, inputs=[tmp_path / "bare"]))
    assert "neither a file nor a folder" in refusal(capsys, words(tmp_path, inputs=[tmp_path / "gone"]))
    assert "stands in the output folder" in refusal(
        capsys, [*words(tmp_path), "--output", str(tmp_path / "in")]
    )
    assert "could not be started" in refusal(capsys, words(tmp_path, "--memory-limit", "much"))
    put(v2(["bob/y"]), tmp_path / "untouched/a.parquet")
    words_of_it = words(tmp_path, "--memory-limit", "much", inputs=[tmp_path / "untouched"])
    assert "could not be started" in refusal(capsys, words_of_it)


def run_limited(arguments, limit: int) -> subprocess.CompletedProcess[str]:
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run([*MODULE, *arguments], cwd=ROOT, capture_output=True, text=True, preexec_fn=limited)


def test_a_disk_that_takes_no_more_is_said_and_the_next_run_goes_on(tmp_path, listed):
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    big = v2(MANY)
    put(big, tmp_path / "in/b.parquet")
    failed = run_limited(words(tmp_path, "--jobs", 1), 20_000)
    assert failed.returncode == 1 and "Traceback" not in failed.stderr
    assert "b.parquet could not be written" in failed.stderr and "goes on from there" in failed.stderr
    assert [path.name for path in (tmp_path / "out").iterdir() if "parquet" in path.name] == ["a.parquet"]
    first = (tmp_path / "out/a.parquet").stat().st_mtime_ns
    assert main(words(tmp_path)) == 0
    assert (tmp_path / "out/a.parquet").stat().st_mtime_ns == first
    assert pq.read_metadata(tmp_path / "out/b.parquet").num_rows == big.num_rows // 2


def test_a_run_killed_in_the_middle_goes_on_and_ends_like_one_that_was_not(tmp_path, listed):
    for number in range(24):
        put(v2(MANY, list(range(len(MANY)))), tmp_path / f"in/{number:02}.parquet")
    state = tmp_path / "out/.exclusions-apply/shards"
    process = subprocess.Popen([*MODULE, *words(tmp_path, "--jobs", 1)], cwd=ROOT)
    deadline = time.monotonic() + 60
    while not list(state.glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    done = {path.name.removesuffix(".json") for path in state.glob("*.json")}
    assert 0 < len(done) < 24
    times = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in done}
    assert main(words(tmp_path)) == 0
    assert times == {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in done}
    assert main([*words(tmp_path), "--output", str(tmp_path / "again")]) == 0
    names = sorted(path.name for path in (tmp_path / "again").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "out").iterdir())
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    reports = [json.loads((tmp_path / f"{name}.apply.json").read_text()) for name in ("out", "again")]
    assert reports[0] == reports[1] and reports[0]["totals"]["rows_removed"] == 24 * len(MANY) // 2


def test_a_shard_is_on_the_disk_before_it_gets_its_name(tmp_path, listed, monkeypatch):
    """Later runs trust it by size and time, which a file has whose content was lost with the power."""
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    target, flushed, really = tmp_path / "out/a.parquet", [], os.fsync

    def noted(descriptor: int) -> None:
        flushed.append((os.fstat(descriptor).st_ino, target.exists()))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    assert main(words(tmp_path)) == 0
    assert (target.stat().st_ino, False) in flushed


def unfinished(tmp_path) -> None:
    """Leave a run whose second shard is broken, and mend the shard."""
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    (tmp_path / "in/b.parquet").write_bytes(b"PAR1")
    assert main(words(tmp_path, "--jobs", 1)) == 1
    assert (tmp_path / "out/a.parquet").exists()
    put(v2(["c/c", "ada/y"]), tmp_path / "in/b.parquet")


def test_an_unfinished_run_is_not_gone_on_with_under_other_options_or_another_list(tmp_path, capsys, listed):
    unfinished(tmp_path)
    capsys.readouterr()
    assert "another list or other options" in refusal(capsys, words(tmp_path, "--data-date", "2023-09-06"))
    exclusions(tmp_path / "other", [rule("bob-x")])
    assert "another list" in refusal(capsys, [*words(tmp_path), "--list", str(tmp_path / "other")])


@pytest.mark.parametrize("changed", ["in", "out"])
def test_a_shard_that_changed_since_is_done_again(tmp_path, listed, changed):
    unfinished(tmp_path)
    put(v2(["ada/1", "d/d", "e/e", "f/f"]), tmp_path / changed / "a.parquet")
    assert main(words(tmp_path)) == 0
    expected = ["d/d", "e/e", "f/f"] if changed == "in" else ["b/b"]
    assert pq.read_table(tmp_path / "out/a.parquet").column("repo_name").to_pylist() == expected


def test_a_report_that_cannot_be_written_loses_no_work(tmp_path, capsys, listed):
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    (tmp_path / "file").write_text("")
    assert "could not be written" in refusal(capsys, words(tmp_path, "--report", tmp_path / "file/r.json"))
    assert main(words(tmp_path, "--report", tmp_path / "r.json")) == 0
    assert json.loads((tmp_path / "r.json").read_text())["totals"]["rows_removed"] == 1


def test_wrong_words_are_wrong_usage(tmp_path, capsys):
    for wrong in (["--data-date", "yesterday"], ["--jobs", "0"], ["--schema", "v9"], ["--engine", "pandas"]):
        with pytest.raises(SystemExit) as exit_:
            main([*words(tmp_path), *wrong])
        assert exit_.value.code == 2
    assert "is not a date" in capsys.readouterr().err
