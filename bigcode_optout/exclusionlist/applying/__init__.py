"""Apply a list to the shards of a dataset version: the rows it covers go, everything else stays as it is."""

from .layout import SCHEMAS, Schema
from .one_shard import apply_to_shard
from .options import Options, Run
from .result import RuleCount, ShardResult
from .run import Spread, apply
from .spark import on_spark
from .threads import on_this_machine

__all__ = [
    "SCHEMAS",
    "Options",
    "RuleCount",
    "Run",
    "Schema",
    "ShardResult",
    "Spread",
    "apply",
    "apply_to_shard",
    "on_spark",
    "on_this_machine",
]
