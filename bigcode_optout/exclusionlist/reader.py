"""Read a list, but only if it is whole: what does not agree with its manifest is refused, never repaired."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from .errors import ListBroken, SignatureRefused
from .format_jsonl import canonical_sha256
from .formats import FormatSpec, spec_of
from .key_set import KeySet
from .manifest import MANIFEST_NAME, FileEntry, Manifest, counts_of, manifest_from_json
from .rules import Rule, sorted_rules
from .signing import SIGNATURE_NAME, parse_signature


@dataclass(frozen=True, slots=True)
class ExclusionList:
    """The rules, in their total order, and the manifest they agree with. `signed_by` is the key whose signature
    was verified, None if nobody's was.
    """

    rules: list[Rule]
    manifest: Manifest
    signed_by: str | None = None


def read(folder: Path, *, keys: KeySet | None = None) -> ExclusionList:
    """Return the list in `folder`, in a format that holds whole rules, after all of its hashes were checked.

    With `keys` it must be signed by one of them. Raises ListBroken: manifest missing or not understood; a
    file missing, cut off or changed; other columns than a list has; an unknown kind or a rule that is none;
    rules, counts or canonical hash that differ from the manifest's. Raises SignatureRefused.
    """
    manifest, spec, content = opened(Path(folder), keys)
    if spec.decode is None:
        raise ListBroken(
            f"The format {manifest.format!r} does not hold all there is to a rule; read another format."
        )
    return ExclusionList(_agreed(spec.decode(content), manifest), manifest, manifest.key_id if keys else None)


def check(folder: Path, *, keys: KeySet | None = None) -> Manifest:
    """Return the manifest if the folder, of any format, is whole; raises ListBroken as `read` does.

    Of `legacy-json` and the keyed formats the files' hashes and the shape are checked; their rules cannot be
    had back.
    """
    manifest, spec, content = opened(Path(folder), keys)
    if spec.check:
        spec.check(content)
    if spec.decode:
        _agreed(spec.decode(content), manifest)
    return manifest


def opened(folder: Path, keys: KeySet | None) -> tuple[Manifest, FormatSpec, bytes]:
    """Return manifest, format and data of a folder whose signature, shape and hashes were checked."""
    written = content_of(folder, MANIFEST_NAME)
    manifest = manifest_from_json(written)
    check_signature(folder, written, key_id=manifest.key_id, frozen_on=manifest.frozen_on, keys=keys)
    spec = spec_of(manifest.format)
    check_shape(manifest, spec)
    contents = {entry.path: verified_content(folder, entry) for entry in manifest.files}
    if spec.path not in contents:
        raise ListBroken(f"{MANIFEST_NAME} does not name the data file {spec.path}.")
    return manifest, spec, contents[spec.path]


def check_signature(
    folder: Path, written: bytes, *, key_id: str | None, frozen_on: str, keys: KeySet | None
) -> None:
    """Raise SignatureRefused unless `keys` accept the folder's signature of its manifest.

    Without `keys` nobody can say whose the signature is; but a list that names a key must have one.
    """
    if keys is None and key_id is None:
        return
    signature = content_of(folder, SIGNATURE_NAME) if key_id else b""
    if keys is not None:
        keys.verify(written, signature, key_id=key_id, day=date.fromisoformat(frozen_on))
    elif parse_signature(signature)[0] != key_id:
        raise SignatureRefused(f"{SIGNATURE_NAME} is of another key than {MANIFEST_NAME} names.")


def check_shape(manifest: Manifest, spec: FormatSpec) -> None:
    """Raise ListBroken if the manifest describes other columns than its format has."""
    if manifest.schema != list(spec.schema):
        raise ListBroken(f"{MANIFEST_NAME} describes other columns than a {manifest.format} list has.")


def verified_content(folder: Path, entry: FileEntry) -> bytes:
    """Return the content of a file of the folder. Raises ListBroken unless it is the one described."""
    content = content_of(folder, entry.path)
    if len(content) != entry.bytes:
        raise ListBroken(f"{entry.path} has {len(content):,} bytes; the manifest says {entry.bytes:,}.")
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise ListBroken(f"{entry.path} is not the file that the manifest describes: its SHA-256 differs.")
    return content


def content_of(folder: Path, path: str) -> bytes:
    """Return a file of the folder. Raises ListBroken if it is missing, or if the path leads out of it."""
    inner = PurePosixPath(path)
    if inner.is_absolute() or ".." in inner.parts or "\\" in path:
        raise ListBroken(f"The manifest names a file outside the folder: {path!r}.")
    try:
        return (folder / inner).read_bytes()
    except OSError as missing:
        raise ListBroken(f"{path} cannot be read in {folder}: {missing.strerror}.") from missing


def _agreed(rules: list[Rule], manifest: Manifest) -> list[Rule]:
    ordered = sorted_rules(rules)
    if canonical_sha256(ordered) != manifest.canonical_sha256:
        raise ListBroken("The rules are not those that the manifest's canonical hash stands for.")
    if len(rules) != len(ordered) or counts_of(ordered) != manifest.counts:
        raise ListBroken("The manifest counts other rules than the list has.")
    return ordered
