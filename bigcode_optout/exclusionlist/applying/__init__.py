"""Apply a list to the shards of a dataset version: the rows it covers go, everything else stays as it is."""

from .layout import SCHEMAS, Schema
from .one_shard import apply_to_shard
from .options import Options, Run
from .result import RuleCount, ShardResult
from .run import apply

__all__ = ["SCHEMAS", "Options", "RuleCount", "Run", "Schema", "ShardResult", "apply", "apply_to_shard"]
