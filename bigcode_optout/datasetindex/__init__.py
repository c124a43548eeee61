"""The index over a dataset version: which repositories of whom are in it, with how many files."""

from importlib import import_module
from typing import TYPE_CHECKING

from .errors import IndexBroken, IndexBuildError
from .index import Index, open_index
from .manifest import IndexFile, IndexManifest, RefusedNames
from .progress import BuildProgress
from .records import IndexedRepository, LanguageShare, Match, Totals

if TYPE_CHECKING:
    from .building import build
    from .lookup_store.rebuilding import rebuild_store

__all__ = [
    "BuildProgress",
    "Index",
    "IndexBroken",
    "IndexBuildError",
    "IndexFile",
    "IndexManifest",
    "IndexedRepository",
    "LanguageShare",
    "Match",
    "RefusedNames",
    "Totals",
    "build",
    "open_index",
    "rebuild_store",
]

_BUILDERS = {"build": ".building", "rebuild_store": ".lookup_store.rebuilding"}


def __getattr__(name: str) -> object:
    """Import what builds when it is first named: whoever only looks up needs no query engine."""
    if name not in _BUILDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_BUILDERS[name], __name__), name)
