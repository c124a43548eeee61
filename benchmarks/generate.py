"""Invented repositories with GitHub-like skew, one row each, in the columns of The Stack v2 that an index takes.

How many repositories an owner has follows P(k or more) = k ** -1.35, cut at LARGEST: of 719,668 real names that were
counted, half of the owners had 1, 90 % up to 4, 99 % up to 27. One owner has BUSY_OWNER_ROWS more. Names are about 26
characters long, a third of the owners and some rows write capitals, and rows stand in no order within a file.
"""

from pathlib import Path

import duckdb

LARGEST = 5_000
BUSY_OWNER = "Busy-Owner"
BUSY_OWNER_ROWS = 20_000
ROWS_A_FILE = 2_500_000

_SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnprstvwxyz" for vowel in "aeiou"]
_WORDS = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()
_LANGUAGES = [
    "JavaScript",
    "Python",
    "Java",
    "TypeScript",
    "C#",
    "PHP",
    "C++",
    "HTML",
    "Shell",
    "C",
    "Go",
    "Ruby",
]
_LICENCES = ["MIT", "Apache-2.0", "GPL-3.0-only", "BSD-3-Clause", "LGPL-2.1-or-later", "Unlicense", "ISC"]


def generate(folder: Path, rows: int, *, memory_limit: str = "4GB", threads: int = 2) -> list[Path]:
    """Write `rows` repositories to Parquet files in `folder`; the same rows for the same number, always."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(config=config) as engine:
        for number, start in enumerate(range(0, rows, ROWS_A_FILE)):
            path = folder / f"part-{number:04d}.parquet"
            count = min(ROWS_A_FILE, rows - start)
            busy = count * BUSY_OWNER_ROWS // rows
            engine.execute(f"COPY ({_rows(number, start, count, busy)}) TO '{path}' (FORMAT parquet)")
            paths.append(path)
    return paths


def owner_name(number: int) -> str:
    """Return the folded login of the invented owner `number` (before any letter is made a capital)."""
    with duckdb.connect() as engine:
        row = engine.execute(f"SELECT lower({_login()}) FROM (SELECT {number}::UBIGINT AS owner)").fetchone()
    assert row is not None
    return str(row[0])


def _rows(number: int, start: int, count: int, busy: int) -> str:
    """SQL for `count` rows; ids rise from `start`, owners are numbered from `start` too, so that no two files share."""
    return f"""
        WITH owners AS (
            SELECT (o + {start})::UBIGINT AS owner,
                   least({LARGEST}, floor(pow(1 - (hash(o + {start}, 1) % 1000003) / 1000003.0, -1 / 1.35)))::BIGINT
                       AS k
            FROM range({count}) numbers(o)),
        numbered AS (
            SELECT {_login()} AS login, unnest(range(k)) AS j, owner FROM owners LIMIT {count - busy}),
        named AS (
            SELECT login, j, hash(owner, j) AS h FROM numbered
            UNION ALL
            SELECT '{BUSY_OWNER}', {number} * 100000 + b, hash(b, {start}, 7) FROM range({busy}) extra(b)),
        placed AS (SELECT *, {start} + row_number() OVER () AS i FROM named)
        SELECT CASE WHEN h % 200 = 0 THEN upper(login) ELSE login END || '/' || {_repository()} AS repo_name,
               CASE WHEN h % 50 = 0 THEN NULL ELSE 1 + (i * 2654435761) % 1000000007 END::BIGINT AS github_id,
               {_pick(_LANGUAGES, "sqrt((h // 64) % 10000) / 100 * 11.99")} AS language,
               (exp(5 + (h // 128) % 1000 / 110.0) + h % 97)::BIGINT AS length_bytes,
               CASE WHEN h % 5 < 3 THEN []::VARCHAR[]
                    ELSE [{_pick(_LICENCES, "(h // 256) % 7")}] END AS detected_licenses,
               CASE WHEN h % 5 < 3 THEN 'no_license' ELSE 'permissive' END AS license_type,
               floor(pow(1 - (h // 512) % 100003 / 100003.0, -1 / 1.1) - 1)::BIGINT AS star_events_count,
               TIMESTAMP '2012-01-01' + to_seconds((h // 1024) % 360000000) AS revision_date
        FROM placed ORDER BY hash(i, 3)"""


def _login() -> str:
    # A bijection of the number in four syllables, so that no two owners share a login.
    scrambled = "((owner * 57885161 + 1234567) % 100000000)"
    letters = " || ".join(_pick(_SYLLABLES, f"{scrambled} // {100**place} % 100") for place in range(4))
    plain = f"""CASE hash(owner) % 8 WHEN 0 THEN {letters} || (hash(owner, 5) % 2000)::VARCHAR
                WHEN 1 THEN {letters} || '-' || {_pick(_WORDS, f"hash(owner, 4) % {len(_WORDS)}")}
                ELSE {letters} END"""
    return f"CASE WHEN hash(owner, 6) % 3 = 0 THEN upper(({plain})[1]) || ({plain})[2:] ELSE {plain} END"


def _repository() -> str:
    words = [_pick(_WORDS, f"h // {7 ** (2 * place)} % {len(_WORDS)}") for place in range(3)]
    tail = "CASE WHEN j < 3 THEN '' ELSE '-' || j::VARCHAR END"
    return f"""CASE WHEN h % 12 = 0 AND j = 0 THEN '.github'
                WHEN h % 3 = 0 THEN upper({words[0]}[1]) || {words[0]}[2:] || '-' || {words[1]} || {tail}
                ELSE {words[0]} || '-' || {words[1]} || '-' || {words[2]} || {tail} END"""


def _pick(choices: list[str], index: str) -> str:
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return f"[{listed}][1 + ({index})::BIGINT]"
