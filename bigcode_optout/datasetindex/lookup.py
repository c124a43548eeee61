"""The command `lookup`: what stands in an index under some names."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bigcode_optout.names import OwnerName, RepositoryName, parse

from .index import open_index
from .records import IndexedRepository


def look_up(folder: Path, names: Sequence[str]) -> list[IndexedRepository]:
    """Return each repository under the names (logins, `owner/name` or addresses) once, in order of name.

    Raises NameRefused and IndexBroken.
    """
    asked = [parse(name) for name in names]
    with open_index(folder) as index:
        matches = index.find(
            owners=[name.key for name in asked if isinstance(name, OwnerName)],
            repositories=[name.key for name in asked if isinstance(name, RepositoryName)],
        )
        found = [match.repository for match in matches]
    return sorted(
        found, key=lambda repository: (repository.repo_key, repository.repo_name, repository.repo_id or 0)
    )


def as_json(found: Sequence[IndexedRepository]) -> str:
    """Return the repositories as a JSON list of objects."""
    rows: list[dict[str, Any]] = [repository.as_dict() for repository in found]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def show_table(found: Sequence[IndexedRepository]) -> None:
    """Print the repositories as a table with a line of sums."""
    console = Console()
    if not found:
        console.print("Nothing under these names is in this index.")
        return
    table = Table("Repository", "Id", show_footer=True)
    for heading, total in (
        ("Files", sum(repository.files for repository in found)),
        ("Bytes", sum(repository.bytes for repository in found)),
    ):
        table.add_column(heading, justify="right", footer=f"{total:,}")
    table.add_column("Languages")
    for repository in found:
        table.add_row(
            repository.repo_name,
            str(repository.repo_id or ""),
            f"{repository.files:,}",
            f"{repository.bytes:,}",
            escape(", ".join(share.language or "" for share in repository.languages)),
        )
    console.print(table)
