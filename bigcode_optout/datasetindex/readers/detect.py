"""Which schema the input files have, told from their columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import IndexBuildError
from ..inputs import InputFile

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class _Marks:
    """A schema's columns: one of `any_of` and all of `all_of` are there, and none of `none_of`."""

    all_of: frozenset[str] = frozenset()
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()

    def fit(self, columns: frozenset[str]) -> bool:
        has_any = not self.any_of or bool(self.any_of & columns)
        return self.all_of <= columns and has_any and not self.none_of & columns


_OF_A_FILE = frozenset(
    {"blob_id", "content_id", "path", "length_bytes", "revision_id", "github_id", "detected_licenses"}
)
_OF_A_V3_REPOSITORY = frozenset({"repo_id", "commit_id", "github_metadata", "num_files"})

_MARKS: dict[str, _Marks] = {
    "v1": _Marks(any_of=frozenset(f"max_{kind}_repo_name" for kind in ("stars", "issues", "forks"))),
    "v2": _Marks(frozenset({"repo_name"}), any_of=_OF_A_FILE, none_of=frozenset({"files"})),
    "v2-ids": _Marks(frozenset({"repo_name", "files"})),
    "v3": _Marks(frozenset({"repo_path", "files"})),
    "v3-metadata": _Marks(frozenset({"repo_path"}), any_of=_OF_A_V3_REPOSITORY, none_of=frozenset({"files"})),
}
_JSON = "username-to-repo"


def detect(file: InputFile) -> str:
    """Return the schema of `file`; raises IndexBuildError if none fits its columns, or several."""
    if file.is_json:
        return _JSON
    fitting = [schema for schema, marks in _MARKS.items() if marks.fit(frozenset(file.columns))]
    if len(fitting) == 1:
        return fitting[0]
    found = f"Its columns are: {', '.join(file.columns)}. "
    known = f"Known schemas are: {', '.join((*_MARKS, _JSON))}; name one to read it as such."
    if fitting:
        raise IndexBuildError(
            f"{file.path} has the columns of several schemas ({', '.join(fitting)}). {found}{known}"
        )
    raise IndexBuildError(f"{file.path} has the columns of no known schema. {found}{known}")


def settle(asked: str, files: Sequence[InputFile]) -> str:
    """Return the one schema in which all `files` are read: `asked`, or what they have where it is `auto`.

    Raises IndexBuildError where they differ.
    """
    if asked != AUTO:
        return asked
    first, *others = [(detect(file), file) for file in files]
    for schema, file in others:
        if schema != first[0]:
            raise IndexBuildError(
                f"{first[1].path} has the schema {first[0]}, but {file.path} has {schema}. "
                "Files of different schemas go into builds of their own."
            )
    return first[0]
