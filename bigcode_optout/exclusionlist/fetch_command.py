"""The command `fetch`."""

import argparse
import sys
from pathlib import Path

from .fetch import Guard, fetch
from .formats import FORMATS, KEYED_FORMATS
from .list_commands import add_keys_argument, keys_from
from .roll_back import default_state
from .secret_files import secret_text
from .transport import Transport

TOKEN_VARIABLE = "BIGCODE_EXCLUSIONS_TOKEN"  # noqa: S105 - the name of a variable, not a token


def add_fetch(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument(
        "url", help="of a release in the desk's API, with --format; or of a folder that is served as it is"
    )
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="new folder for the list")
    add_keys_argument(parser, required=True)
    parser.add_argument("--format", choices=[*FORMATS, *KEYED_FORMATS], help="which form of the release")
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", help=f"the access token (else ${TOKEN_VARIABLE})"
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        default=default_state(),
        help="where is noted what was used last",
    )
    parser.add_argument(
        "--allow-older", action="store_true", help="do not look at, nor change, what was used last"
    )
    parser.add_argument("--seconds", type=float, default=600, metavar="N", help="for everything (600)")
    parser.add_argument(
        "--largest", type=int, default=2 * 1024**3, metavar="BYTES", help="of all files together (2 GiB)"
    )
    parser.set_defaults(run=run_fetch)


def run_fetch(arguments: argparse.Namespace) -> None:
    """Fetch the list and print one sentence."""
    keys = keys_from(arguments.keys)
    assert keys is not None  # the argument is required
    token = secret_text(arguments.token_file, variable=TOKEN_VARIABLE)
    guard = Guard(keys, arguments.largest, None if arguments.allow_older else arguments.state)
    with Transport(arguments.url, token=token, total_seconds=arguments.seconds) as server:
        manifest = fetch(server, output=arguments.output, guard=guard, format=arguments.format)
    sys.stdout.write(
        f"{arguments.output} is the list of release {manifest.release}: {manifest.counts['rules']:,} rules,"
        f" signed by the key {manifest.key_id}.\n"
    )
