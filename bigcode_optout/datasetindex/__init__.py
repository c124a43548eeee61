"""The index over a dataset version: which repositories of whom are in it, with how many files."""

from .build import build
from .errors import IndexBroken, IndexBuildError
from .index import Index, open_index
from .lookup_store.rebuilding import rebuild_store
from .manifest import IndexFile, IndexManifest, RefusedNames
from .progress import BuildProgress
from .records import IndexedRepository, LanguageShare, Match, Totals

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
