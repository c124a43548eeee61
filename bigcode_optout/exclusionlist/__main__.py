"""`python -m bigcode_optout.exclusionlist`: look at a list and check it, without Django."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import ExclusionListError, Manifest, check


def show(arguments: argparse.Namespace) -> None:
    """Print what the list is; it is checked first, so that no figure of a broken list is shown."""
    manifest = check(arguments.folder)
    print(manifest.to_json().decode("ascii") if arguments.json else summary(manifest), end="")


def check_folder(arguments: argparse.Namespace) -> None:
    """Print one sentence if the list is whole."""
    manifest = check(arguments.folder)
    print(f"{arguments.folder} is whole: {manifest.counts['rules']:,} rules of release {manifest.release}.")


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
    }
    return "".join(f"{label:<20}{value}\n" for label, value in lines.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 only on success, 1 for a broken list with its sentence on stderr, 2 for wrong
    usage.
    """
    parser = argparse.ArgumentParser(prog="python -m bigcode_optout.exclusionlist", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add(commands.add_parser("show", help="print the list's manifest"), show).add_argument(
        "--json", action="store_true", help="as JSON"
    )
    _add(commands.add_parser("check", help="check hashes, columns, rules and counts"), check_folder)
    parsed = parser.parse_args(arguments)
    try:
        parsed.run(parsed)
    except ExclusionListError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add(
    parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]
) -> argparse.ArgumentParser:
    parser.add_argument("folder", type=Path, help="folder of an exported list")
    parser.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
