"""Dataset shards as files: which there are, opening them, and the versions of the tools that touch them.

`apply` and `verify` share this much. What a name is compared with is no part of it: each has its own.
"""

from .errors import InputRefused, ShardBroken, ShardRefused, WriteFailed
from .finding import Shard, find_shards
from .opening import identity_of, open_shard
from .tool import tool_versions
from .writing import flush, write_json

__all__ = [
    "InputRefused",
    "Shard",
    "ShardBroken",
    "ShardRefused",
    "WriteFailed",
    "find_shards",
    "flush",
    "identity_of",
    "open_shard",
    "tool_versions",
    "write_json",
]
