import datetime as dt
import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.datasetindex import IndexBuildError, build, open_index
from bigcode_optout.datasetindex.inputs import find_inputs

from .dataset import DATA_DATE, row, write_rows
from .shapes import convert

ROWS = [row(f"octo/r{number}") for number in range(500)]


def refusal(inputs: list[Path], output: Path, **options: object) -> str:
    """Build, expect a refusal, check that nothing is left behind, return the sentence."""
    with pytest.raises(IndexBuildError) as refused:
        build(inputs, output=output, **{"data_date": DATA_DATE, **options})
    assert not output.exists()
    assert not list(output.parent.glob(f".{output.name}.*"))
    return str(refused.value)


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    source.write_bytes(source.read_bytes()[:-50])
    assert f"{source} cannot be read as Parquet" in refusal([source], tmp_path / "index")


def test_a_file_damaged_in_the_middle_is_named(tmp_path: Path) -> None:
    good = write_rows(tmp_path / "a.parquet", ROWS)
    bad = write_rows(tmp_path / "b.parquet", ROWS)
    content = bytearray(bad.read_bytes())
    content[4 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4)
    bad.write_bytes(content)
    assert f"{bad} could not be read" in refusal([good, bad], tmp_path / "index")


def test_empty_files_empty_folders_and_missing_paths_are_named(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.parquet"
    nothing.touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "notes.txt").write_text("no data here")
    output = tmp_path / "index"
    assert refusal([nothing], output) == f"{nothing} is empty (0 bytes), not a Parquet file."
    assert (
        refusal([folder], output) == f"The folder {folder} has no Parquet files (*.parquet) and no *.json.gz."
    )
    assert refusal([tmp_path / "gone"], output) == f"There is no file or folder {tmp_path / 'gone'}."
    assert refusal([tmp_path / "no*.csv"], output) == f"There is no file or folder {tmp_path / 'no*.csv'}."
    assert refusal([folder / "notes.txt"], output).startswith(
        f"{folder / 'notes.txt'} cannot be read as Parquet"
    )
    assert refusal([], output).startswith("No input was named")


def test_links_that_lead_nowhere_pipes_and_devices_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "link.parquet").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.parquet")
    for path in (tmp_path / "link.parquet", tmp_path / "pipe.parquet", Path("/dev/null")):
        with pytest.raises(IndexBuildError, match=f"There is no file or folder {path}"):
            find_inputs([path])
    with pytest.raises(IndexBuildError, match=r"nnn cannot be read: File name too long\."):
        find_inputs([tmp_path / ("n" * 300)])


def test_files_in_linked_folders_and_with_other_letter_case_are_read(tmp_path: Path) -> None:
    write_rows(tmp_path / "in" / "a.parquet", [row("tern/one")])
    write_rows(tmp_path / "in" / "b.PARQUET", [row("tern/two")])
    write_rows(tmp_path / "elsewhere" / "c.parquet", [row("tern/three")])
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "in")
    assert build([tmp_path / "in"], output=tmp_path / "index", data_date=DATA_DATE).repositories == 3


def test_files_without_rows_are_refused(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", [])
    assert (
        refusal([source], tmp_path / "index") == f"There is no row in {source}, so there is nothing to index."
    )


def test_a_missing_column_is_named_with_its_file(tmp_path: Path) -> None:
    good = write_rows(tmp_path / "a.parquet", ROWS)
    bad = write_rows(tmp_path / "b.parquet", ROWS, without=["repo_name"])
    sentence = refusal([good, bad], tmp_path / "index")
    assert sentence.startswith(
        f"{bad} has no column “repo_name” (text was expected). Its columns are: blob_id, path,"
    )


@pytest.mark.parametrize(
    ("column", "value", "kind", "expected"),
    [
        ("repo_name", 5, pa.int64(), "text"),
        ("github_id", "5", pa.string(), "a whole number"),
        ("length_bytes", "5", pa.string(), "a whole number"),
        ("detected_licenses", "MIT", pa.string(), "a list of texts"),
        ("revision_date", "2023-01-01", pa.string(), "a date or time"),
        ("language", [5], pa.list_(pa.int64()), "text"),
    ],
)
def test_a_mistyped_column_is_named_with_what_was_expected(
    tmp_path: Path, column: str, value: object, kind: pa.DataType, expected: str
) -> None:
    source = write_rows(tmp_path / "rows.parquet", [{**row("o/x"), column: value}], types={column: kind})
    sentence = refusal([source], tmp_path / "index")
    assert sentence.startswith(f"{source}: column “{column}” is {str(kind)[:5]}")
    assert sentence.endswith(f", but {expected} was expected.")


def test_a_renamed_column_of_another_version_is_named(tmp_path: Path) -> None:
    source = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"repo_path": ["o/x"], "file_list": [[{"language": "C"}]]}), source)
    assert refusal([source], tmp_path / "index", schema="v3") == (
        f"{source} has no column “files” (a list of structs was expected). Its columns are: repo_path, file_list."
    )


def test_files_of_two_versions_do_not_go_into_one_index(tmp_path: Path) -> None:
    one = write_rows(tmp_path / "a.parquet", ROWS)
    other = convert([one], "v1", tmp_path / "b.parquet")
    output = tmp_path / "index"
    assert refusal([one, other], output, schema="auto").startswith(
        f"{one} has the schema v2, but {other} has v1."
    )
    assert refusal([one, other], output, schema="v2").startswith(f"{other} has no column “repo_name”")


def test_a_folder_name_with_an_equals_sign_adds_no_column(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "repo_name=evil" / "language=C" / "rows.parquet", [row("o/x")])
    build([source.parent.parent], output=tmp_path / "index", schema="auto", data_date=DATA_DATE)
    [found] = open_index(tmp_path / "index").repository("o/x")
    assert [share.language for share in found.languages] == ["Python"]


def test_json_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "names.json.gz"
    source.write_bytes(gzip.compress(b'{"a": ["a/x", "a/y"], "b": ["b/'))
    sentence = refusal([source], tmp_path / "index", schema="auto")
    assert sentence == f"{source} is not the expected JSON at character 29: a text has no closing quote."


@pytest.mark.parametrize("number", [12.5, 2.0**54, float("inf"), -(2.0**60)])
def test_a_float_id_that_is_no_exact_whole_number_is_refused(tmp_path: Path, number: float) -> None:
    source = write_rows(
        tmp_path / "rows.parquet", [row("o/x", github_id=number)], types={"github_id": pa.float64()}
    )
    sentence = refusal([source], tmp_path / "index")
    assert sentence == f"{source}: column “github_id” has {number!r}, which is no whole number kept exactly."


def test_an_existing_output_is_left_as_it_is(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    output = tmp_path / "index"
    output.mkdir()
    (output / "old").write_text("stays")
    with pytest.raises(IndexBuildError, match="already exists"):
        build([source], output=output, data_date=DATA_DATE)
    assert [path.name for path in output.iterdir()] == ["old"]


def test_odd_choices_are_refused(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    output = tmp_path / "index"
    assert "“v9” cannot be built" in refusal([source], output, schema="v9")
    assert "“maybe”" in refusal([source], output, deduplicated="maybe")
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert refusal([source], output, data_date=tomorrow) == f"The data date {tomorrow} lies in the future."
    assert "could not be written" in refusal([source], output, memory_limit="lots")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(IndexBuildError, match="could not be written"):
        build([source], output=blocked / "index", data_date=DATA_DATE)


def test_an_error_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", ROWS)

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([source], output=tmp_path / "index", data_date=DATA_DATE, on_progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.parquet"]


FULL_DISK_BUILD = """
import datetime, pathlib, resource, signal, sys
from bigcode_optout.datasetindex import IndexBuildError, build
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
try:
    build([pathlib.Path(sys.argv[1])], output=pathlib.Path(sys.argv[2]), data_date=datetime.date(2023, 9, 6))
except IndexBuildError as error:
    sys.exit(f"refused: {error}")
"""


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    command = [sys.executable, "-c", FULL_DISK_BUILD, str(source), str(tmp_path / "index")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("refused: ")
    assert [path.name for path in tmp_path.iterdir()] == ["rows.parquet"]


HANGING_BUILD = """
import datetime, pathlib, sys, time
from bigcode_optout.datasetindex import build
def hang(progress):
    if progress.step == "sorting":
        print("half done", flush=True)
        time.sleep(60)
source, output = map(pathlib.Path, sys.argv[1:])
build([source], output=output, data_date=datetime.date(2023, 9, 6), on_progress=hang)
"""


@pytest.fixture
def half_done(tmp_path: Path) -> subprocess.Popen[str]:
    source = write_rows(tmp_path / "rows.parquet", ROWS)
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING_BUILD, str(source), str(tmp_path / "index")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half done\n"
    yield process
    process.kill()
    process.wait()


def test_a_build_killed_half_way_leaves_no_index_and_the_next_one_clears_up(
    tmp_path: Path, half_done: subprocess.Popen[str]
) -> None:
    half_done.send_signal(signal.SIGKILL)
    half_done.wait()
    assert not (tmp_path / "index").exists()
    [abandoned] = tmp_path.glob(".index.building-*")
    manifest = build([tmp_path / "rows.parquet"], output=tmp_path / "index", data_date=DATA_DATE)
    assert manifest.files == len(ROWS)
    assert not abandoned.exists()


def test_a_build_that_still_runs_is_not_cleared_away_and_loses_to_the_first_one_in_place(
    tmp_path: Path, half_done: subprocess.Popen[str]
) -> None:
    [running] = tmp_path.glob(".index.building-*")
    long_ago = time.time() - 3_600
    os.utime(running, (long_ago, long_ago))
    build([tmp_path / "rows.parquet"], output=tmp_path / "index", data_date=DATA_DATE)
    assert running.exists()
