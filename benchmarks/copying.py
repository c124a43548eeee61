"""The optional pass over copies: its rows are files, and of five contents some stand in other repositories."""

from pathlib import Path

from benchmarks.building import DATA_DATE, MEMORY_LIMIT, THREADS, engine
from benchmarks.measuring import seconds
from bigcode_optout.datasetindex import build
from bigcode_optout.datasetindex.copies import build_copies

_CONTENTS_OF_100 = 80
"""So many different contents among 100 files."""


def measure_copies(inputs: Path, folder: Path) -> float:
    """Seconds to count copies over the rows of `inputs`, each taken as a file with a content id; the index that it
    needs is built before and not counted. `folder` must not be there.
    """
    files, index = folder / "files.parquet", folder / "index"
    folder.mkdir()
    with engine() as connection:
        [[rows]] = connection.execute(f"SELECT count(*) FROM '{inputs}/*.parquet'").fetchall()
        contents = rows * _CONTENTS_OF_100 // 100
        connection.execute(
            f"""COPY (SELECT *, sha1((hash(repo_name, github_id) % {contents})::VARCHAR) AS content_id
                      FROM '{inputs}/*.parquet') TO '{files}' (FORMAT parquet)"""
        )
    build(
        [files],
        output=index,
        schema="v2",
        data_date=DATA_DATE,
        deduplicated="no",
        has_store=False,
        memory_limit=MEMORY_LIMIT,
        threads=THREADS,
    )
    return seconds(lambda: build_copies(index, [files], memory_limit=MEMORY_LIMIT, threads=THREADS))
