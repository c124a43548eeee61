"""A process that only looks up: what it need not wait for."""

import subprocess
import sys
from pathlib import Path

import pytest

from .dataset import built, row

LOOK_UP = """
import pathlib, sys
from bigcode_optout.datasetindex import open_index
with open_index(pathlib.Path(sys.argv[1])) as index:
    assert index.owner_page("octo")[0].files == 1
    assert index.repository("octo/app")
    assert index.repositories_by_id([7])
print(*sorted({"duckdb", "pyarrow", "numpy"} & set(sys.modules)))
"""


def test_an_answer_of_the_look_up_store_needs_no_query_engine(tmp_path: Path) -> None:
    folder, _ = built(tmp_path, [row("Octo/app", github_id=7)])
    done = subprocess.run(
        [sys.executable, "-c", LOOK_UP, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_what_builds_is_named_as_ever() -> None:
    from bigcode_optout import datasetindex

    assert callable(datasetindex.build)
    assert callable(datasetindex.rebuild_store)
    with pytest.raises(AttributeError, match="has no attribute 'rebuild'"):
        datasetindex.rebuild  # noqa: B018 - naming it is the point
