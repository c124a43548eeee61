"""A delta as a folder: `manifest.json`, its signature, and `data/delta.jsonl`.

Each line of the data is a rule with `change` in front: `removed`, `added`, or a pair of `before` and `after` where
one rule took another's place. The manifest says `exclusion-delta` as its `document`, which no list does, and
under `from` and `to` which lists it leads from and to; `to` has all that is needed to write the later list again.
"""

from collections.abc import Iterator
from pathlib import Path

from .delta import Change, Delta, apply_delta, delta_between, subject_of
from .delta_manifest import DELTA_PATH, DeltaManifest, ListFacts, delta_manifest_from_json
from .errors import DeltaRefused, ListBroken
from .format_jsonl import canonical_sha256, decode, encode
from .formats import Format
from .key_set import KeySet
from .manifest import MANIFEST_NAME, Manifest
from .placing import new_folder
from .reader import ExclusionList, check_signature, content_of, verified_content
from .rules import Rule
from .schema import COLUMNS, Column, Row, row_from_rule, rule_from_row
from .signing import SigningKey
from .writer import file_entry, place_manifest, write, writer_versions

_COLUMNS = (Column("change", "string", False), *COLUMNS)
_KINDS = ("removed", "added", "before", "after")


def write_delta(
    before: ExclusionList, after: ExclusionList, *, output: Path, signing_key: SigningKey | None = None
) -> DeltaManifest:
    """Write what leads from one release's list to a later one's into the folder `output`.

    Raises DeltaRefused for lists of two datasets or in the wrong order, OutputRefused as `write` does.
    """
    start, end = ListFacts.of(before.manifest), ListFacts.of(after.manifest)
    if before.manifest.dataset != after.manifest.dataset:
        raise DeltaRefused("The two lists are of different datasets.")
    if start.frozen_on > end.frozen_on:
        raise DeltaRefused(f"Release {end.release} was frozen before release {start.release}.")
    delta = delta_between(before.rules, after.rules)
    with new_folder(output) as folder:
        data = folder / DELTA_PATH
        data.parent.mkdir()
        with data.open("wb") as file:
            encode(_rows(delta), _COLUMNS, file)
        manifest = DeltaManifest(
            after.manifest.dataset,
            start,
            end,
            _counts(delta),
            writer_versions(),
            [file_entry(folder, DELTA_PATH)],
            signing_key.key_id if signing_key else None,
        )
        place_manifest(folder, manifest.to_json(), signing_key)
    return manifest


def read_delta(folder: Path, *, keys: KeySet | None = None) -> tuple[DeltaManifest, Delta]:
    """Return a whole delta, with `keys` only if one of them signed it. Raises ListBroken, SignatureRefused."""
    written = content_of(folder, MANIFEST_NAME)
    manifest = delta_manifest_from_json(written)
    check_signature(folder, written, key_id=manifest.key_id, frozen_on=manifest.after.frozen_on, keys=keys)
    if [entry.path for entry in manifest.files] != [DELTA_PATH]:
        raise ListBroken(f"{MANIFEST_NAME} does not name the data file {DELTA_PATH}.")
    delta = _delta(decode(verified_content(folder, manifest.files[0]), _COLUMNS))
    if _counts(delta) != manifest.counts:
        raise ListBroken("The manifest counts other changes than the delta has.")
    return manifest, delta


def follow_delta(
    before: ExclusionList, folder: Path, *, output: Path, format: Format, keys: KeySet | None = None
) -> Manifest:
    """Write the later list that the delta in `folder` leads to; its canonical hash is the one that was released.

    The signed delta names the hash of the list that it starts from, so it vouches for that as well. The new
    folder is written here and not signed. Raises DeltaRefused if `before` is not the list that the delta
    starts from, or if the outcome is not the one that it names.
    """
    manifest, delta = read_delta(folder, keys=keys)
    if before.manifest.dataset != manifest.dataset:
        raise DeltaRefused(f"The delta is for {manifest.dataset}, the list for {before.manifest.dataset}.")
    if before.manifest.canonical_sha256 != manifest.before.canonical_sha256:
        raise DeltaRefused(
            f"The delta starts from release {manifest.before.release};"
            f" the list is of release {before.manifest.release}, or has other rules."
        )
    rules = apply_delta(before.rules, delta)
    if canonical_sha256(rules) != manifest.after.canonical_sha256:
        raise DeltaRefused(f"The delta does not lead to the list of release {manifest.after.release}.")
    return write(rules, output=output, format=format, facts=manifest.after.for_release(manifest.dataset))


def _counts(delta: Delta) -> dict[str, int]:
    return {"added": len(delta.added), "removed": len(delta.removed), "changed": len(delta.changed)}


def _rows(delta: Delta) -> Iterator[Row]:
    for kind, rules in (("removed", delta.removed), ("added", delta.added)):
        yield from ({"change": kind} | row_from_rule(rule) for rule in rules)
    for change in delta.changed:
        yield {"change": "before"} | row_from_rule(change.before)
        yield {"change": "after"} | row_from_rule(change.after)


def _delta(rows: Iterator[Row]) -> Delta:
    found: dict[str, list[Rule]] = {kind: [] for kind in _KINDS}
    for number, row in enumerate(rows, start=1):
        kind = row.pop("change", None)
        if kind not in _KINDS:
            raise ListBroken(f"Row {number} of the delta has the change {kind!r}, which is not known.")
        found[kind].append(rule_from_row(row, number=number))
    pairs = [(subject_of(rule) for rule in found[kind]) for kind in ("before", "after")]
    if list(pairs[0]) != list(pairs[1]):
        raise ListBroken("The delta has changed rules without both their sides.")
    changed = [Change(*pair) for pair in zip(found["before"], found["after"], strict=True)]
    return Delta(found["added"], found["removed"], changed)
