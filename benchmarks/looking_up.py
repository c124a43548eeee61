"""Look-ups by owner in one process, and the first answer of a fresh one beside loading the old app's dict."""

import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bigcode_optout.datasetindex import open_index

DRAWN = 20_000
FIRST = 100
_SEED = 7

# VmHWM, because ru_maxrss of a child begins with what its parent had.
_PEAK = """
import re
print(count, re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""
_FRESH = """
import pathlib, sys
from bigcode_optout.datasetindex import open_index
totals, first = open_index(pathlib.Path(sys.argv[1])).owner_page(sys.argv[2])
count = totals.repositories
"""
_OLD_APP = """
import gzip, json, sys
with gzip.open(sys.argv[1], "rt", encoding="utf-8") as stream:
    names = json.load(stream)
count = len(names[sys.argv[2]])
"""


@dataclass(frozen=True)
class LookedUp:
    """Milliseconds of a warm look-up (totals and the first 100 repositories), owners drawn evenly."""

    median_ms: float
    p99_ms: float
    largest_ms: float


@dataclass(frozen=True)
class Fresh:
    """From the start of a process to its first answer: seconds, and the most memory it had."""

    seconds: float
    peak_bytes: int


def draw_owners(index: Path, count: int = DRAWN) -> list[str]:
    """Different owners of the index, each as likely as any other."""
    with duckdb.connect() as engine:
        engine.execute("SET enable_progress_bar = false")
        rows = engine.execute(
            f"""SELECT DISTINCT owner_key FROM '{index}/repositories/*.parquet'
                WHERE hash(owner_key) % greatest((SELECT count(DISTINCT owner_key)
                    FROM '{index}/repositories/0000.parquet') * ? // {2 * count}, 1) = 0""",
            [len(list((index / "repositories").iterdir()))],
        ).fetchall()
    owners = sorted(owner for (owner,) in rows)
    random.Random(_SEED).shuffle(owners)
    return owners[:count]


def measure_look_ups(index: Path, owners: list[str]) -> LookedUp:
    """Ask for every owner once to warm up, and once more with a clock."""
    with open_index(index) as opened:
        for owner in owners:
            opened.owner_page(owner, FIRST)
        taken = []
        for owner in owners:
            started = time.perf_counter()
            opened.owner_page(owner, FIRST)
            taken.append((time.perf_counter() - started) * 1_000)
        assert opened.has_store
    taken.sort()
    return LookedUp(taken[len(taken) // 2], taken[len(taken) * 99 // 100], taken[-1])


def measure_fresh(index: Path, owner: str) -> Fresh:
    """The first answer of this index."""
    return _run(_FRESH, index, owner)


def measure_old_app(names: Path, owner: str) -> Fresh:
    """The first answer out of {login: [names]}."""
    return _run(_OLD_APP, names, owner)


def _run(program: str, *arguments: object) -> Fresh:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program + _PEAK, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    taken = time.perf_counter() - started
    _, kilobytes = done.stdout.split()
    return Fresh(taken, int(kilobytes) * 1_024)
