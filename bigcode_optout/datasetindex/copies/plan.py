"""What a pass over copies is going to do: into how many pieces the data is cut. Decided before it starts."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count as numbers

import duckdb

from ..inputs import InputFile
from ..manifest import IndexManifest

FORMAT = 1

_LOT_ROW_BYTES = 64
_PARTITION_ROW_BYTES = 256
_REPOSITORY_BYTES = 4_096
_MOST_PIECES = 256
"""Each lot writes a file for each partition, and each partition one for each bucket."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Equal plans may share half-made work; `to_json` is how they are compared.

    `lots` are numbers of input files that are read together: `(0, 3)` are the first three. `partitions` is
    into how many parts contents are divided, `buckets` into how many the repositories are; powers of two.
    """

    build_id: str
    schema: str
    inputs: tuple[tuple[str, int, int], ...]
    lots: tuple[tuple[int, int], ...]
    partitions: int
    buckets: int
    engine: str = f"duckdb {duckdb.__version__}"
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


def make_plan(
    files: Sequence[InputFile],
    rows: Sequence[int],
    *,
    manifest: IndexManifest,
    memory: int,
    lot_rows: int | None = None,
) -> Plan:
    """Cut the work so that each piece fits into `memory` bytes; `rows` has the file rows of each file.

    `lot_rows` limits the rows of a lot; by default it follows from the memory.
    """
    return Plan(
        build_id=manifest.build_id,
        schema=manifest.schema,
        inputs=tuple((str(f.path.resolve()), f.bytes, f.path.stat().st_mtime_ns) for f in files),
        lots=_cut(rows, lot_rows or max(memory // _LOT_ROW_BYTES, 1)),
        partitions=_pieces(sum(rows) * _PARTITION_ROW_BYTES, memory),
        buckets=_pieces(manifest.repositories * _REPOSITORY_BYTES, memory),
    )


def _cut(rows: Sequence[int], most: int) -> tuple[tuple[int, int], ...]:
    lots, start, held = [], 0, 0
    for number, each in enumerate(rows):
        if held and held + each > most:
            lots.append((start, number))
            start, held = number, 0
        held += each
    return (*lots, (start, len(rows)))


def _pieces(needed: int, memory: int) -> int:
    # Above the limit a piece does not fit any more and the engine puts the rest on disk.
    return next(1 << n for n in numbers() if needed <= memory << n or 1 << n == _MOST_PIECES)
