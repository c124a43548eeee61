"""The table of formats: where the data file stands, how it is written and read, what the dataset card must
say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from . import format_csv, format_jsonl, format_legacy, format_parquet
from .errors import ListBroken
from .facts import Spellings
from .legacy import legacy_columns
from .rules import Rule
from .schema import COLUMNS

Format = Literal["parquet", "csv", "jsonl", "legacy-json"]
FORMATS: tuple[Format, ...] = get_args(Format)

TYPED_SCHEMA = tuple({"name": c.name, "type": c.type, "nullable": c.nullable} for c in COLUMNS)
LEGACY_SCHEMA = ({"name": "*", "type": "list<string>", "nullable": False},)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A data file's bytes, and how many rules it does not say exactly."""

    content: bytes
    lossy_rules: int = 0


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """How one format is written, read and described.

    `decode` is None where rules cannot be had back; `check` then looks at the file's shape alone.
    `card_options` are the loader's options for the dataset card, `card_types` the types it must be told
    instead of the column's own.
    """

    path: str
    encode: Callable[[list[Rule], Spellings], Encoded]
    decode: Callable[[bytes], list[Rule]] | None
    check: Callable[[bytes], None] | None = None
    schema: tuple[dict[str, Any], ...] = TYPED_SCHEMA
    card_options: tuple[str, ...] = ()
    card_types: Mapping[str, str] = field(default_factory=dict)


def _legacy(rules: list[Rule], spellings: Spellings) -> Encoded:
    legacy = legacy_columns(rules, spellings)
    return Encoded(format_legacy.encode(legacy.columns), legacy.lossy_rules)


SPECS: dict[Format, FormatSpec] = {
    "parquet": FormatSpec(
        "data/exclusions.parquet",
        lambda rules, _: Encoded(format_parquet.encode(rules)),
        format_parquet.decode,
    ),
    "csv": FormatSpec(
        "data/exclusions.csv",
        lambda rules, _: Encoded(format_csv.encode(rules)),
        format_csv.decode,
        # Else the loader takes the accounts "null", "NA", "None" and others for absent names.
        card_options=("keep_default_na: false", 'na_values: [""]'),
        # The loader takes a column without any date for numbers, and cannot make dates of those.
        card_types={"name_valid_until": "string"},
    ),
    "jsonl": FormatSpec(
        "data/exclusions.jsonl", lambda rules, _: Encoded(format_jsonl.encode(rules)), format_jsonl.decode
    ),
    "legacy-json": FormatSpec("data/opt_out.json", _legacy, None, format_legacy.check, LEGACY_SCHEMA),
}


def spec_of(name: str) -> FormatSpec:
    """Return the format's row. Raises ListBroken for a name that is none."""
    for known, spec in SPECS.items():
        if known == name:
            return spec
    raise ListBroken(f"The format {name!r} is unknown; known are {', '.join(FORMATS)}.")
