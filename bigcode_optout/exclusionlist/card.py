"""The dataset card: front matter for `datasets.load_dataset`, the rest for people."""

from .facts import ReleaseFacts
from .formats import TYPED_SCHEMA, FormatSpec

CARD_NAME = "README.md"

_TYPED = """Each row is one rule: leave out what stands under this owner or repository. Names compare whole,
with A–Z folded (`name_key`); `repo_id` compares with the dataset's numeric repository id. A rule with
`name_valid_until` covers only dataset versions whose data date is not later. `files`, `commits` and
`issues` say which records are meant.
"""
_LEGACY = """One row, one column for each account, read by BigCode's older scripts. They compare letter by
letter, so each name stands in every known spelling. The format cannot say everything: `lossy_rules` in
`manifest.json` counts the rules it says only in part. The other formats of this release say all of them.
"""


def dataset_card(spec: FormatSpec, facts: ReleaseFacts) -> bytes:
    """Return README.md for a folder of this format.

    Without the front matter the library would take manifest.json for data too. Features are named so that a
    column of nulls keeps its type. Nothing of the release stands in the YAML, so nothing there needs
    quoting.
    """
    text = [
        "---",
        *_front_matter(spec),
        "---",
        "",
        "# Exclusion list",
        "",
        f"Release `{facts.release}` for `{facts.dataset}`, frozen on {facts.frozen_on.isoformat()}.",
        "",
        _TYPED if spec.schema is TYPED_SCHEMA else _LEGACY,
        "The list names people who asked to be left out. Use it to leave them out, and do not pass it on.",
        "",
        "`manifest.json` holds counts, choices and the SHA-256 of each file.",
    ]
    return ("\n".join(text) + "\n").encode("utf-8")


def _front_matter(spec: FormatSpec) -> list[str]:
    lines = [
        "configs:",
        "- config_name: default",
        "  data_files:",
        "  - split: train",
        f"    path: {spec.path}",
        *(f"  {option}" for option in spec.card_options),
    ]
    if spec.schema is TYPED_SCHEMA:
        lines += ["dataset_info:", "  config_name: default", "  features:"]
        for column in spec.schema:
            name = column["name"]
            lines += [f"  - name: {name}", f"    dtype: {spec.card_types.get(name, column['type'])}"]
    return lines
