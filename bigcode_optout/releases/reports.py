"""Read a report of `exclusionlist verify`: what it must say to be taken, and what it says. No row is touched here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bigcode_optout.core.errors import Refused

# What `exclusionlist.verifying.run` writes.
REPORT, REPORT_VERSION = "verify", 1
SCOPE_KIND: Mapping[str, str] = {
    "v1": "files",
    "v2": "files",
    "v2-ids": "files",
    "v3": "files",
    "commits": "commits",
    "issues": "issues",
}
LARGEST = 64 * 1024 * 1024
_LARGEST_NUMBER = 2**63 - 1
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "release": str,
    "list_sha256": str,
    "schema": str,
    "data_date": (str, type(None)),
    "dataset_version": (str, type(None)),
    "shared_content": (str, type(None)),
    "tool": dict,
    "date": str,
    "files": int,
    "rows_scanned": int,
    "rows_without_login": int,
    "rows_left": int,
    "events_left": int,
    "findings": list,
    "control": (dict, type(None)),
    "passed": bool,
}
_FINDING: Mapping[str, type | tuple[type, ...]] = {
    "rule": int,
    "kind": str,
    "name_key": str,
    "repo_id": (int, type(None)),
    "rows": int,
    "events": int,
    "shards": list,
    "shards_in_all": int,
}


@dataclass(frozen=True)
class Found:
    """A rule, by its place in the list from 0, that still covers something."""

    rule: int
    kind: str
    name_key: str
    repo_id: int | None
    rows: int
    events: int
    shards_in_all: int
    first_shard: str


@dataclass(frozen=True)
class Report:
    """A report that agrees with itself. `document` is all of it; `sha256` is of its bytes."""

    sha256: str
    document: Mapping[str, Any]
    release: str
    list_sha256: str
    schema: str
    scope_kind: str
    data_date: date | None
    dataset_version: str
    shared_content: str | None
    tool: Mapping[str, Any]
    checked_on: date
    files: int
    rows_scanned: int
    rows_without_login: int
    rows_left: int
    events_left: int
    findings: Sequence[Found]
    has_control: bool

    @property
    def has_passed(self) -> bool:
        """True when nothing was found."""
        return not self.findings


def read_report(content: bytes) -> Report:
    """The report of these bytes. Raises `Refused` with a sentence for anything that proves nothing: no report, one that
    contradicts itself, one over no rows, one whose control does not agree, one that names no dataset version."""
    stored = _document(content)
    _check_types(stored, _TYPES, "The report")
    schema = stored["schema"]
    if schema not in SCOPE_KIND:
        raise Refused("report_malformed", f"The report is of a schema that is not known: {schema!r}.")
    findings = [_finding(row) for row in stored["findings"]]
    _check_sense(stored, findings)
    return Report(
        sha256=hashlib.sha256(content).hexdigest(),
        document=stored,
        release=stored["release"],
        list_sha256=stored["list_sha256"],
        schema=schema,
        scope_kind=SCOPE_KIND[schema],
        data_date=_day(stored["data_date"]) if stored["data_date"] is not None else None,
        dataset_version=stored["dataset_version"],
        shared_content=stored["shared_content"],
        tool=stored["tool"],
        checked_on=_day(stored["date"]),
        files=stored["files"],
        rows_scanned=stored["rows_scanned"],
        rows_without_login=stored["rows_without_login"],
        rows_left=stored["rows_left"],
        events_left=stored["events_left"],
        findings=findings,
        has_control=stored["control"] is not None,
    )


def _document(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise Refused("report_too_large", f"The report is larger than {LARGEST // 1024**2} MB.")
    try:
        stored = json.loads(content, object_pairs_hook=_without_twins)
        # What no database keeps: numbers that are none, half characters, and the character of code 0.
        text = json.dumps(stored, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
    except (ValueError, RecursionError) as wrong:
        raise Refused("report_malformed", "The report is not JSON: it is cut off or changed.") from wrong
    if "\\u0000" in text:
        raise Refused("report_malformed", "The report has a character that no text has.")
    if not isinstance(stored, dict) or stored.get("report") != REPORT:
        raise Refused(
            "report_malformed", "This is not a report of verify. (The report of apply proves nothing.)"
        )
    if stored.get("report_version") != REPORT_VERSION:
        raise Refused("report_malformed", f"The report is not one of version {REPORT_VERSION}.")
    return stored


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _check_types(stored: Mapping[str, Any], types: Mapping[str, type | tuple[type, ...]], what: str) -> None:
    for key, expected in types.items():
        value = stored.get(key)
        # True is a number to isinstance.
        is_flag = isinstance(value, bool) and expected is not bool
        if key not in stored or not isinstance(value, expected) or is_flag:
            raise Refused("report_malformed", f"{what} has no proper “{key}”.")
        if isinstance(value, int) and not 0 <= value <= _LARGEST_NUMBER:
            raise Refused("report_malformed", f"{what} has a “{key}” below 0, or too large.")


def _finding(row: Any) -> Found:
    if not isinstance(row, dict):
        raise Refused("report_malformed", "A finding of the report is not an object.")
    _check_types(row, _FINDING, "A finding of the report")
    shards = [shard.get("name") for shard in row["shards"] if isinstance(shard, dict)]
    first = shards[0] if shards and isinstance(shards[0], str) else ""
    return Found(
        row["rule"],
        row["kind"],
        row["name_key"],
        row["repo_id"],
        row["rows"],
        row["events"],
        row["shards_in_all"],
        first[:500],
    )


def _check_sense(stored: Mapping[str, Any], findings: Sequence[Found]) -> None:
    left = stored["rows_left"] + stored["events_left"]
    agrees = stored["control"] is None or stored["control"].get("agrees") is True
    has_sums = bool(findings) == bool(left) and stored["rows_without_login"] <= stored["rows_scanned"]
    if not has_sums or stored["passed"] != (not findings and agrees):
        raise Refused("report_malformed", "The report contradicts itself: it was changed.")
    if len({found.rule for found in findings}) != len(findings):
        raise Refused("report_malformed", "The report has findings of one rule twice.")
    if not findings and not agrees:
        raise Refused(
            "control_disagrees",
            "The control does not agree: over the unfiltered files the check did not find what apply reported, so it "
            "proves nothing.",
        )
    if not stored["files"] or not stored["rows_scanned"]:
        raise Refused("nothing_scanned", "The report is over no rows, so it proves nothing.")
    if not stored["dataset_version"]:
        raise Refused(
            "no_dataset_version",
            "The report does not say which dataset version it is of. Run verify with --dataset-version.",
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Refused("report_malformed", f"{text!r} in the report is not a day.") from wrong
