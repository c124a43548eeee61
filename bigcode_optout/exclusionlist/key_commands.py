"""The commands `generate-key`, `generate-list-key` and `sign`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from .errors import KeyRefused
from .key_set import KeySet, PublicKey
from .keyed import ListKey
from .secret_files import secret_text, write_secret
from .signed_copy import signed_copy
from .signing import SigningKey

SIGNING_KEY_VARIABLE = "BIGCODE_SIGNING_KEY"


def add_generate_key(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `generate-key`."""
    parser.add_argument("file", type=Path, help="new file for the private key")
    parser.set_defaults(run=run_generate_key)


def add_generate_list_key(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `generate-list-key`."""
    parser.add_argument("file", type=Path, help="new file for the key")
    parser.set_defaults(run=run_generate_list_key)


def add_sign(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of `sign`."""
    parser.add_argument("folder", type=Path, help="folder of an exported list")
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="new folder for the copy")
    add_key_file_argument(parser)
    parser.set_defaults(run=run_sign)


def add_key_file_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--key-file`."""
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help=f"private key in PEM (else ${SIGNING_KEY_VARIABLE})"
    )


def signing_key_from(path: Path | None) -> SigningKey | None:
    """Return the key of the file, else of the environment, else None. Raises KeyRefused."""
    pem = secret_text(path, variable=SIGNING_KEY_VARIABLE)
    return SigningKey.from_pem(pem.encode("utf-8")) if pem else None


def run_generate_key(arguments: argparse.Namespace) -> None:
    """Write the private key for its owner alone, and print a key set that has the public one."""
    key = SigningKey.generate()
    write_secret(arguments.file, key.to_pem())
    entry = PublicKey.of(key.public_pem, valid_from=datetime.now(UTC).date())
    sys.stdout.write(KeySet([entry]).to_json().decode("ascii"))


def run_generate_list_key(arguments: argparse.Namespace) -> None:
    """Write the key for its owner alone."""
    write_secret(arguments.file, ListKey.generate().to_text().encode("ascii"))
    sys.stdout.write(
        f"{arguments.file} has the key of one release’s keyed list. Keep it as you keep the list.\n"
    )


def run_sign(arguments: argparse.Namespace) -> None:
    """Write the signed copy."""
    key = signing_key_from(arguments.key_file)
    if key is None:
        raise KeyRefused(f"There is no key to sign with: give --key-file or ${SIGNING_KEY_VARIABLE}.")
    manifest = signed_copy(arguments.folder, output=arguments.output, signing_key=key)
    sys.stdout.write(
        f"{arguments.output} is the list of release {manifest.release}, signed by the key {key.key_id}.\n"
    )
