"""Read the result of a pass over copies: what is known of the repositories of one owner."""

import hashlib
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bigcode_optout.names import match_key

from ..errors import IndexBroken
from ..manifest import MANIFEST_NAME, IndexFile, sha256_of
from ..opened import read_manifest
from .manifest import CopiesManifest

logger = logging.getLogger(__name__)

_COLUMNS = (
    "repo_name",
    "owner_key",
    "repo_key",
    "repo_id",
    "files_counted",
    "copied_files",
    "copy_owners",
    "is_at_least",
)


@dataclass(frozen=True, slots=True)
class RepositoryCopies:
    """How many files of a repository also stand in repositories of other owners, and of how many of these.

    `files_counted` are its files whose content is known, each of which counts, equal ones too;
    `copied_files` are those of them that stand elsewhere; `copy_owners` the other owners, all together. With
    `is_at_least` there may be more owners than that.
    """

    repo_name: str
    owner_key: str
    repo_key: str
    repo_id: int | None
    files_counted: int
    copied_files: int
    copy_owners: int
    is_at_least: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)


def copies_folder(index_path: Path) -> Path:
    """Return where the result for an index stands: beside its folder."""
    return index_path.with_name(index_path.name + ".copies")


def bucket_name(bucket: int) -> str:
    return f"{bucket:04}.parquet"


def open_copies(index_path: Path, *, build_id: str | None = None, verify: bool = False) -> "Copies | None":
    """Return what was counted for the index in `index_path`.

    None if nothing was counted or if it cannot be relied on: it belongs to another build or is damaged; the
    log says which. `build_id` is the index's, read from it by default; then IndexBroken is raised if the
    index is broken. `verify` compares the SHA-256 sums too.
    """
    index_path = Path(index_path)
    folder = copies_folder(index_path)
    if not folder.exists():
        return None
    if build_id is None:
        build_id = read_manifest(index_path, verify=False).build_id
    try:
        return Copies(folder, read_copies_manifest(folder, build_id, verify=verify))
    except IndexBroken as error:
        logger.error("Copies elsewhere are not shown: %s", error)
        return None


class Copies:
    """Answers from one result. Nothing is kept open, so it may be shared by threads and kept over a fork."""

    def __init__(self, folder: Path, manifest: CopiesManifest) -> None:
        self.manifest = manifest
        self._folder = folder

    def of_owner(self, login: str) -> list[RepositoryCopies] | None:
        """Return the repositories under a login that could be measured, in order of name; any letter case.

        One that is not in the list has no content ids: not measurable. None, and a line in the log, if the
        file has become unreadable.
        """
        key = match_key(login)
        return [] if key is None else self._rows([("owner_key", "==", key)], key)

    def of_repository(self, full_name: str) -> list[RepositoryCopies] | None:
        """Return what is known of every spelling and id of an `owner/name`; like `of_owner` otherwise."""
        key = match_key(full_name)
        if key is None:
            return []
        owner_key = key.partition("/")[0]
        return self._rows([("owner_key", "==", owner_key), ("repo_key", "==", key)], owner_key)

    def _rows(self, filters: list[tuple[str, str, str]], owner_key: str) -> list[RepositoryCopies] | None:
        path = self._folder / bucket_name(_bucket_of(owner_key, len(self.manifest.contents)))
        try:
            # Sorted by owner, so the row groups' statistics leave one or two to be read.
            table = pq.read_table(
                path, columns=list(_COLUMNS), filters=filters, partitioning=None, use_threads=False
            )
        except (pa.ArrowException, OSError) as error:
            logger.error("Copies elsewhere are not shown: %s cannot be read (%s)", path, type(error).__name__)
            return None
        return [RepositoryCopies(**row) for row in table.to_pylist()]


def _bucket_of(owner_key: str, buckets: int) -> int:
    # The same number as DuckDB's md5_number_lower: the last eight bytes, lowest first.
    digest = hashlib.md5(owner_key.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") % buckets


def read_copies_manifest(folder: Path, build_id: str, *, verify: bool) -> CopiesManifest:
    """Return the manifest of a whole result of this build; raises IndexBroken with a sentence."""
    path = folder / MANIFEST_NAME
    try:
        manifest = CopiesManifest.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise IndexBroken(f"{path} is missing or cannot be read.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexBroken(f"{path} is damaged or of another format.") from error
    if manifest.build_id != build_id:
        raise IndexBroken(f"{folder} belongs to the build {manifest.build_id}, not to {build_id}.")
    if [file.name for file in manifest.contents] != [bucket_name(n) for n in range(len(manifest.contents))]:
        raise IndexBroken(f"{path} does not name the files of a result.")
    for file in manifest.contents:
        _check(folder / file.name, file, verify=verify)
    return manifest


def _check(path: Path, expected: IndexFile, *, verify: bool) -> None:
    size = path.stat().st_size if path.is_file() else None
    if size != expected.bytes:
        raise IndexBroken(f"{path} is missing or has another size than the manifest says.")
    if verify and sha256_of(path) != expected.sha256:
        raise IndexBroken(f"{path} was changed: its SHA-256 is not the one in the manifest.")
