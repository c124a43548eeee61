"""`python -m bigcode_optout.datasetindex build|lookup|store|copies|check`.

Exit code 0 on success, 1 with a sentence, 2 for usage.
"""

import argparse
import datetime as dt
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from bigcode_optout.names import NameRefused

from .building import DEDUPLICATED, build
from .copies import build_copies
from .errors import IndexBroken, IndexBuildError
from .index import open_index
from .lookup import as_json, look_up, show_table
from .lookup_store.rebuilding import rebuild_store
from .readers import AUTO, SCHEMAS
from .reporting import shown_progress
from .summary import counted, summary


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except NameRefused as refused:
        hint = f" Did you mean {refused.suggestion}?" if refused.suggestion else ""
        print(f"{refused.sentence}{hint}", file=sys.stderr)
    except (IndexBuildError, IndexBroken) as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bigcode_optout.datasetindex", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="build|lookup|store|copies|check")

    builder = commands.add_parser("build", help="make an index from dataset metadata")
    builder.add_argument(
        "inputs", nargs="+", type=Path, metavar="FILE_OR_FOLDER", help="files, folders, globs"
    )
    builder.add_argument("--output", required=True, type=Path, help="a folder that does not exist yet")
    builder.add_argument(
        "--schema", default=AUTO, choices=(AUTO, *SCHEMAS), help="default: as the columns say"
    )
    builder.add_argument(
        "--data-date", required=True, type=_date, help="the day the data stands for, YYYY-MM-DD"
    )
    builder.add_argument("--dataset", default="the-stack")
    builder.add_argument("--version", default="")
    builder.add_argument("--deduplicated", choices=DEDUPLICATED, help="default: as the schema is published")
    builder.add_argument(
        "--no-lookup-store", dest="has_store", action="store_false", help="look-ups take longer"
    )
    builder.add_argument(
        "--copies", dest="has_copies", action="store_true", help="then count copies in others' repositories"
    )
    builder.add_argument(
        "--no-disk-check",
        dest="is_disk_checked",
        action="store_false",
        help="begin, however little room there is",
    )
    _add_limits(builder)
    builder.set_defaults(run=_build)

    finder = commands.add_parser("lookup", help="say what an index has under some names")
    finder.add_argument("index", type=Path, metavar="DIR")
    finder.add_argument("names", nargs="+", metavar="NAME", help="login, owner/name or GitHub address")
    finder.add_argument("--json", action="store_true")
    finder.set_defaults(run=_lookup)

    packer = commands.add_parser("store", help="make the look-up store of an index anew")
    packer.add_argument("index", type=Path, metavar="DIR")
    _add_limits(packer)
    packer.set_defaults(run=_store)

    counter = commands.add_parser(
        "copies", help="count copies in repositories of other owners, or go on with it"
    )
    counter.add_argument("index", type=Path, metavar="DIR")
    counter.add_argument(
        "inputs", nargs="+", type=Path, metavar="FILE_OR_FOLDER", help="what the index was built from"
    )
    _add_limits(counter)
    counter.set_defaults(run=_copies)

    checker = commands.add_parser("check", help="compare every file of an index with its SHA-256")
    checker.add_argument("index", type=Path, metavar="DIR")
    checker.set_defaults(run=_check)
    return parser


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--memory-limit", default="2GB", help="of all processes together; default: 2GB")
    parser.add_argument("--threads", type=_count, default=2, help="and processes; default: 2")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no date; write it as 2023-09-06") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no number of threads")
    return int(text)


def _build(options: argparse.Namespace) -> int:
    with shown_progress() as on_progress:
        manifest = build(
            options.inputs,
            output=options.output,
            schema=options.schema,
            data_date=options.data_date,
            dataset=options.dataset,
            version=options.version,
            deduplicated=options.deduplicated,
            memory_limit=options.memory_limit,
            threads=options.threads,
            has_store=options.has_store,
            is_disk_checked=options.is_disk_checked,
            on_progress=on_progress,
        )
    first, *others = summary(manifest)
    print(f"{options.output}: {first}", *others, sep="\n")
    return _count_copies(options, options.output) if options.has_copies else 0


def _copies(options: argparse.Namespace) -> int:
    return _count_copies(options, options.index)


def _count_copies(options: argparse.Namespace, index: Path) -> int:
    with shown_progress() as on_progress:
        copies = build_copies(
            index,
            options.inputs,
            memory_limit=options.memory_limit,
            threads=options.threads,
            on_progress=on_progress,
        )
    print(
        f"{index}: of {copies.files_counted:,} files {copies.copied_files:,} also stand in repositories of other "
        f"owners, of {copies.repositories:,} repositories {copies.repositories_with_copies:,} have such files."
    )
    return 0


def _lookup(options: argparse.Namespace) -> int:
    found = look_up(options.index, options.names)
    if options.json:
        print(as_json(found))
    else:
        show_table(found)
    return 0


def _store(options: argparse.Namespace) -> int:
    with shown_progress() as on_progress:
        folder = rebuild_store(
            options.index,
            memory_limit=options.memory_limit,
            threads=options.threads,
            on_progress=on_progress,
        )
    print(f"{folder}: written anew.")
    return 0


def _check(options: argparse.Namespace) -> int:
    with open_index(options.index, verify=True) as index:
        count = counted(len(index.manifest.contents), "file")
        with_store = " and a whole look-up store" if index.has_store else "; it has no look-up store"
        print(f"{options.index}: {count} as written{with_store}.")
    return 0


def _stop(signum: int, frame: object) -> None:
    # As an exception, so that a half-made folder is removed.
    sys.exit(128 + signum)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
