"""A release from the freeze to the report of its check, over the sample shards, with the tools that builders run."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.releases import services
from bigcode_optout.releases.exporting import export
from bigcode_optout.releases.models import Release
from tests.releases.builders import frozen

SHARDS = Path("bigcode_optout/sandbox/dataset/v2.1").resolve()
WHO, NUMBER = "quillon-marsh", 4117902
DATA_DATE = "2023-09-06"


def handed_over(name: str = "v3.1", release: Release | None = None) -> Release:
    """A release with everything that stands, in the builders' hands."""
    release = frozen(name) if release is None else services.freeze(release_id=release.pk, by=None)
    return services.hand_over(release_id=release.pk, by=None)


def applied(release: Release, folder: Path) -> Path:
    """The sample shards without what the list covers: exported and applied by the tool. Answers their folder."""
    export(release=release, format="parquet", by=None, output=folder / "list")
    assert main(["apply", *_run(release, folder), "--output", str(folder / "out"), str(SHARDS)]) == 0
    return folder / "out"


def verified(release: Release, folder: Path, *, code: int = 0) -> Path:
    """The tool's report over the shards of `applied`, with its control."""
    report = folder / "report.json"
    control = ["--unfiltered", str(SHARDS), "--apply-report", str(folder / "out.apply.json")]
    arguments = ["verify", *_run(release, folder), "--report", str(report), str(folder / "out"), *control]
    assert main(arguments) == code
    return report


def _run(release: Release, folder: Path) -> list[str]:
    return [
        *("--list", str(folder / "list"), "--schema", "v2", "--jobs", "1"),
        *("--data-date", DATA_DATE, "--dataset-version", release.version_names[-1]),
    ]


def put_back_one_row(folder: Path, names: str = WHO) -> None:
    """Forge a left-over: append a row of the person's to a shard that was filtered."""
    [shard, *_] = sorted(folder.glob("*.parquet"))
    before = pq.read_table(SHARDS / shard.name)
    # Read as a table of its own, so that the schema stays.
    mine = [
        number
        for number, name in enumerate(before["repo_name"].to_pylist())
        if (name or "").startswith(names)
    ]
    rows = pa.concat_tables([pq.read_table(shard), before.take(mine[:1])])
    # What nothing was removed of is linked to the input.
    shutil.copy(shard, copy := shard.with_suffix(".copy"))
    copy.replace(shard)
    pq.write_table(rows, shard)


def report_of(release: Release, **more: object) -> dict[str, object]:
    """A report as `verify` writes it, of a check that found nothing."""
    return {
        "report": "verify",
        "report_version": 1,
        "release": release.name,
        "list_sha256": release.canonical_sha256,
        "schema": "v3",
        "data_date": DATA_DATE,
        "dataset_version": release.name,
        "shared_content": "drop",
        "tool": {"bigcode-optout": "0.1.0", "pyarrow": "26.0.1"},
        "date": dt.date(2026, 11, 20).isoformat(),
        "files": 3,
        "rows_scanned": 6898,
        "rows_without_login": 0,
        "rows_left": 0,
        "events_left": 0,
        "findings": [],
        "control": {"agrees": True},
        "passed": True,
        **more,
    }


def as_bytes(report: dict[str, object]) -> bytes:
    """The report as a file has it."""
    return json.dumps(report).encode()


def finding(number: int, rule: object, rows: int = 2) -> dict[str, object]:
    """A finding of a rule of the list."""
    return {
        "rule": number,
        "kind": rule.kind,  # type: ignore[attr-defined]
        "name_key": rule.name_key,  # type: ignore[attr-defined]
        "repo_id": rule.repo_id,  # type: ignore[attr-defined]
        "rows": rows,
        "events": 0,
        "shards": [{"name": "part-00000.parquet", "rows": rows, "events": 0, "first_row": 7}],
        "shards_in_all": 1,
    }


def found(release: Release, *numbers: int) -> bytes:
    """A report that found something of the rules with these places in the list."""
    rules = services.rules_of(release)
    findings = [finding(number, rules[number]) for number in numbers]
    return as_bytes(report_of(release, findings=findings, rows_left=2 * len(findings), passed=False))
