"""The shared vectors, read once."""

import json
from pathlib import Path

_VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
FOLD: list[dict[str, str | None]] = _VECTORS["fold"]
OWNERS: dict[str, list[str]] = _VECTORS["owners"]
REPOSITORIES: dict[str, list[str]] = _VECTORS["repositories"]
