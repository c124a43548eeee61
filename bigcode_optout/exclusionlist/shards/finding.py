"""The shards that a run is about, each under the name that it keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import InputRefused

SUFFIX = ".parquet"
_TABLES = {".arrow", ".avro", ".csv", ".feather", ".jsonl", ".ndjson", ".orc", ".tsv"}
_PACKED = {".7z", ".bz2", ".gz", ".tar", ".xz", ".zip", ".zst"}
_OTHER_DATA = frozenset(_TABLES | _PACKED)
"""What a dataset's rows could stand in, too; cards, pictures and JSON of figures are passed over."""


@dataclass(frozen=True, slots=True)
class Shard:
    """`name` is the path within its input folder, with forward slashes; of a file given alone, its name."""

    name: str
    path: Path


def find_shards(inputs: Sequence[Path]) -> list[Shard]:
    """Return every Parquet file of the inputs (files, or folders with all below them), sorted by name.

    Hidden files and folders are passed over: unfinished downloads stand there. Raises InputRefused for an
    input that is not there, for two shards of one name, where there is no shard at all, and for what would not be
    looked at: a link to a folder below an input, and data that is not Parquet.
    """
    found: dict[str, Path] = {}
    for shard in (shard for given in inputs for shard in _below(given)):
        if shard.name in found:
            raise InputRefused(
                f"Two shards have the name {shard.name}: {found[shard.name]} and {shard.path}."
            )
        found[shard.name] = shard.path
    if not found:
        raise InputRefused(f"There is no file *{SUFFIX} in {', '.join(map(str, inputs))}.")
    return [Shard(name, path) for name, path in sorted(found.items())]


def _below(given: Path) -> Iterator[Shard]:
    if given.is_file():
        yield Shard(given.name, given)
        return
    if not given.is_dir():
        raise InputRefused(f"{given} is neither a file nor a folder.")
    for path in given.rglob("*"):
        inner = path.relative_to(given)
        if any(part.startswith(".") for part in inner.parts):
            continue
        if path.is_symlink() and path.is_dir():
            raise InputRefused(
                f"{path} is a link to a folder, and would not be looked at. Name that folder itself."
            )
        if path.is_file() and path.suffix.lower() == SUFFIX:
            yield Shard(inner.as_posix(), path)
        elif path.is_file() and path.suffix.lower() in _OTHER_DATA:
            raise InputRefused(
                f"{path} is data that is not Parquet, and would not be looked at. Take it away."
            )
