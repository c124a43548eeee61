"""Which contents stand in which repositories: one input file as a relation, whatever its schema."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from bigcode_optout.names import DATASET_COLUMNS, DatasetColumns

from ..errors import IndexBuildError
from ..inputs import InputFile, find_inputs, sql_path
from ..readers import values
from ..readers.holder_rows import match_key_or_name
from ..readers.leaves import leaf_names, leaf_rows
from ..readers.wanted import NUMBER, TEXT, Wanted, check_wanted, refuse_inexact_ids, steps


class Contents:
    """Reads the content ids of one schema. Raises IndexBuildError for a schema that has none."""

    def __init__(self, schema: str) -> None:
        columns = DATASET_COLUMNS.get(schema)
        if columns is None or columns.content_id is None:
            known = ", ".join(name for name, each in DATASET_COLUMNS.items() if each.content_id)
            raise IndexBuildError(
                f"The schema “{schema}” has no ids of contents, so copies elsewhere cannot be counted. "
                f"Schemas that have them are: {known}."
            )
        self._columns: DatasetColumns = columns
        self._ids = ((columns.files,) if columns.files else ()) + steps(columns.content_id)
        self._wanted = (
            *(Wanted(steps(name), name, TEXT, is_required=True) for name in columns.names),
            Wanted(steps(columns.repository_id), "repo_id", NUMBER),
            Wanted(steps(columns.file_count), "files", NUMBER),
            Wanted(self._ids, "content", TEXT, is_required=True),
        )

    def find(self, inputs: Sequence[Path]) -> list[InputFile]:
        """Return the input files in order of path; raises IndexBuildError naming a file and its column."""
        files = find_inputs(inputs)
        for file in files:
            check_wanted(file, self._wanted)
        return files

    def count(self, file: InputFile) -> int:
        """Return how many rows of `held` the file gives at most, from its footer alone."""
        if not self._columns.files:
            return file.rows * len(self._columns.names)
        with pq.ParquetFile(file.path) as parquet:
            [leaf] = leaf_names(parquet, [self._ids])
            metadata = parquet.metadata
            position = [metadata.schema.column(i).path for i in range(metadata.num_columns)].index(leaf)
            groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
            return sum(group.column(position).num_values for group in groups)

    @contextmanager
    def names(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> Iterator[duckdb.DuckDBPyRelation]:
        """Yield `repo_name` (null and malformed ones too) and `repo_id` (0 for none), to be read once."""
        if self._columns.files:
            paths = [steps(self._columns.names[0]), steps(self._columns.repository_id)]
            with leaf_rows(connection, file, paths) as rows:
                yield rows.query("leaves", f"SELECT {self._name_and_id(file)} FROM leaves")  # noqa: S608 - our names
        else:
            with self.held(connection, file) as rows:
                yield rows.project("repo_name, repo_id")

    @contextmanager
    def held(
        self, connection: duckdb.DuckDBPyConnection, file: InputFile
    ) -> Iterator[duckdb.DuckDBPyRelation]:
        """Yield `repo_name`, `repo_id`, `content`, `files` for each file and each repository that holds it.

        `content` is null where the id is missing. `files` is 1; in a row that stands for a repository whose
        files are counted but not listed it is their number. To be read once.
        """
        present = check_wanted(file, self._wanted)
        if "repo_id" in present:
            refuse_inexact_ids(connection, file, self._columns.repository_id or "")
        if not self._columns.files:
            yield connection.sql(self._flat(file))
            return
        paths = [want.path for want in self._wanted if want.part in present]
        with leaf_rows(connection, file, paths) as rows:
            yield rows.query("leaves", self._listed(file, present))

    def _name_and_id(self, file: InputFile) -> str:
        column = self._columns.repository_id
        is_there = column in file.columns
        number = values.repository_id(f'"{column}"') if is_there else "0"
        return (
            f'CAST("{self._columns.names[0]}" AS VARCHAR) AS repo_name, CAST({number} AS BIGINT) AS repo_id'
        )

    def _flat(self, file: InputFile) -> str:
        content = f'CAST("{self._columns.content_id}" AS VARCHAR) AS content, 1 AS files'
        if len(self._columns.names) == 1:
            return f"SELECT {self._name_and_id(file)}, {content} FROM {sql_path(file)}"  # noqa: S608 - our names
        return f"""SELECT unnest([{self._holders()}]) AS repo_name, 0::BIGINT AS repo_id, {content}
                   FROM {sql_path(file)}"""  # noqa: S608 - our names

    def _holders(self) -> str:
        """Return SQL for the repositories of a row, null for one that an earlier column names already.

        The reader of the index counts by the same rule: in any spelling it is one repository.
        """
        earlier: list[str] = []
        holders = []
        for name in self._columns.names:
            key = match_key_or_name(name)
            differs = " AND ".join(f"{key} IS DISTINCT FROM {other}" for other in earlier) or "true"
            holders.append(f'CASE WHEN {differs} THEN CAST("{name}" AS VARCHAR) END')
            earlier.append(key)
        return ", ".join(holders)

    def _listed(self, file: InputFile, present: frozenset[str]) -> str:
        counted = values.whole(f'"{self._columns.file_count}"') if "files" in present else "0"
        listed, field = self._ids
        return f"""SELECT repo_name, repo_id, unnest(CASE WHEN len(ids) > 0 THEN ids ELSE [NULL] END) AS content,
                          CASE WHEN len(ids) > 0 THEN 1 ELSE greatest(coalesce(counted, 0), 0) END AS files
                   FROM (SELECT {self._name_and_id(file)}, {counted} AS counted,
                                [CAST(file."{field}" AS VARCHAR) for file in "{listed}"] AS ids
                         FROM leaves)"""  # noqa: S608 - our names
