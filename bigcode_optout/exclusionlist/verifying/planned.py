"""What a planned release consists of: shards of any schema, or the desk's index of it."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from ..shards import InputRefused, Shard, ShardBroken, find_shards
from ..shards.errors import reason

INDEX = "index"
_MANIFEST = "manifest.json"
_FOLDER = "repositories"
_INDEX_FORMAT = 2
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Planned:
    """Shards of one kind. `schema` is None where each shard tells its own."""

    shards: tuple[Shard, ...]
    schema: str | None
    data_date: date | None


def planned(inputs: Sequence[Path], *, schema: str | None, data_date: date | None) -> list[Planned]:
    """Return what the inputs are: each index by itself, all other shards together.

    An index is a folder with `manifest.json` and `repositories`, as `python -m bigcode_optout.datasetindex build`
    writes it; it knows its data date. No two shards have one name. Raises InputRefused, also for two data dates that
    contradict each other, and ShardBroken for an index that is not whole: what is missing there was not looked at.
    """
    indexes = [given for given in inputs if (given / _MANIFEST).is_file() and (given / _FOLDER).is_dir()]
    others = [given for given in inputs if given not in indexes]
    found = [_index(folder, data_date) for folder in indexes]
    if others or not indexes:
        found.append(Planned(tuple(find_shards(others)), schema, data_date))
    _refuse_twins([shard for kind in found for shard in kind.shards])
    return found


def _refuse_twins(shards: Sequence[Shard]) -> None:
    """Findings are gathered by name, so of two shards of one name one would not be heard of."""
    names = Counter(shard.name for shard in shards)
    if twins := [name for name, count in names.items() if count > 1]:
        raise InputRefused(f"Two shards have the name {twins[0]}. Give every index and folder once.")


def _index(folder: Path, data_date: date | None) -> Planned:
    manifest = _manifest(folder)
    try:
        day = date.fromisoformat(manifest["data_date"])
        shards = tuple(_whole(folder, entry) for entry in manifest["contents"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise InputRefused(f"{folder / _MANIFEST} is not that of an index.") from wrong
    if data_date not in (None, day):
        raise InputRefused(f"{folder} stands for {day}, not for {data_date}.")
    return Planned(shards, INDEX, day)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        stored = json.loads((folder / _MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError) as wrong:
        raise InputRefused(f"{folder / _MANIFEST} is not that of an index.") from wrong
    if not isinstance(stored, dict) or stored.get("format") != _INDEX_FORMAT:
        raise InputRefused(f"{folder} is not an index of format {_INDEX_FORMAT}, the one this tool reads.")
    return stored


def _whole(folder: Path, entry: dict[str, Any]) -> Shard:
    inner = PurePosixPath(entry["name"])
    if inner.is_absolute() or ".." in inner.parts:
        raise ValueError("a file outside the folder")
    path, digest = folder / inner, hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ShardBroken(f"{path} cannot be read: {reason(error)}.") from error
    if digest.hexdigest() != entry["sha256"]:
        raise ShardBroken(f"{path} is not the file that the index was built with: its SHA-256 differs.")
    # By its whole path: two indexes may lie in folders of one name.
    return Shard(path.as_posix(), path)
