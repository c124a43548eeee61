"""The command `upload`."""

import argparse
import sys
from pathlib import Path

from .errors import KeyRefused
from .list_commands import add_keys_argument, keys_from
from .secret_files import secret_text
from .upload import Parcel, open_hub, parcel_of, upload

TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 - the name of a variable, not a token


def add_upload(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("folder", type=Path, help="folder of an exported list")
    parser.add_argument("--repo", required=True, metavar="NAME", help="dataset repository, namespace/name")
    parser.add_argument(
        "--execute", action="store_true", help="send it; else only what would be sent is said"
    )
    parser.add_argument("--public", action="store_true", help="the repository may be public: it names people")
    parser.add_argument("--allow-unsigned", action="store_true", help="send a list that nobody signed")
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", help=f"the Hub’s access token (else ${TOKEN_VARIABLE})"
    )
    add_keys_argument(parser)
    parser.set_defaults(run=run_upload)


def run_upload(arguments: argparse.Namespace) -> None:
    """Say what would be sent, or send it. Raises ExclusionListError."""
    keys = keys_from(arguments.keys)
    parcel = parcel_of(arguments.folder, keys=keys, is_unsigned_allowed=arguments.allow_unsigned)
    if not arguments.execute:
        sys.stdout.write(_plan(parcel, arguments))
        return
    token = secret_text(arguments.token_file, variable=TOKEN_VARIABLE)
    if not token:
        raise KeyRefused(f"There is no access token for the Hub: give --token-file or ${TOKEN_VARIABLE}.")
    address = upload(parcel, arguments.repo, open_hub(token.strip()), is_public=arguments.public)
    sys.stdout.write(f"The list of release {parcel.manifest.release} was sent: {address}\n")


def _plan(parcel: Parcel, arguments: argparse.Namespace) -> str:
    kind = "may be public" if arguments.public else "must be private"
    lines = [f"Would send to the dataset repository {arguments.repo}, which {kind}:"]
    lines += [f"{len(content):>16,} bytes  {path}" for path, content in parcel.files.items()]
    return "\n".join([*lines, "Nothing was sent. Say --execute to send it.\n"])
