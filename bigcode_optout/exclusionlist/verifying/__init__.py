"""Check, independently of `applying`, that nothing of a list is left in shards."""

from .run import Check, verify

__all__ = ["Check", "verify"]
