"""`python -m benchmarks.stores INDEX FOLDER`: the look-up store beside LMDB and SQLite with one blob an owner.

Each holds the same lines. LMDB and SQLite get one zstd blob for each owner, with a dictionary trained on the first
bucket; ours is what `store` writes, in one process here so that all three pack alike. Printed as a table for
docs/decisions/0009-look-up-store.md.
"""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import lmdb
import zstandard

from benchmarks.building import engine
from benchmarks.looking_up import FIRST, draw_owners, measure_look_ups
from benchmarks.measuring import size_of, timed
from bigcode_optout.datasetindex.lookup_store.folder import store_folder
from bigcode_optout.datasetindex.lookup_store.lines import LineReader, line_columns, line_sql
from bigcode_optout.datasetindex.lookup_store.rebuilding import rebuild_store

_DICTIONARY_BYTES = 112_640
_SAMPLES = 20_000
_BATCH = 10_000
_Blobs = Iterator[tuple[bytes, bytes]]


def main() -> None:
    """Pack, weigh and ask each."""
    index, folder = Path(sys.argv[1]), Path(sys.argv[2])
    owners = draw_owners(index)
    taken, _ = timed(lambda: rebuild_store(index, threads=1))
    ours = measure_look_ups(index, owners)
    print("| store | packing | disk | median | 99 % |\n|---|---|---|---|---|")
    _print("blocks in files of our own", taken, size_of(store_folder(index)), ours.median_ms, ours.p99_ms)
    dictionary = _train(index)
    for name, write, reader in (("LMDB", _write_lmdb, _read_lmdb), ("SQLite", _write_sqlite, _read_sqlite)):
        target = folder / name.lower()
        taken, _ = timed(lambda write=write, target=target: write(target, _blobs(index, dictionary)))
        median, p99 = _ask(reader(target), owners, dictionary, _columns(index))
        _print(f"{name}, a blob an owner", taken, size_of(target), median, p99)
        for file in target.iterdir() if target.is_dir() else [target]:
            file.unlink()


def _print(name: str, taken: float, size: int, median: float, p99: float) -> None:
    print(f"| {name} | {taken:,.0f} s | {size / 1e6:,.0f} MB | {median:.3f} ms | {p99:.3f} ms |", flush=True)


def _columns(index: Path) -> tuple[str, ...]:
    with engine() as connection:
        rows = connection.execute(f"DESCRIBE SELECT * FROM '{index}/repositories/0000.parquet'").fetchall()
    return line_columns([name for name, *_ in rows])


def _texts(index: Path) -> _Blobs:
    """Owner and lines, largest repository first."""
    line = line_sql(_columns(index))
    for file in sorted((index / "repositories").iterdir()):
        with engine() as connection:
            connection.execute("SET threads = 1")
            cursor = connection.execute(
                f"""SELECT owner_key, string_agg({line}, '' ORDER BY bytes DESC, files DESC, repo_key)
                    FROM '{file}' GROUP BY owner_key ORDER BY owner_key"""
            )
            while rows := cursor.fetchmany(_BATCH):
                yield from ((owner.encode(), text.encode()) for owner, text in rows)


def _train(index: Path) -> zstandard.ZstdCompressionDict:
    samples = [text for _, (_, text) in zip(range(_SAMPLES), _texts(index), strict=False)]
    return zstandard.train_dictionary(_DICTIONARY_BYTES, samples)


def _blobs(index: Path, dictionary: zstandard.ZstdCompressionDict) -> _Blobs:
    compressor = zstandard.ZstdCompressor(level=3, dict_data=dictionary)
    for owner, text in _texts(index):
        yield owner, compressor.compress(text)


def _write_lmdb(target: Path, blobs: _Blobs) -> None:
    target.mkdir()
    environment = lmdb.open(str(target), map_size=1 << 38, lock=False, sync=False)
    done = False
    while not done:
        with environment.begin(write=True) as transaction:
            count = 0
            for count, (owner, blob) in enumerate(blobs, start=1):
                transaction.put(owner, blob)
                if count == 50 * _BATCH:
                    break
            done = count < 50 * _BATCH
    environment.sync()
    environment.close()


def _read_lmdb(target: Path) -> Callable[[bytes], bytes]:
    transaction = lmdb.open(str(target), readonly=True, lock=False).begin()
    return lambda owner: bytes(transaction.get(owner))


def _write_sqlite(target: Path, blobs: _Blobs) -> None:
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE owners (owner BLOB PRIMARY KEY, blob BLOB) WITHOUT ROWID")
    connection.executemany("INSERT INTO owners VALUES (?, ?)", blobs)
    connection.commit()
    connection.close()


def _read_sqlite(target: Path) -> Callable[[bytes], bytes]:
    connection = sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA mmap_size = 68719476736")

    def read(owner: bytes) -> bytes:
        [blob] = connection.execute("SELECT blob FROM owners WHERE owner = ?", [owner]).fetchone()
        return bytes(blob)

    return read


def _ask(
    read: Callable[[bytes], bytes],
    owners: list[str],
    dictionary: zstandard.ZstdCompressionDict,
    columns: tuple[str, ...],
) -> tuple[float, float]:
    """Median and 99th percentile in ms of reading, unpacking and parsing the first repositories of an owner."""
    unpack, lines = zstandard.ZstdDecompressor(dict_data=dictionary), LineReader(columns)

    def answer(owner: str) -> list[object]:
        text = unpack.decompress(read(owner.encode()))
        return [
            lines.repository(line.partition(b"\t")[2]) for line in text.split(b"\n", FIRST)[:FIRST] if line
        ]

    for owner in owners:
        assert answer(owner)
    taken = []
    for owner in owners:
        started = time.perf_counter()
        answer(owner)
        taken.append((time.perf_counter() - started) * 1_000)
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


if __name__ == "__main__":
    main()
