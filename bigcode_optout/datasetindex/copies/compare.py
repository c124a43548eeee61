"""One partition of contents: which of them stand with several owners, and what that says of a repository."""

import shutil
from pathlib import Path

import duckdb

from .scatter import read_partition, write_partitioned

MOST_OWNERS = 64
"""Contents with more owners than this are widespread: of these it is only noted how many owners they have.

Naming every other owner of every file costs (owners − 1) rows a file, which a licence text in a twentieth of
all repositories would make quadratic. With this limit it is linear: at most 63 rows a file, under two where
one content in 4,000 is widespread.
"""

# Most contents have one owner. Those with more are found first, and the rest is not looked at again.
_HELD = """CREATE OR REPLACE TEMP TABLE held AS
    SELECT content, owner, repo, count(*) AS files
    FROM {rows} SEMI JOIN
         (SELECT content FROM {rows} GROUP BY content HAVING min(owner) <> max(owner)) USING (content)
    GROUP BY content, owner, repo"""

_SHARED = """CREATE OR REPLACE TEMP TABLE shared AS
    SELECT content, count(*) AS owners FROM (SELECT DISTINCT content, owner FROM held) GROUP BY content"""

_NARROW = """CREATE OR REPLACE TEMP TABLE narrow AS
    SELECT content, owner, repo FROM held JOIN shared USING (content) WHERE owners <= {most}"""

_SUMS = """SELECT *, owner & {mask} AS bucket FROM (
        SELECT owner, repo, count(*) AS files, 0 AS copied, 0 AS contents, 0 AS widespread, 0 AS most_owners
        FROM {rows} GROUP BY owner, repo
        UNION ALL
        SELECT owner, repo, 0, sum(files)::BIGINT, count(*), count(*) FILTER (owners > {most}),
               coalesce(max(owners) FILTER (owners > {most}), 0)
        FROM held JOIN shared USING (content) GROUP BY owner, repo)"""

_OTHERS = """SELECT here.owner, here.repo, there.owner AS other, here.owner & {mask} AS bucket
    FROM narrow here JOIN (SELECT DISTINCT content, owner FROM narrow) there
      ON here.content = there.content AND here.owner <> there.owner"""

_SAMPLE = "SELECT count(*), count(DISTINCT (repo, other)) FROM ({others} WHERE here.repo % {nth} = 0)"
_NTH = 16
_WORTH_DISTINCT = 1.25
"""Pairs for each different pair in the sample. Repositories that are copies of each other name the same
owners file after file and must be thinned out; elsewhere it costs a sixth of the pass and removes nothing."""


def compare(
    connection: duckdb.DuckDBPyConnection, contents: Path, folder: Path, *, partition: int, buckets: int
) -> None:
    """Read one partition below `contents`; write what each repository has of it to `folder`.

    `folder/sums/bucket=N/…`, to be summed: owner, repo, files, those of them that are copied, the different
    contents that are copied, how many of these are widespread, most owners of one of them (0: none).
    `folder/others/bucket=N/…`: owner, repo, and each other owner of one of its contents that is not
    widespread, at least once.
    """
    rows = read_partition(contents, "part", partition)
    if rows is None:
        return
    given = {"rows": rows, "most": MOST_OWNERS, "mask": buckets - 1}
    for statement in (_HELD, _SHARED, _NARROW):
        connection.execute(statement.format(**given))
    others = _OTHERS.format(**given)
    if _repeats(connection, others):
        others = f"SELECT DISTINCT * FROM ({others})"  # noqa: S608 - all SQL here is ours
    for name, select in (("sums", _SUMS.format(**given)), ("others", others)):
        target = folder / name
        target.mkdir()
        write_partitioned(connection, select, target, "bucket")
    connection.execute("DROP TABLE held; DROP TABLE shared; DROP TABLE narrow")


def _repeats(connection: duckdb.DuckDBPyConnection, others: str) -> bool:
    row = connection.execute(_SAMPLE.format(others=others, nth=_NTH)).fetchone()
    pairs, different = row or (0, 0)
    return bool(pairs > different * _WORTH_DISTINCT)


def clear(contents: Path, partition: int) -> None:
    """Remove a partition that was compared: its room is wanted for the next ones."""
    for folder in contents.glob(f"*/part={partition}"):
        shutil.rmtree(folder)
