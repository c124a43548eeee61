"""Back up what cannot be made again, and put it back: the database, the files of exports, and the keys apart."""

from .restoring import restore
from .taking import back_up

__all__ = ["back_up", "restore"]
