"""`python -m benchmarks`: measure and append to docs/benchmarks.md.

BENCH_SIZE says at which sizes: `1M 10M` (default), `100M`. BENCH_DIR is a folder with room (about 2 GB for 10 million
rows); the default is the system's temporary one.
"""

import os
import tempfile
from pathlib import Path

from benchmarks import exclusion_apply
from benchmarks.building import measure_building, write_old_forms
from benchmarks.copying import measure_copies
from benchmarks.endpoint import Served, measure_endpoint
from benchmarks.generate import BUSY_OWNER, generate
from benchmarks.looking_up import draw_owners, measure_fresh, measure_look_ups, measure_old_app
from benchmarks.measuring import size_of
from benchmarks.page import Run, append, section
from benchmarks.queue import main as measure_desk
from benchmarks.sweeping import measure_sweep
from tests import services

LARGEST_FOR_BASELINES = 10_000_000
"""The old forms are written and loaded up to here; beyond, they take an hour and more memory than there is."""


ENDPOINT_OWNERS = 2_000


def main() -> None:
    """Measure each size, print, write."""
    for size in os.environ.get("BENCH_SIZE", "1M 10M").split():
        rows = int(size.upper().replace("K", "000").replace("M", "000000"))
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            run = measure(rows, Path(folder))
        append(run)
        print(section(run), flush=True)
    exclusion_apply.main()
    measure_desk()


def _served_on_redis(index: Path, owners: list[str]) -> Served | None:
    if not services.redis_server().is_there:
        return None
    return measure_endpoint(index, owners, redis_url=services.REDIS_URL)


def measure(rows: int, folder: Path) -> Run:
    """Everything at one size; needs an empty folder."""
    inputs, index = folder / "inputs", folder / "index"
    generate(inputs, rows)
    built = measure_building(inputs, index)
    is_small = rows <= LARGEST_FOR_BASELINES
    old = write_old_forms(inputs, folder) if is_small else None
    owners = draw_owners(index)
    return Run(
        rows=rows,
        input_bytes=size_of(inputs),
        built=built,
        looked_up=measure_look_ups(index, owners),
        fresh=measure_fresh(index, BUSY_OWNER.lower()),
        served=measure_endpoint(index, owners[:ENDPOINT_OWNERS]),
        served_on_redis=_served_on_redis(index, owners[:ENDPOINT_OWNERS]),
        swept=measure_sweep(index, with_pandas=is_small),
        copied_seconds=measure_copies(inputs, folder / "copies") if is_small else None,
        old=old,
        old_app=measure_old_app(old.names_path, BUSY_OWNER.lower()) if old else None,
    )


if __name__ == "__main__":
    main()
