"""The commands `show` and `check`, and the arguments that others share with them."""

import argparse
import sys
from pathlib import Path

from .errors import KeyRefused
from .key_set import KeySet
from .manifest import Manifest
from .reader import check
from .roll_back import require_not_older


def add_show(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `show`."""
    _add_folder(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run_show)


def add_check(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `check`."""
    _add_folder(parser)
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="refuse a list older than the one this file remembers"
    )
    parser.set_defaults(run=run_check)


def add_keys_argument(
    parser: argparse.ArgumentParser, *, required: bool = False, of: str = "the list"
) -> None:
    """Add `--keys`."""
    parser.add_argument(
        "--keys",
        type=Path,
        required=required,
        metavar="FILE",
        help=f"key set; {of} must be signed by one of it",
    )


def keys_from(path: Path | None) -> KeySet | None:
    """Return the key set of a file, or None without one. Raises KeyRefused."""
    if path is None:
        return None
    try:
        return KeySet.from_json(path.read_bytes())
    except OSError as wrong:
        raise KeyRefused(f"{path} cannot be read: {wrong.strerror}.") from wrong


def warn_of_unchecked_key(manifest: Manifest, keys: Path | None) -> None:
    """Say on the error stream that a list names a key and nobody looked whether that key signed it."""
    if manifest.key_id and keys is None:
        sys.stderr.write(
            f"Warning: the list names the key {manifest.key_id}, and its signature was not looked at. Give --keys.\n"
        )


def run_show(arguments: argparse.Namespace) -> None:
    """Print what the list is; it is checked first, so that no figure of a broken list is shown."""
    manifest = check(arguments.folder, keys=keys_from(arguments.keys))
    sys.stdout.write(manifest.to_json().decode("ascii") if arguments.json else summary(manifest))


def run_check(arguments: argparse.Namespace) -> None:
    """Print one sentence if the list is whole; it says whether somebody vouches for it."""
    keys = keys_from(arguments.keys)
    manifest = check(arguments.folder, keys=keys)
    warn_of_unchecked_key(manifest, arguments.keys)
    if arguments.state:
        require_not_older(manifest, arguments.state)
    rules = manifest.counts["rules"]
    sys.stdout.write(f"{arguments.folder} is whole: {rules:,} rules of release {manifest.release}. ")
    if keys:
        sys.stdout.write(f"It is signed by the key {manifest.key_id}.\n")
    elif manifest.key_id:
        sys.stdout.write("It has a signature, which only --keys can verify.\n")
    else:
        sys.stdout.write("It is not signed.\n")


def summary(manifest: Manifest) -> str:
    """Return the manifest's figures for people to read; no names of anybody."""
    counts = manifest.counts
    lines = {
        "release": manifest.release,
        "dataset": manifest.dataset,
        "previous release": manifest.previous_release or "none",
        "frozen on": manifest.frozen_on,
        "format": manifest.format,
        "rules": f"{counts['rules']:,}",
        **{f"  for {kind}": f"{number:,}" for kind, number in counts["by_kind"].items()},
        **{f"  on {scope}": f"{number:,}" for scope, number in counts["by_scope_kind"].items()},
        "lossy rules": f"{manifest.lossy_rules:,}",
        "shared content": manifest.choices.get("shared_content", ""),
        "canonical SHA-256": manifest.canonical_sha256,
        "signed by the key": manifest.key_id or "none",
    }
    return "".join(f"{label:<20}{value}\n" for label, value in lines.items())


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="folder of an exported list")
    add_keys_argument(parser)
