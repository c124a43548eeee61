"""The shipped sample in the shape of every version, built, against a plain count over the same file."""

import gzip
import json
from pathlib import Path

import duckdb
import pytest

from bigcode_optout.datasetindex import build, open_index

from .dataset import DATA_DATE
from .shapes import convert

SAMPLE = Path(__file__).parents[2] / "bigcode_optout" / "sandbox" / "dataset" / "v2.1"

# What the index leaves out: names that are not one owner and one repository.
_REAL = "regexp_full_match(name, '[A-Za-z0-9_-]{1,39}/[A-Za-z0-9._-]{1,100}')"

_OWNERS = """
    SELECT lower(split_part(name, '/', 1)) AS owner, count(DISTINCT (name, coalesce(id, 0))) AS repositories,
           sum(files)::BIGINT AS files, sum(bytes)::BIGINT AS bytes
    FROM ({rows}) WHERE {real} GROUP BY owner ORDER BY owner"""

_ROWS = {
    "v2": "SELECT repo_name AS name, github_id AS id, 1 AS files, length_bytes AS bytes FROM source",
    "v2-ids": """SELECT repo_name AS name, github_id AS id, len(files) AS files,
                        list_sum([file.length_bytes FOR file IN files]) AS bytes FROM source""",
    "v3": """SELECT repo_path AS name, repo_id AS id, len(files) AS files,
                    list_sum([file.size_bytes FOR file IN files]) AS bytes FROM source""",
    "v3-metadata": "SELECT repo_path AS name, repo_id AS id, num_files AS files, 0 AS bytes FROM source",
    "v1": f"""SELECT any_value(name) AS name, NULL AS id, 1 AS files, any_value(size) AS bytes
              FROM (SELECT hexsha, size, max_stars_repo_name AS name FROM source
                    UNION ALL SELECT hexsha, size, max_issues_repo_name FROM source
                    UNION ALL SELECT hexsha, size, max_forks_repo_name FROM source)
              WHERE {_REAL} GROUP BY hexsha, lower(name)""",
}


def counted(rows: str, source: Path) -> list[tuple[str, int, int, int]]:
    """Count in plain SQL, without anything of ours: owner, repositories, files, bytes."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW source AS FROM '{source}'")
        return connection.execute(_OWNERS.format(rows=rows, real=_REAL)).fetchall()


def indexed(folder: Path, owners: list[str]) -> list[tuple[str, int, int, int]]:
    with open_index(folder) as index:
        totals = [(owner, index.owner_totals(owner)) for owner in owners]
    return [(owner, total.repositories, total.files, total.bytes) for owner, total in totals]


@pytest.mark.parametrize("shape", _ROWS)
def test_totals_per_owner_equal_a_plain_count_over_the_source(tmp_path: Path, shape: str) -> None:
    source = convert(sorted(SAMPLE.glob("*.parquet")), shape, tmp_path / "rows.parquet")
    manifest = build([source], output=tmp_path / "index", schema="auto", data_date=DATA_DATE, has_store=False)
    expected = counted(_ROWS[shape], source)
    assert manifest.schema == shape
    assert manifest.owners == len(expected) > 40
    if shape == "v1":
        # A repository has as many rows as spellings there; the count above takes any one of them.
        assert manifest.files == sum(files for _, _, files, _ in expected)
        expected = [(owner, 0, files, size) for owner, _, files, size in expected]
        found = [
            (owner, 0, files, size)
            for owner, _, files, size in indexed(tmp_path / "index", _owners(expected))
        ]
    else:
        found = indexed(tmp_path / "index", _owners(expected))
    assert found == expected


def _owners(rows: list[tuple[str, int, int, int]]) -> list[str]:
    return [owner for owner, *_ in rows]


def test_the_names_of_the_old_list_are_all_found(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        names = connection.execute(
            f"SELECT DISTINCT repo_name AS name FROM '{SAMPLE}/*.parquet' WHERE {_REAL} ORDER BY name"
        ).fetchall()
    listed: dict[str, list[str]] = {}
    for (name,) in names:
        listed.setdefault(name.partition("/")[0], []).append(name)
    source = tmp_path / "names.json.gz"
    source.write_bytes(gzip.compress(json.dumps(listed).encode()))
    manifest = build([source], output=tmp_path / "index", schema="auto", data_date=DATA_DATE, has_store=False)
    assert (manifest.repositories, manifest.files, manifest.has_sizes) == (len(names), 0, False)
    with open_index(tmp_path / "index") as index:
        assert {
            repository.repo_name
            for login in listed
            for repository in index.owner_repositories(login, limit=1_000)
        } == {name for (name,) in names}
