"""The dataset card: front matter for `datasets.load_dataset`, the rest for people."""

from .facts import ReleaseFacts
from .formats import FormatSpec

CARD_NAME = "README.md"


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
        spec.card_text,
        "`manifest.json` holds counts, choices and the SHA-256 of each file. If it names a `key_id`,",
        "`manifest.json.sig` is its signature.",
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
    if spec.columns:
        lines += ["dataset_info:", "  config_name: default", "  features:"]
        for column in spec.columns:
            lines += [
                f"  - name: {column.name}",
                f"    dtype: {spec.card_types.get(column.name, column.type)}",
            ]
    return lines
