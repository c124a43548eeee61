"""What came of one shard: the figures of its line in the report."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import duckdb


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule covered in one shard. A row that two rules cover counts for both; `files` is None where
    a shard does not say how many a row stands for.
    """

    rows_removed: int
    files_removed: int | None
    rows_emptied: int
    events_removed: int


# A shard may have one for each of a hundred thousand rules.
_COUNTS = attrgetter(*(field.name for field in fields(RuleCount)))


@dataclass(frozen=True, slots=True)
class ShardResult:
    """`rows_shared`: covered rows beside whose holder another one stood that no rule covers; they went with
    `drop` and were emptied with `keep`. `removed_by_kind`: a row counts in each kind that covered it.
    `rows_without_login`: all of them where the shard has no column for the logins that its schema speaks of.
    """

    rows_in: int
    rows_out: int
    rows_emptied: int
    rows_shared: int
    files_removed: int | None
    events_removed: int
    is_unchanged: bool
    removed_by_kind: Mapping[str, int]
    by_rule: Mapping[int, RuleCount]
    rows_without_login: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it; `from_json` undoes it."""
        return self.figures() | {"counts": {rule: _COUNTS(count) for rule, count in self.by_rule.items()}}

    def figures(self) -> dict[str, Any]:
        """Return all but what is told rule by rule."""
        names = (field.name for field in fields(self))
        return {name: getattr(self, name) for name in names if name != "by_rule"}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ShardResult":
        """Return what `to_json` was made from; raises KeyError or TypeError for anything else."""
        figures = dict(stored)
        counts = figures.pop("counts")
        return cls(**figures, by_rule={int(rule): RuleCount(*count) for rule, count in counts.items()})


def unchanged(*, rows_in: int, lacks_logins: bool) -> ShardResult:
    """Return the figures of a shard in which nothing can be covered."""
    return ShardResult(rows_in, rows_in, 0, 0, 0, 0, True, {}, {}, rows_in if lacks_logins else 0)


def count(cursor: duckdb.DuckDBPyConnection, *, rows_in: int, lacks_logins: bool) -> ShardResult:
    """Return the figures of the shard whose rows were found on this cursor (see `matching`)."""
    [(removed, files, emptied, shared)] = cursor.execute("""
        SELECT count(*) FILTER (NOT is_kept), sum(files) FILTER (NOT is_kept), count(*) FILTER (is_kept),
               count(*) FILTER (is_shared) FROM rows""").fetchall()
    [(events,)] = cursor.execute(
        "SELECT count(*) FROM (SELECT DISTINCT row, position FROM events WHERE row NOT IN (SELECT row FROM rows))"
    ).fetchall()
    kinds = cursor.execute("""
        SELECT kind, count(DISTINCT row) FROM hits JOIN rows USING (row) WHERE NOT is_kept
        GROUP BY kind ORDER BY kind""").fetchall()
    return ShardResult(
        rows_in=rows_in,
        rows_out=rows_in - removed,
        rows_emptied=emptied,
        rows_shared=shared,
        files_removed=files if removed else 0,
        events_removed=events,
        is_unchanged=not (removed or emptied or events),
        removed_by_kind=dict(kinds),
        by_rule=_by_rule(cursor),
        rows_without_login=rows_in if lacks_logins else 0,
    )


def _by_rule(cursor: duckdb.DuckDBPyConnection) -> dict[int, RuleCount]:
    """At most as many as there are rules, of which the run holds every one anyway."""
    counted = cursor.execute("""
        WITH once AS (
            SELECT DISTINCT rule, row, NULL AS position FROM hits UNION ALL
            SELECT DISTINCT rule, row, position FROM events WHERE row NOT IN (SELECT row FROM rows))
        SELECT rule, count(*) FILTER (NOT is_kept), sum(files) FILTER (NOT is_kept), count(*) FILTER (is_kept),
               count(position)
        FROM once LEFT JOIN rows USING (row) GROUP BY rule ORDER BY rule""").fetchall()
    return {
        rule: RuleCount(removed, files if removed else 0, emptied, events)
        for rule, removed, files, emptied, events in counted
    }
