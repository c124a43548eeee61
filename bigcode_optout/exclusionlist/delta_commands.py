"""The commands `diff`, `delta` and `apply-delta`."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console

from . import diffing
from .delta import delta_between
from .delta_folder import follow_delta, write_delta
from .formats import FORMATS
from .key_commands import add_key_file_argument, signing_key_from
from .list_commands import add_keys_argument, keys_from
from .reader import read

_WRITABLE = [format for format in FORMATS if format != "legacy-json"]


def add_diff(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `diff`."""
    _add_two_lists(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run_diff)


def add_delta(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `delta`."""
    _add_two_lists(parser)
    _add_output(parser)
    add_key_file_argument(parser)
    parser.set_defaults(run=run_delta)


def add_apply_delta(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `apply-delta`."""
    parser.add_argument("list", type=Path, help="folder of the list that the delta starts from")
    parser.add_argument("delta", type=Path, help="folder of the delta")
    _add_output(parser)
    parser.add_argument("--format", choices=_WRITABLE, default="parquet", help="of the new list (parquet)")
    add_keys_argument(parser)
    parser.set_defaults(run=run_apply_delta)


def run_diff(arguments: argparse.Namespace) -> None:
    """Print what came and went; it names people."""
    keys = keys_from(arguments.keys)
    old, new = read(arguments.old, keys=keys), read(arguments.new, keys=keys)
    delta = delta_between(old.rules, new.rules)
    if arguments.json:
        sys.stdout.write(json.dumps(diffing.as_json(old.manifest, new.manifest, delta), indent=2) + "\n")
    else:
        diffing.show(Console(), old.manifest, new.manifest, delta)


def run_delta(arguments: argparse.Namespace) -> None:
    """Write the delta, signed if there is a key."""
    keys, signing_key = keys_from(arguments.keys), signing_key_from(arguments.key_file)
    old, new = read(arguments.old, keys=keys), read(arguments.new, keys=keys)
    manifest = write_delta(old, new, output=arguments.output, signing_key=signing_key)
    counts = ", ".join(f"{number:,} {kind}" for kind, number in manifest.counts.items())
    sys.stdout.write(
        f"{arguments.output} leads from release {manifest.before.release} to {manifest.after.release}: {counts}."
        f" {'It is signed.' if manifest.key_id else 'It is not signed.'}\n"
    )


def run_apply_delta(arguments: argparse.Namespace) -> None:
    """Write the newer list. With keys the delta must be signed; it vouches for the list it starts from."""
    manifest = follow_delta(
        read(arguments.list),
        arguments.delta,
        output=arguments.output,
        format=arguments.format,
        keys=keys_from(arguments.keys),
    )
    sys.stdout.write(
        f"{arguments.output} is the list of release {manifest.release}, with its canonical hash"
        f" {manifest.canonical_sha256}. It was written here and is not signed.\n"
    )


def _add_two_lists(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, help="folder of the earlier list")
    parser.add_argument("new", type=Path, help="folder of the later list")
    add_keys_argument(parser)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="new folder to write")
