"""The manifest beside an index: what it was built from, what is in it, how to tell that it is whole."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MANIFEST_NAME = "manifest.json"
REPOSITORIES_FOLDER = "repositories"
FORMAT = 2
BUILDER_VERSION = "2"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file of the index: path inside its folder with `/`, size in bytes, SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RefusedNames:
    """How many different malformed names of one kind the dataset has, and how many file rows bear them."""

    names: int
    files: int


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What an index is, and what it holds.

    `has_sizes` and `has_repository_ids` tell whether the inputs had them; without sizes every `bytes` is 0.
    `has_files` is false for a list of names alone, where every `files` is 0. `refused` maps a kind (null, empty,
    not_ascii, control_character, space, no_slash, too_many_slashes, too_long, ghost, not_a_name) to its counts.
    `files` counts the file rows of the repositories in the index, without those. `contents` has the owner buckets
    in their order: `repositories/0000.parquet` and so on.
    """

    dataset: str
    version: str
    schema: str
    data_date: dt.date
    deduplicated: str
    has_repository_ids: bool
    has_sizes: bool
    has_files: bool
    repositories: int
    owners: int
    files: int
    bytes: int
    refused: Mapping[str, RefusedNames]
    contents: tuple[IndexFile, ...]
    builder_version: str = BUILDER_VERSION
    writer: str = ""

    @property
    def build_id(self) -> str:
        """Sixteen hex digits that differ between builds with different content; the same for equal ones."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def as_dict(self) -> dict[str, Any]:
        """Return what stands in `manifest.json`."""
        fields = {"format": FORMAT, **asdict(self)}
        fields["data_date"] = self.data_date.isoformat()
        fields["contents"] = [asdict(file) for file in self.contents]
        return fields

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "IndexManifest":
        """Read `manifest.json`; raises ValueError, KeyError or TypeError where it is not one of this
        format.
        """
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, found: Any) -> "IndexManifest":
        """The inverse of `as_dict`; raises as `from_json` does."""
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise ValueError("not an index manifest of this format")
        fields = {name: value for name, value in found.items() if name != "format"}
        fields["data_date"] = dt.date.fromisoformat(fields["data_date"])
        fields["refused"] = {kind: RefusedNames(**counts) for kind, counts in fields["refused"].items()}
        fields["contents"] = tuple(IndexFile(**file) for file in fields["contents"])
        return cls(**fields)


def bucket_name(number: int) -> str:
    """Return the path of an owner bucket inside the folder of an index."""
    return f"{REPOSITORIES_FOLDER}/{number:04d}.parquet"


def describe(path: Path, name: str) -> IndexFile:
    """Return what a manifest says about the file at `path` under `name`."""
    return IndexFile(name, path.stat().st_size, sha256_of(path))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
