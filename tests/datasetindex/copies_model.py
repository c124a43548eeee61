"""Inputs for the pass over copies, and a plain model of what it must find."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bigcode_optout.datasetindex import build
from bigcode_optout.datasetindex.copies import Copies, build_copies, open_copies
from bigcode_optout.names import REPOSITORY_PATTERN, fold

from .dataset import DATA_DATE

Held = tuple[str | None, int | None, str | None]
"""A file: the repository's name, its id, the id of the content."""

Identity = tuple[str, int | None]

_V2 = pa.schema({"repo_name": pa.string(), "github_id": pa.int64(), "content_id": pa.string()})


@dataclass(frozen=True)
class Truth:
    """What a repository has, with nothing left out: `widest` is the most owners of one copied content."""

    files: int
    copied_files: int
    owners: int
    copied_contents: int
    widest: int


def truth(files: Iterable[Held]) -> dict[Identity, Truth]:
    """Count with sets what the pass counts with partitions."""
    holders: dict[str, set[str]] = defaultdict(set)
    contents: dict[Identity, list[str]] = defaultdict(list)
    for name, number, content in files:
        if name is None or content is None or not is_valid(name):
            continue
        holders[content].add(owner_of(name))
        contents[name, number].append(content)
    return {each: _truth(owner_of(each[0]), held, holders) for each, held in contents.items()}


def _truth(owner: str, held: list[str], holders: dict[str, set[str]]) -> Truth:
    copied = [content for content in held if holders[content] != {owner}]
    others = set().union(*(holders[content] for content in copied)) - {owner}
    widest = max((len(holders[content]) for content in copied), default=0)
    return Truth(len(held), len(copied), len(others), len(set(copied)), widest)


def is_valid(name: str) -> bool:
    return bool(re.fullmatch(REPOSITORY_PATTERN, name)) and owner_of(name) != "ghost"


def owner_of(name: str) -> str:
    return fold(name).partition("/")[0]


def write_v2(path: Path, files: Iterable[Held]) -> Path:
    """Write files in the columns of v2 that the pass reads."""
    names = _V2.names
    rows: list[dict[str, Any]] = [dict(zip(names, each, strict=True)) for each in files]
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=_V2), path)
    return path


def indexed(folder: Path, inputs: list[Path], *, schema: str = "v2", deduplicated: str = "no") -> Path:
    """Build an index of these files and return its folder."""
    output = folder / "index"
    build(
        inputs,
        output=output,
        data_date=DATA_DATE,
        schema=schema,
        deduplicated=deduplicated,
        has_store=False,
        threads=1,
    )
    return output


def counted(folder: Path, files: Iterable[Held], **options: Any) -> Copies:
    """Write files, build an index, count the copies and open the result."""
    source = write_v2(folder / "input" / "rows.parquet", files)
    index = indexed(folder, [source])
    build_copies(index, [source], **options)
    return opened(index)


def opened(index: Path) -> Copies:
    """Open a result that must be there."""
    copies = open_copies(index, verify=True)
    assert copies is not None
    return copies
