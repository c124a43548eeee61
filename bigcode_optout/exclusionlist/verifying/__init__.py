"""Check, independently of `applying`, that nothing of a list is left in shards, or in what is planned."""

from .gate import gate
from .run import Check, verify

__all__ = ["Check", "gate", "verify"]
