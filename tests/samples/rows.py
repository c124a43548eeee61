"""Invent the rows of one repository in The Stack v2's schema; the same input gives the same rows."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DATA_DATE = datetime(2023, 9, 6)
EXTENSIONS = {
    "C": "c",
    "C++": "cpp",
    "CSV": "csv",
    "GLSL": "glsl",
    "Go": "go",
    "HTML": "html",
    "Haskell": "hs",
    "JSON": "json",
    "JavaScript": "js",
    "Jupyter Notebook": "ipynb",
    "Markdown": "md",
    "Perl": "pl",
    "Python": "py",
    "R": "r",
    "Ruby": "rb",
    "Rust": "rs",
    "Shell": "sh",
    "TeX": "tex",
    "TypeScript": "ts",
    "YAML": "yml",
}
BESIDE = ("Markdown", "YAML", "JSON")
FOLDERS = ("src", "src/core", "src/model", "lib", "tests", "tests/data", "docs", "tools", "examples", "")
WORDS = (
    *("anchor", "basin", "beacon", "bearing", "buffer", "channel", "chart", "cursor", "depth", "drift"),
    *("filter", "gauge", "harbour", "index", "journal", "ledger", "marker", "notes", "option", "parser"),
    *("queue", "reader", "record", "sample", "signal", "sketch", "table", "tide", "writer", "zone"),
)
# What the published pipeline counts as permissive; rows under any other licence are not published.
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC0-1.0", "ISC", "MIT"}
PERMISSIVE |= {"Unlicense"}


@dataclass(frozen=True)
class Facts:
    """What a row says of its repository; ``shown_id`` is null in the data where it is None."""

    key: str
    shown_name: str | None
    repository_id: int
    shown_id: int | None
    created_at: datetime
    language: str
    licence: str | None


def rows_of(facts: Facts, count: int) -> list[dict[str, Any]]:
    """The first ``count`` files of the repository; a longer list begins with the shorter one."""
    dice = random.Random(facts.key)
    shared = _shared(facts)
    paths = _paths(facts, dice)
    return [{**shared, **_file(facts.key, *next(paths), dice)} for _ in range(count)]


def _shared(facts: Facts) -> dict[str, Any]:
    dice = random.Random(facts.repository_id)
    visited = DATA_DATE - timedelta(
        seconds=dice.randrange(3_600, 40 * 86_400), microseconds=dice.randrange(10**6)
    )
    revised = max(
        visited - timedelta(seconds=dice.randrange(86_400 * 900)), facts.created_at + timedelta(hours=1)
    )
    revised = revised.replace(microsecond=0)
    licence = facts.licence if facts.licence in PERMISSIVE else None
    return {
        "directory_id": _hash(facts.key, "root"),
        "detected_licenses": [licence] if licence else [],
        "license_type": "permissive" if licence else "no_license",
        "repo_name": facts.shown_name,
        "snapshot_id": _hash(facts.key, "snapshot"),
        "revision_id": _hash(facts.key, "revision"),
        "branch_name": "refs/heads/main" if facts.created_at.year > 2020 else "refs/heads/master",
        "visit_date": visited,
        "revision_date": revised,
        "committer_date": revised,
        "github_id": facts.shown_id,
        "star_events_count": facts.repository_id % 37,
        "fork_events_count": facts.repository_id % 5,
        "gha_license_id": licence,
        "gha_event_created_at": visited.replace(microsecond=0) - timedelta(days=30),
        "gha_created_at": facts.created_at,
        "gha_language": facts.language,
        "src_encoding": "UTF-8",
        "is_vendor": False,
        "is_generated": False,
    }


def _paths(facts: Facts, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Endless (path, language) pairs, none twice."""
    yield "/README.md", "Markdown"
    seen = {"/README.md"}
    while True:
        language = facts.language if dice.random() < 0.85 else dice.choice(BESIDE)
        folder, words = dice.choice(FOLDERS), dice.sample(WORDS, dice.choice((1, 1, 2)))
        path = f"{folder and '/' + folder}/{'_'.join(words)}.{EXTENSIONS[language]}"
        if path not in seen:
            seen.add(path)
            yield path, language


def _file(key: str, path: str, language: str, dice: random.Random) -> dict[str, Any]:
    return {
        "blob_id": _hash(key, path, "blob"),
        "path": path,
        "content_id": _hash(key, path, "content"),
        "language": language,
        "length_bytes": int(dice.lognormvariate(8.0, 1.1)) + 20,
        "extension": path.rpartition(".")[2],
    }


def _hash(*parts: str) -> str:
    return hashlib.sha1("\0".join(parts).encode(), usedforsecurity=False).hexdigest()
