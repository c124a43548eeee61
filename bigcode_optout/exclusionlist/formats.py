"""The table of formats: where the data file stands, how it is written and read, what the dataset card must
say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Literal, get_args

from . import card_texts, format_csv, format_jsonl, format_legacy, format_parquet
from .errors import FactsRefused, ListBroken
from .facts import Spellings
from .keyed import KEYED_COLUMNS, ListKey, keyed_rows_of, row_from_keyed, sorted_keyed_rows
from .legacy import legacy_columns
from .rules import Rule
from .schema import COLUMNS, Column, Row, described, row_from_rule, rule_from_row

Format = Literal["parquet", "csv", "jsonl", "legacy-json"]
FORMATS: tuple[Format, ...] = get_args(Format)
KeyedFormat = Literal["keyed-parquet", "keyed-csv", "keyed-jsonl"]
KEYED_FORMATS: tuple[KeyedFormat, ...] = get_args(KeyedFormat)
"""Apart from FORMATS, since they need a key and go to other people."""


@dataclass(frozen=True, slots=True)
class Aids:
    """What single formats need beside the rules: `spellings` the legacy one, `list_key` the keyed ones."""

    spellings: Spellings = field(default_factory=Spellings)
    list_key: ListKey | None = None


@dataclass(frozen=True, slots=True)
class TableFormat:
    """Rows of any columns to a file, and back."""

    encode: Callable[[Iterable[Row], tuple[Column, ...], BinaryIO], None]
    decode: Callable[[bytes, tuple[Column, ...]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """How one format is written, read and described.

    `encode` answers how many rules the file does not say exactly. `decode` is None where rules cannot be
    had back; `check` then looks at the file's shape alone. `card_options` are the loader's options for the
    dataset card, `card_types` the types it must be told instead of the column's own; without `columns` the
    card names no features.
    """

    path: str
    encode: Callable[[list[Rule], Aids, BinaryIO], int]
    decode: Callable[[bytes], list[Rule]] | None
    schema: tuple[dict[str, Any], ...]
    card_text: str
    check: Callable[[bytes], None] | None = None
    columns: tuple[Column, ...] = ()
    card_options: tuple[str, ...] = ()
    card_types: Mapping[str, str] = field(default_factory=dict)


TABLES = {
    "parquet": TableFormat(format_parquet.encode, format_parquet.decode),
    "csv": TableFormat(format_csv.encode, format_csv.decode),
    "jsonl": TableFormat(format_jsonl.encode, format_jsonl.decode),
}
# Else the loader takes the accounts "null", "NA", "None" and others for absent names.
_CSV_OPTIONS = ("keep_default_na: false", 'na_values: [""]')
# The loader takes a column without any date for numbers, and cannot make dates of those.
_CSV_TYPES = {"name_valid_until": "string"}


def _typed(name: str, **changes: Any) -> FormatSpec:
    table = TABLES[name]

    def encode(rules: list[Rule], aids: Aids, file: BinaryIO) -> int:
        table.encode(map(row_from_rule, rules), COLUMNS, file)
        return 0

    def decode(content: bytes) -> list[Rule]:
        rows = enumerate(table.decode(content, COLUMNS), start=1)
        return [rule_from_row(row, number=number) for number, row in rows]

    path = f"data/exclusions.{name}"
    return FormatSpec(path, encode, decode, described(COLUMNS), card_texts.TYPED, columns=COLUMNS, **changes)


def _canonical(rules: list[Rule], aids: Aids, file: BinaryIO) -> int:
    file.writelines(map(format_jsonl.canonical_line, rules))
    return 0


def _keyed(name: str, **changes: Any) -> FormatSpec:
    table = TABLES[name]

    def encode(rules: list[Rule], aids: Aids, file: BinaryIO) -> int:
        if aids.list_key is None:
            raise FactsRefused("A keyed list is written under a key; none was given.")
        table.encode(map(row_from_keyed, sorted_keyed_rows(rules, aids.list_key)), KEYED_COLUMNS, file)
        return 0

    def check(content: bytes) -> None:
        keyed_rows_of(table.decode(content, KEYED_COLUMNS))

    path, schema = f"data/keyed.{name}", described(KEYED_COLUMNS)
    return FormatSpec(
        path, encode, None, schema, card_texts.KEYED, check=check, columns=KEYED_COLUMNS, **changes
    )


def _legacy(rules: list[Rule], aids: Aids, file: BinaryIO) -> int:
    legacy = legacy_columns(rules, aids.spellings)
    format_legacy.encode(legacy.columns, file)
    return legacy.lossy_rules


SPECS: dict[Format | KeyedFormat, FormatSpec] = {
    "parquet": _typed("parquet"),
    "csv": _typed("csv", card_options=_CSV_OPTIONS, card_types=_CSV_TYPES),
    "jsonl": replace(_typed("jsonl"), encode=_canonical),
    "legacy-json": FormatSpec(
        "data/opt_out.json",
        _legacy,
        None,
        ({"name": "*", "type": "list<string>", "nullable": False},),
        card_texts.LEGACY,
        check=format_legacy.check,
    ),
    "keyed-parquet": _keyed("parquet"),
    "keyed-csv": _keyed("csv", card_options=_CSV_OPTIONS, card_types=_CSV_TYPES),
    "keyed-jsonl": _keyed("jsonl"),
}


def spec_of(name: str) -> FormatSpec:
    """Return the format's row. Raises ListBroken for a name that is none."""
    for known, spec in SPECS.items():
        if known == name:
            return spec
    raise ListBroken(f"The format {name!r} is unknown; known are {', '.join(SPECS)}.")
