"""The optional pass over copies: which files of a repository also stand with other owners."""

from .beside import CopiesBeside
from .build import build_copies
from .manifest import CopiesManifest
from .reader import Copies, RepositoryCopies, copies_folder, open_copies
from .space import disk_needed

__all__ = [
    "Copies",
    "CopiesBeside",
    "CopiesManifest",
    "RepositoryCopies",
    "build_copies",
    "copies_folder",
    "disk_needed",
    "open_copies",
]
