"""The processes that make buckets find our code and nothing else, wherever the build was started."""

import os
import subprocess
import sys
from pathlib import Path

import bigcode_optout
from bigcode_optout.datasetindex import open_index

from .dataset import row, write_rows

BUILD = """
import datetime, pathlib, sys
sys.path.insert(0, sys.argv[1])
from bigcode_optout.datasetindex import build, buckets
buckets.BUCKET_ROWS = 10
source, output = map(pathlib.Path, sys.argv[2:])
print(len(build([source], output=output, data_date=datetime.date(2023, 9, 6)).contents))
"""


def test_a_build_with_several_processes_may_be_started_in_any_folder(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "rows.parquet", [row(f"owner{n}/r") for n in range(40)])
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "bigcode_optout").mkdir(parents=True)
    (elsewhere / "bigcode_optout" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    root = Path(str(bigcode_optout.__file__)).parents[1]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    script = tmp_path / "started" / "build.py"
    script.parent.mkdir()
    script.write_text(BUILD)
    done = subprocess.run(
        [sys.executable, script, root, source, tmp_path / "index"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "4\n"), done.stderr
    with open_index(tmp_path / "index", verify=True) as index:
        assert index.owner_totals("OWNER39").repositories == 1
