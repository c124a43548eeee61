"""Is an index folder whole: its manifest, and its files against it."""

from pathlib import Path

from .errors import IndexBroken
from .manifest import MANIFEST_NAME, IndexFile, IndexManifest, bucket_name, sha256_of

_MAGIC = b"PAR1"


def read_manifest(folder: Path, *, verify: bool) -> IndexManifest:
    """Return the manifest of a whole index; raises IndexBroken. `verify` reads every file to compare its SHA-256.

    Without it a file is only looked at from outside: is it there, is its size right, does it end as Parquet does.
    """
    path = folder / MANIFEST_NAME
    try:
        manifest = IndexManifest.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise IndexBroken(f"{folder} is no index: {MANIFEST_NAME} is missing or cannot be read.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexBroken(f"{path} is damaged or of another format.") from error
    expected = [bucket_name(number) for number in range(len(manifest.contents))]
    if not expected or [file.name for file in manifest.contents] != expected:
        raise IndexBroken(f"{path} does not name the files {bucket_name(0)} and so on.")
    for file in manifest.contents:
        _check_file(folder / file.name, file, verify=verify)
    if verify:
        _check_rows(folder, manifest)
    return manifest


def _check_file(path: Path, expected: IndexFile, *, verify: bool) -> None:
    if not path.is_file():
        raise IndexBroken(f"{path} is missing.")
    size = path.stat().st_size
    if size != expected.bytes:
        raise IndexBroken(f"{path} has {size:,} bytes, but the manifest says {expected.bytes:,}.")
    with path.open("rb") as stream:
        stream.seek(-min(len(_MAGIC), size), 2)
        if stream.read() != _MAGIC:
            raise IndexBroken(f"{path} cannot be read as Parquet.")
    if verify and sha256_of(path) != expected.sha256:
        raise IndexBroken(f"{path} was changed: its SHA-256 is not the one in the manifest.")


def _check_rows(folder: Path, manifest: IndexManifest) -> None:
    rows = sum(_rows_in(folder / file.name) for file in manifest.contents)
    if rows != manifest.repositories:
        raise IndexBroken(
            f"{folder} has {rows:,} repositories, but its manifest says {manifest.repositories:,}."
        )


def _rows_in(path: Path) -> int:
    # Here, because look-ups alone never need it, and it takes longer to import than they take.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            return int(file.metadata.num_rows)
    except (pa.ArrowException, OSError) as error:
        raise IndexBroken(f"{path} cannot be read as Parquet.") from error
