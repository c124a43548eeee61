import subprocess
import sys
from pathlib import Path

from bigcode_optout.datasetindex.copies import copies_folder

from .copies_model import opened, write_v2


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bigcode_optout.datasetindex", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_copies_are_counted_with_the_build_or_afterwards(tmp_path: Path) -> None:
    source = write_v2(
        tmp_path / "in" / "rows.parquet", [("a/x", None, "p"), ("b/x", None, "p"), ("b/x", None, "q")]
    )
    index = tmp_path / "index"
    options = ["--schema", "v2", "--deduplicated", "no", "--data-date", "2023-09-06", "--output", index]
    built = run("build", *options, "--copies", source)
    assert built.returncode == 0, built.stderr
    sentence = "of 3 files 2 also stand in repositories of other owners, of 2 repositories 2 have such files."
    assert sentence in built.stdout
    assert opened(index).manifest.copied_files == 2
    (copies_folder(index) / "0000.parquet").unlink()
    again = run("copies", index, source)
    assert again.returncode == 0, again.stderr
    assert sentence in again.stdout
    assert opened(index).manifest.copied_files == 2


def test_a_deduplicated_version_is_a_sentence_and_exit_code_1(tmp_path: Path) -> None:
    source = write_v2(tmp_path / "in" / "rows.parquet", [("a/x", None, "p")])
    index = tmp_path / "index"
    built = run("build", "--schema", "v2", "--data-date", "2023-09-06", "--output", index, "--copies", source)
    assert built.returncode == 1
    assert "Copies elsewhere cannot be measured in this version: it was deduplicated (exact)" in built.stderr
    assert "Traceback" not in built.stderr
    assert index.is_dir()
