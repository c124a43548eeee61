"""Which files to read: from files, folders and globs to a list of files with their columns."""

import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import IndexBuildError

GZIP_MAGIC = b"\x1f\x8b"

_JSON_BYTES_PER_NAME = 8
"""Of gzip JSON; 9.8 where it was measured, and a low guess makes the estimate of the rows a high one."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A readable file: `bytes` on disk, number of rows, Arrow schema from the footer of a Parquet file.

    A JSON file (`is_json`) has no schema, and `rows` is estimated: how many it has is known when it was read.
    """

    path: Path
    bytes: int
    rows: int
    schema: pa.Schema
    is_json: bool = False

    @property
    def columns(self) -> list[str]:
        """The names of the columns at the top."""
        return list(self.schema.names)


def sql_path(file: InputFile) -> str:
    """Return SQL that scans a Parquet file: brackets, stars and quotes in its path are just letters, and
    folders called `key=value` add no column.
    """
    path = glob.escape(str(file.path)).replace("'", "''")
    return f"read_parquet('{path}', hive_partitioning = false)"


def find_inputs(inputs: Sequence[Path]) -> list[InputFile]:
    """Return each file under `inputs` once, in order of path, with the footer of a Parquet file read.

    A folder gives its Parquet files or, where it has none, its gzip JSON files, also those in linked folders;
    hidden ones are passed over. Raises IndexBuildError for a path that is not there or not readable, a folder
    without such files, an empty or truncated file, and for files that hold no row at all.
    """
    if not inputs:
        raise IndexBuildError("No input was named: give Parquet files, folders or glob patterns.")
    try:
        paths = {path.resolve(): path for given in inputs for path in _expand(Path(given))}
        files = [_describe(path) for path in sorted(paths.values())]
    except OSError as error:
        raise IndexBuildError(
            f"{error.filename} cannot be read: {error.strerror or type(error).__name__}."
        ) from error
    if not any(file.rows for file in files):
        raise IndexBuildError(
            f"There is no row in {_name_some(file.path for file in files)}, so there is nothing to index."
        )
    return files


def _expand(given: Path) -> list[Path]:
    if given.is_file():
        return [given]
    if given.is_dir():
        found = _visible(given, ".parquet") or _visible(given, ".json.gz")
        if not found:
            raise IndexBuildError(f"The folder {given} has no Parquet files (*.parquet) and no *.json.gz.")
        return found
    # A link that leads nowhere and a pipe have a name that matches, and nothing to read twice.
    matched = [
        path
        for name in sorted(glob.glob(str(given), recursive=True))  # noqa: PTH207 - absolute patterns
        if (path := Path(name)).is_file() or path.is_dir()
    ]
    if not matched:
        raise IndexBuildError(f"There is no file or folder {given}.")
    return [path for match in matched for path in _expand(match)]


def _visible(folder: Path, ending: str) -> list[Path]:
    """Return the files below a folder whose name ends so, in any letter case."""
    return [path for path in sorted(_files_below(folder, set())) if path.name.lower().endswith(ending)]


def _files_below(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield every file, through links to folders, too: what is left out unseen would read as “not in the dataset”."""
    real = folder.resolve()
    if real in seen:
        return
    seen.add(real)
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files_below(path, seen)
        elif path.is_file():
            yield path


def _describe(path: Path) -> InputFile:
    size = path.stat().st_size
    if size == 0:
        raise IndexBuildError(f"{path} is empty (0 bytes), not a Parquet file.")
    if _is_json(path):
        return InputFile(path, size, size // _JSON_BYTES_PER_NAME + 1, pa.schema([]), is_json=True)
    return _read_footer(path, size)


def _is_json(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(64)
    return head.startswith(GZIP_MAGIC) or head.lstrip()[:1] == b"{"


def _read_footer(path: Path, size: int) -> InputFile:
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
