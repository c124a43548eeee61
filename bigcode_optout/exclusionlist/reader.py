"""Read a list, but only if it is whole: what does not agree with its manifest is refused, never repaired."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .errors import ListBroken
from .format_jsonl import canonical_sha256
from .formats import FormatSpec, spec_of
from .manifest import MANIFEST_NAME, FileEntry, Manifest, counts_of, manifest_from_json
from .rules import Rule, sorted_rules


@dataclass(frozen=True, slots=True)
class ExclusionList:
    """The rules, in their total order, and the manifest they agree with."""

    rules: list[Rule]
    manifest: Manifest


def read(folder: Path) -> ExclusionList:
    """Return the list in `folder`, in any format but `legacy-json`, after all of its hashes were checked.

    Raises ListBroken: manifest missing or not understood; a file missing, cut off or changed; other columns
    than a list has; an unknown kind or a rule that is none; rules, counts or canonical hash that differ
    from the manifest's.
    """
    manifest, spec, content = _opened(Path(folder))
    if spec.decode is None:
        raise ListBroken(
            f"The format {manifest.format!r} does not hold all there is to a rule; read another format."
        )
    return ExclusionList(_agreed(spec.decode(content), manifest), manifest)


def check(folder: Path) -> Manifest:
    """Return the manifest if the folder, of any format, is whole; raises ListBroken as `read` does.

    Of `legacy-json` the files' hashes and the shape are checked; its rules cannot be had back.
    """
    manifest, spec, content = _opened(Path(folder))
    if spec.check:
        spec.check(content)
    if spec.decode:
        _agreed(spec.decode(content), manifest)
    return manifest


def _opened(folder: Path) -> tuple[Manifest, FormatSpec, bytes]:
    manifest = manifest_from_json(_content(folder, MANIFEST_NAME))
    spec = spec_of(manifest.format)
    if manifest.schema != list(spec.schema):
        raise ListBroken(f"{MANIFEST_NAME} describes other columns than a {manifest.format} list has.")
    contents = {entry.path: _verified(folder, entry) for entry in manifest.files}
    if spec.path not in contents:
        raise ListBroken(f"{MANIFEST_NAME} does not name the data file {spec.path}.")
    return manifest, spec, contents[spec.path]


def _verified(folder: Path, entry: FileEntry) -> bytes:
    content = _content(folder, entry.path)
    if len(content) != entry.bytes:
        raise ListBroken(f"{entry.path} has {len(content):,} bytes; the manifest says {entry.bytes:,}.")
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise ListBroken(f"{entry.path} is not the file that the manifest describes: its SHA-256 differs.")
    return content


def _content(folder: Path, path: str) -> bytes:
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
