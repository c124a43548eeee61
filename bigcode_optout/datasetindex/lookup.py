"""The command `lookup`: what stands in an index under some names."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bigcode_optout.names import OwnerName, RepositoryName, parse

from .index import open_index
from .records import IndexedRepository


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The repositories found, in order of name; the names under which nothing is; what the index recorded at all."""

    repositories: list[IndexedRepository]
    absent: list[str]
    has_files: bool
    has_sizes: bool


def look_up(folder: Path, names: Sequence[str]) -> LookedUp:
    """Look for each of the names (logins, `owner/name` or addresses); a repository is found once.

    Raises NameRefused and IndexBroken.
    """
    asked = [parse(name) for name in names]
    with open_index(folder) as index:
        matches = index.find(
            owners=[name.key for name in asked if isinstance(name, OwnerName)],
            repositories=[name.key for name in asked if isinstance(name, RepositoryName)],
        )
        found = [match.repository for match in matches]
        manifest = index.manifest
    keys = {key for repository in found for key in (repository.owner_key, repository.repo_key)}
    return LookedUp(
        sorted(found, key=lambda one: (one.repo_key, one.repo_name, one.repo_id or 0)),
        [name.shown for name in asked if name.key not in keys],
        manifest.has_files,
        manifest.has_sizes,
    )


def as_json(found: LookedUp) -> str:
    """Return the repositories as a JSON list of objects; what the index did not record is null."""
    return json.dumps([_row(each, found) for each in found.repositories], indent=2, ensure_ascii=False)


def _row(repository: IndexedRepository, found: LookedUp) -> dict[str, Any]:
    unknown = {"files": found.has_files, "bytes": found.has_sizes}
    return repository.as_dict() | {name: None for name, is_known in unknown.items() if not is_known}


def show_table(found: LookedUp) -> None:
    """Print the repositories as a table with a line of sums, then the names under which there is nothing."""
    console = Console()
    if found.repositories:
        console.print(_table(found))
    for name in found.absent:
        console.print(f"Nothing under {name} is in this index.", markup=False, highlight=False)


def _table(found: LookedUp) -> Table:
    rows = found.repositories
    table = Table("Repository", "Id", show_footer=True)
    for heading, total, is_known in (
        ("Files", sum(each.files for each in rows), found.has_files),
        ("Bytes", sum(each.bytes for each in rows), found.has_sizes),
    ):
        table.add_column(heading, justify="right", footer=_number(total, is_known))
    table.add_column("Languages")
    for each in rows:
        table.add_row(
            each.repo_name,
            str(each.repo_id or ""),
            _number(each.files, found.has_files),
            _number(each.bytes, found.has_sizes),
            escape(", ".join(share.language or "" for share in each.languages)),
        )
    return table


def _number(number: int, is_known: bool) -> str:
    return f"{number:,}" if is_known else "–"
