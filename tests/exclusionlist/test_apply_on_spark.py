"""Spark carries the work to its workers; what comes out is what one machine makes of the same shards."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bigcode_optout.exclusionlist.__main__ import main

from .builders import rule
from .shard_builders import exclusions, put, v1, v2
from .test_writer import files_under

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "bigcode_optout/sandbox/dataset/v2.1"


@pytest.fixture(scope="module")
def session() -> Iterator[object]:
    """One session for all tests here; the command finds it, as it finds that of a notebook."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # It tells of closed connections when Python ends, to a log that is gone by then.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    started = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    running = started.getOrCreate()
    yield running
    running.stop()


def words(folder: Path, engine: str, *more: object, inputs: Path | None = None, schema: str = "v2"):
    given = ["apply", inputs or folder / "in", "--list", folder / "list", "--schema", schema]
    return [str(word) for word in (*given, "--engine", engine, "--output", folder / engine, *more)]


def compare(folder: Path, **changes) -> dict:
    """Run both engines; return the report, which is the same."""
    assert [main(words(folder, engine, **changes)) for engine in ("duckdb", "spark")] == [0, 0]
    assert files_under(folder / "spark") == files_under(folder / "duckdb")
    reports = [json.loads((folder / f"{engine}.apply.json").read_text()) for engine in ("duckdb", "spark")]
    assert reports[0] == reports[1]
    return reports[1]


@pytest.mark.spark
def test_the_sample_comes_out_with_the_same_bytes_and_report(tmp_path, session, capsys):
    from pyarrow import parquet

    shards = sorted(SAMPLE.glob("*.parquet"))
    names = parquet.read_table(shards[0]).column("repo_name").to_pylist()
    owner, repository = names[0].partition("/")[0], names[-1]
    exclusions(tmp_path / "list", [rule(owner.swapcase()), rule(repository.swapcase()), rule("absent")])
    totals = compare(tmp_path, inputs=SAMPLE)["totals"]
    assert totals["shards"] == len(shards) >= 2
    assert 0 < totals["rows_removed"] < totals["rows_in"]
    assert f"{totals['rows_removed']:,} removed" in capsys.readouterr().out


@pytest.mark.spark
def test_shared_content_that_is_kept_and_shards_in_folders_come_out_alike(tmp_path, session):
    exclusions(tmp_path / "list", [rule("ada"), rule("Bob/y")], "keep")
    rows = [("ada/x", "carol/z", None), ("ADA/x", None, None), ("carol/z", "bob/Y", "dora/w"), (None,) * 3]
    for name in ("py/0.parquet", "py/1.parquet", "go/0.parquet"):
        put(v1(rows * 40), tmp_path / "in" / name, row_group_size=7)
    totals = compare(tmp_path, schema="v1")["totals"]
    assert totals["rows_with_another_holder"] == {"removed": 0, "emptied": 240}
    assert totals["rows_removed"] == 120


@pytest.mark.spark
def test_a_broken_shard_stops_no_other_and_the_same_command_goes_on(tmp_path, session, capsys):
    exclusions(tmp_path / "list", [rule("ada")])
    for name in ("a", "c"):
        put(v2(["ada/x", "b/b"]), tmp_path / f"in/{name}.parquet")
    (tmp_path / "in/b.parquet").write_bytes(b"PAR1")
    assert main(words(tmp_path, "spark")) == 1
    said = capsys.readouterr()
    assert said.out == "" and "b.parquet cannot be read as Parquet" in said.err
    written = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "spark").glob("*.parquet")}
    assert set(written) == {"a.parquet", "c.parquet"}
    put(v2(["c/c", "ada/y"]), tmp_path / "in/b.parquet")
    assert compare(tmp_path)["totals"]["rows_removed"] == 3
    assert all((tmp_path / "spark" / name).stat().st_mtime_ns == then for name, then in written.items())


def without(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    exclusions(tmp_path / "list", [rule("ada")])
    put(v2(["ada/x", "b/b"]), tmp_path / "in/a.parquet")
    start = f"import sys\n{code}\nfrom bigcode_optout.exclusionlist.__main__ import main\n"
    return subprocess.run(
        [sys.executable, "-c", start + "sys.exit(main(sys.argv[1:]))", *words(tmp_path, "spark")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_where_pyspark_is_missing_one_sentence_says_so(tmp_path):
    result = without(tmp_path, "sys.modules['pyspark'] = None", PATH=os.environ["PATH"])
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "The engine spark needs PySpark, which is not installed here: pip install pyspark.\n"
    )
    # Nothing is lost: the other engine goes on in the same folder.
    assert main([*words(tmp_path, "duckdb"), "--output", str(tmp_path / "spark")]) == 0


@pytest.mark.spark
def test_where_java_is_missing_a_sentence_says_so(tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("bash", "dirname", "readlink", "env", "sh", "uname", "ps"):
        (bare / name).symlink_to(Path("/usr/bin") / name)
    result = without(tmp_path, "", PATH=str(bare))
    assert (result.returncode, result.stdout) == (1, "")
    assert "Spark could not be started" in result.stderr and "Java" in result.stderr
    assert "Traceback" not in result.stderr
