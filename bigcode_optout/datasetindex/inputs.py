"""Which files to read: from files, folders and globs to a list of Parquet files with their columns."""

import glob
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import IndexBuildError


@dataclass(frozen=True, slots=True)
class InputFile:
    """A readable Parquet file: `bytes` on disk, number of rows, Arrow schema from its footer."""

    path: Path
    bytes: int
    rows: int
    schema: pa.Schema


def find_inputs(inputs: Sequence[Path]) -> list[InputFile]:
    """Return each Parquet file under `inputs` once, in order of path, with its footer read.

    Raises IndexBuildError for a path that is not there, a folder without Parquet files, an empty or
    truncated file, and for files that hold no row at all.
    """
    if not inputs:
        raise IndexBuildError("No input was named: give Parquet files, folders or glob patterns.")
    paths = {path.resolve(): path for given in inputs for path in _expand(Path(given))}
    files = [_read_footer(path) for path in sorted(paths.values())]
    if not any(file.rows for file in files):
        raise IndexBuildError(
            f"{_name_some(file.path for file in files)} have no rows, so there is nothing to index."
        )
    return files


def _expand(given: Path) -> list[Path]:
    if given.is_file():
        return [given]
    if given.is_dir():
        found = [path for path in sorted(given.rglob("*.parquet")) if path.is_file() and path.name[0] != "."]
        if not found:
            raise IndexBuildError(f"The folder {given} has no Parquet files (*.parquet).")
        return found
    matched = sorted(Path(name) for name in glob.glob(str(given), recursive=True))  # noqa: PTH207 - absolute patterns
    if not matched:
        raise IndexBuildError(f"There is no file or folder {given}.")
    return [path for match in matched for path in _expand(match)]


def _read_footer(path: Path) -> InputFile:
    size = path.stat().st_size
    if size == 0:
        raise IndexBuildError(f"{path} is empty (0 bytes), not a Parquet file.")
    try:
        with pq.ParquetFile(path) as file:
            return InputFile(path, size, file.metadata.num_rows, file.schema_arrow)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise IndexBuildError(
            f"{path} cannot be read as Parquet: it is cut short, damaged or of another format "
            f"({first_line(error)})."
        ) from error


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, without its final full stop."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _name_some(paths: Iterable[Path]) -> str:
    listed = [str(path) for path in paths]
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
