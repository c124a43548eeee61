"""Write a list into a folder of its own: all of it, or nothing."""

import hashlib
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from . import format_parquet
from .card import CARD_NAME, dataset_card
from .errors import OutputRefused
from .facts import ReleaseFacts, Spellings
from .format_jsonl import canonical_sha256
from .formats import SPECS, Encoded, Format
from .manifest import FORMAT_VERSION, MANIFEST_NAME, WRITER_VERSION, FileEntry, Manifest, counts_of
from .rules import Rule, sorted_rules


def write(
    rules: Iterable[Rule],
    *,
    output: Path,
    format: Format,
    facts: ReleaseFacts,
    spellings: Spellings | None = None,
) -> Manifest:
    """Write the list into the folder `output` and return its manifest.

    The folder gets `README.md` (dataset card), `manifest.json` and one file under `data/`, so that
    `datasets.load_dataset(output)` reads it as it stands. Order and duplicates of `rules` do not matter:
    the same rules and facts give the same bytes under the same pyarrow and writer version. `spellings`
    serve `legacy-json` alone. Raises OutputRefused if something stands at `output` already; then, and after
    any other error, nothing is changed.
    """
    output = output.absolute()
    if output.is_symlink() or output.is_file() or (output.is_dir() and any(output.iterdir())):
        raise OutputRefused(
            f"{output} is not an empty folder; an export is written once and never over another."
        )
    ordered = sorted_rules(rules)
    spec = SPECS[format]
    encoded = spec.encode(ordered, spellings or Spellings())
    files = {CARD_NAME: dataset_card(spec, facts), spec.path: encoded.content}
    manifest = _manifest(ordered, format, facts, encoded, files)
    _place(files | {MANIFEST_NAME: manifest.to_json()}, output)
    return manifest


def _manifest(
    rules: list[Rule], format: Format, facts: ReleaseFacts, encoded: Encoded, files: Mapping[str, bytes]
) -> Manifest:
    return Manifest(
        format_version=FORMAT_VERSION,
        release=facts.release,
        dataset=facts.dataset,
        previous_release=facts.previous_release,
        frozen_on=facts.frozen_on.isoformat(),
        format=format,
        counts=counts_of(rules),
        schema=list(SPECS[format].schema),
        choices={"shared_content": facts.shared_content},
        lossy_rules=encoded.lossy_rules,
        writer={"exclusionlist": WRITER_VERSION, "pyarrow": format_parquet.WRITER_VERSION},
        files=[
            FileEntry(path, len(content), hashlib.sha256(content).hexdigest())
            for path, content in sorted(files.items())
        ],
        canonical_sha256=canonical_sha256(rules),
    )


def _place(files: Mapping[str, bytes], output: Path) -> None:
    """Write beside `output` and rename: whoever looks sees no half-written list."""
    partial = output.with_name(f".{output.name}.{secrets.token_hex(4)}.partial")
    try:
        for path, content in files.items():
            target = partial / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try:
            # Renaming over an empty folder is allowed, over one that was filled meanwhile it fails.
            partial.rename(output)
        except OSError as taken:
            raise OutputRefused(f"{output} could not be put in its place: {taken.strerror}.") from taken
    finally:
        shutil.rmtree(partial, ignore_errors=True)
