"""The manifest of a result: to which build it belongs, what is in it, how to tell that it is whole."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from ..manifest import IndexFile

FORMAT = 1


@dataclass(frozen=True, slots=True)
class CopiesManifest:
    """`build_id` is the index's that was measured. `files_counted` are its files with a content id.

    `copied_files` are those of them whose content also stands with another owner, `most_owners` the number
    of owners above which a content's are counted and not named. `contents` has a file for each bucket.
    """

    build_id: str
    schema: str
    repositories: int
    repositories_with_copies: int
    files_counted: int
    copied_files: int
    most_owners: int
    contents: tuple[IndexFile, ...]
    writer: str = ""

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "CopiesManifest":
        """Read a manifest; raises ValueError, KeyError or TypeError where it is not one of this format."""
        fields: Any = json.loads(text)
        if not isinstance(fields, dict) or fields.pop("format", None) != FORMAT:
            raise ValueError("not a manifest of this format")
        fields["contents"] = tuple(IndexFile(**file) for file in fields["contents"])
        return cls(**fields)
