"""`bigcode-exclusions`: fetch, check and use exclusion lists, without Django."""

import argparse
import sys
from collections.abc import Sequence

from . import ExclusionListError
from .apply_command import add_apply
from .delta_commands import add_apply_delta, add_delta, add_diff
from .fetch_command import add_fetch
from .gate_command import add_gate
from .key_commands import add_generate_key, add_generate_list_key, add_sign
from .list_commands import add_check, add_show
from .match_command import add_match
from .receipt_command import add_check_receipt, add_check_report
from .upload_command import add_upload
from .verify_command import add_verify

COMMANDS = {
    "fetch": (add_fetch, "get a signed list from a server"),
    "check": (add_check, "check signature, hashes, columns, rules and counts"),
    "show": (add_show, "print the list's manifest"),
    "diff": (add_diff, "print what came and went between two lists"),
    "apply": (add_apply, "write shards without what a list covers"),
    "verify": (add_verify, "check that nothing a list covers is left in shards"),
    "gate": (add_gate, "fail if planned shards, or an index, hold anything that a list covers"),
    "check-receipt": (add_check_receipt, "check that a receipt stands as it was signed"),
    "check-report": (add_check_report, "check that a signed report stands as it was signed"),
    "match": (add_match, "print those of your names that a keyed list covers"),
    "apply-delta": (add_apply_delta, "make a newer list from an older one and a delta"),
    "delta": (add_delta, "write what leads from one list to a later one"),
    "upload": (add_upload, "send a list to the Hugging Face Hub; says what it would do unless told"),
    "sign": (add_sign, "write a signed copy of a list"),
    "generate-key": (add_generate_key, "make a key that signs lists"),
    "generate-list-key": (add_generate_list_key, "make the key of a keyed list"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 only on success, 1 for a broken list with its sentence on stderr, 2 for wrong
    usage.
    """
    parser = argparse.ArgumentParser(prog="bigcode-exclusions", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, (add, help_text) in COMMANDS.items():
        add(commands.add_parser(name, help=help_text))
    parsed = parser.parse_args(arguments)
    try:
        parsed.run(parsed)
    except ExclusionListError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        # What no command foresaw: a full disk, a pipe that nobody reads, a folder that may not be read.
        print(
            f"{error.filename or 'It'} could not be read or written: {error.strerror or error}.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
