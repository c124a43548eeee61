"""DuckDB with the list's rules loaded: one database for a run, one cursor for each shard."""

import threading
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from ..rules import OWNER, Rule
from ..shards import InputRefused
from ..shards.errors import reason
from .asked_names import AskedNames
from .layout import LAYOUTS
from .options import Options


class Engine:
    """The tables `owners`, `repositories` (folded name → rule), `ids` (repository id → rule); all names in `asked`.

    A rule is named by its place in the list's total order. Only rules that ask for the schema's kind of
    record are in, and a name only if it holds on the data date; a number has no date.
    """

    def __init__(self, rules: Iterable[Rule], options: Options, *, spill: Path) -> None:
        self._memory_limit, self._spill = options.memory_limit, spill
        self._keys = _keys_of(rules, options)
        owners, repositories, ids = (self._keys[name]["key"] for name in ("owners", "repositories", "ids"))
        self.asked = AskedNames(owners, repositories, has_ids=len(ids) > 0)
        self._database: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection that sees the tables and has temporary ones of its own.

        The database is opened with the first one, which shards without any name that is asked for do not wait for.
        Raises InputRefused where it cannot be.
        """
        with self._lock:
            if self._database is None:
                self._database = self._open()
            return self._database.cursor()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._database is not None:
            self._database.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        try:
            database = duckdb.connect(
                config={
                    "memory_limit": self._memory_limit,
                    "threads": 2,
                    "temp_directory": str(self._spill),
                    "autoinstall_known_extensions": False,
                    "python_enable_replacements": False,
                    "preserve_insertion_order": False,
                }
            )
            database.execute("SET enable_progress_bar = false")
            # The smallest and largest value in a Parquet footer leave NaN out. DuckDB 2.0.0 takes them as the
            # truth about the column, and then a NaN among float ids comes out as an invented id.
            database.execute("SET disabled_optimizers = 'statistics_propagation,compressed_materialization'")
            for name, keys in self._keys.items():
                database.register("incoming", keys)
                database.execute(f"CREATE TABLE {name} AS FROM incoming")
                database.unregister("incoming")
        except duckdb.Error as error:
            raise InputRefused(f"DuckDB could not be started: {reason(error)}.") from error
        return database


def _keys_of(rules: Iterable[Rule], options: Options) -> dict[str, pa.Table]:
    asked = attrgetter(LAYOUTS[options.schema].scope_kind)
    owners, repositories, ids = _Keys(pa.string()), _Keys(pa.string()), _Keys(pa.int64())
    for number, rule in enumerate(rules):
        if not asked(rule):
            continue
        until = rule.name_valid_until
        if until is None or (options.data_date is not None and options.data_date <= until):
            (owners if rule.kind == OWNER else repositories).add(rule.name_key, number)
        if rule.repo_id is not None:
            ids.add(rule.repo_id, number)
    return {"owners": owners.table(), "repositories": repositories.table(), "ids": ids.table()}


class _Keys:
    """Keys and their rules, column by column: pairs would be a million small objects for the collector to walk."""

    def __init__(self, type_: pa.DataType) -> None:
        self._type, self._keys, self._rules = type_, list[str | int](), list[int]()

    def add(self, key: str | int, rule: int) -> None:
        self._keys.append(key)
        self._rules.append(rule)

    def table(self) -> pa.Table:
        return pa.table({"key": pa.array(self._keys, self._type), "rule": pa.array(self._rules, pa.int32())})
