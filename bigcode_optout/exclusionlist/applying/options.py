"""What a run is told beside list and shards."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ..facts import SharedContent
from ..rules import Rule
from ..shards import InputRefused, tool_versions
from .layout import LAYOUTS, Schema


@dataclass(frozen=True, slots=True)
class Options:
    """`data_date`: the day that the dataset version's crawl stands for. `dataset_version` is only reported.

    `memory_limit` is DuckDB's, for the `jobs` shards together that are worked on at a time.
    """

    schema: Schema
    data_date: date | None = None
    dataset_version: str | None = None
    memory_limit: str = "1GB"
    jobs: int = 2


@dataclass(frozen=True, slots=True)
class Run:
    """One list on one dataset version: everything that decides what comes out of a shard."""

    options: Options
    rules: tuple[Rule, ...]
    canonical_sha256: str
    release: str
    shared_content: SharedContent
    signed_by: str | None = None

    def key(self) -> dict[str, Any]:
        """Return what must be equal for an interrupted run to be gone on with."""
        settings = asdict(self.options)
        day = self.options.data_date
        return {
            "list_sha256": self.canonical_sha256,
            "schema": settings["schema"],
            "data_date": day.isoformat() if day else None,
            "dataset_version": settings["dataset_version"],
            "shared_content": self.shared_content,
            "tool": tool_versions(),
        }


def refuse_dates_without_a_day(rules: Sequence[Rule], options: Options) -> None:
    """Raise InputRefused if a rule's name ends at a date and nobody said which day the data stands for."""
    kind = LAYOUTS[options.schema].scope_kind
    dated = (rule for rule in rules if rule.name_valid_until)
    if options.data_date is None and any(kind in rule.scope_kinds for rule in dated):
        raise InputRefused(
            "The list has names that hold only up to a date. Say with --data-date which day the dataset"
            " version stands for."
        )
