import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from .dataset import row, write_rows

ROWS = [
    row("Octo/app", github_id=5),
    row("Octo/app", github_id=5),
    row("octo/[b]x"),
    row("other/app", language="[red]C"),
]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bigcode_optout.datasetindex", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("commands")
    source = write_rows(place / "in" / "rows.parquet", ROWS)
    output = place / "index"
    done = run(
        "build",
        "--schema",
        "v2",
        "--data-date",
        "2023-09-06",
        "--version",
        "v2.1",
        "--output",
        output,
        source.parent,
    )
    assert done.returncode == 0, done.stderr
    assert "2 repositories of 2 owners, 3 files, 300 bytes." in done.stdout
    assert "Left out as not_a_name: 1 malformed name on 1 row." in done.stdout
    assert "read (100 %)\nsorting\n" in done.stderr
    return output


def test_build_writes_the_manifest_as_asked(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["version"], manifest["data_date"], manifest["schema"]) == ("v2.1", "2023-09-06", "v2")


def test_lookup_answers_json_for_logins_names_and_addresses(folder: Path) -> None:
    for asked in (["OCTO"], ["octo/APP"], ["https://github.com/octo?tab=repositories"], ["octo", "octo/app"]):
        done = run("lookup", folder, *asked, "--json")
        assert done.returncode == 0, done.stderr
        [found] = json.loads(done.stdout)
        assert (found["repo_name"], found["repo_id"], found["files"], found["bytes"]) == (
            "Octo/app",
            5,
            2,
            200,
        )


def test_lookup_of_an_unknown_name_is_an_empty_list(folder: Path) -> None:
    done = run("lookup", folder, "nobody-here", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_lookup_without_json_shows_a_table(folder: Path) -> None:
    done = run("lookup", folder, "octo", "other")
    assert done.returncode == 0
    assert "Octo/app" in done.stdout
    assert "[red]C" in done.stdout
    assert "Nothing under nobody-here is in this index." in done_without(folder).stdout


def done_without(folder: Path) -> subprocess.CompletedProcess[str]:
    return run("lookup", folder, "octo", "nobody-here", "octo/other")


def test_lookup_says_each_name_under_which_there_is_nothing(folder: Path) -> None:
    said = done_without(folder).stdout
    assert "Octo/app" in said and "Nothing under octo/other is in this index." in said
    assert "Nothing under octo is" not in said


def test_what_an_index_of_names_alone_never_recorded_is_not_called_0(tmp_path: Path) -> None:
    source = tmp_path / "names.json.gz"
    source.write_bytes(gzip.compress(b'{"octo": ["octo/app"]}'))
    built = run(
        "build",
        "--schema",
        "username-to-repo",
        "--data-date",
        "2022-11-01",
        "--output",
        tmp_path / "i",
        source,
    )
    assert "1 repository of 1 owner, no files named, no sizes recorded." in built.stdout
    [found] = json.loads(run("lookup", tmp_path / "i", "octo", "--json").stdout)
    assert (found["repo_name"], found["files"], found["bytes"]) == ("octo/app", None, None)
    assert run("lookup", tmp_path / "i", "octo").stdout.count("–") == 4


def test_store_makes_the_look_up_store_anew_and_check_compares_every_file(folder: Path) -> None:
    store = folder.with_name("index.lookup")
    assert "1 file as written and a whole look-up store." in run("check", folder).stdout
    (store / "0000.lookup").unlink()
    assert "it has no look-up store." in run("check", folder).stdout
    done = run("store", folder)
    assert (done.returncode, done.stdout) == (0, f"{store}: written anew.\n")
    assert "a whole look-up store." in run("check", folder).stdout
    assert run("store", store).returncode == 1


def test_a_clear_sentence_and_exit_code_1(folder: Path, tmp_path: Path) -> None:
    again = run("build", "--data-date", "2023-09-06", "--output", folder, folder)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already exists" in again.stderr
    assert "Traceback" not in again.stderr
    broken = run("lookup", tmp_path, "octo", "--json")
    assert (broken.returncode, broken.stdout) == (1, "")
    assert "is no index" in broken.stderr
    refused = run("lookup", folder, "octo lab")
    assert refused.returncode == 1
    assert "has a space" in refused.stderr
    assert "Did you mean octo-lab?" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["build"],
        ["build", "--data-date", "yesterday", "--output", "x", "y"],
        ["build", "--data-date", "2023-09-06", "--schema", "v9", "--output", "x", "y"],
        ["build", "--data-date", "2023-09-06", "--threads", "0", "--output", "x", "y"],
        ["lookup"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).returncode == 2
