"""One shard from input to output: what every engine that spreads shards over workers calls."""

import glob
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from ..facts import SharedContent
from ..shards import Shard, ShardBroken, WriteFailed, flush, open_shard
from ..shards.errors import reason
from .columns import locate
from .engine import Engine
from .layout import Schema
from .matching import Tables, find_rows
from .result import ShardResult, count, unchanged
from .rewriting import rewrite


def apply_to_shard(
    engine: Engine, shard: Shard, output: Path, *, schema: Schema, shared_content: SharedContent
) -> ShardResult:
    """Put the shard without its covered rows into the folder `output`, under its own name; return figures.

    It is written under a hidden name of its own and renamed when it is whole and on the disk, so that two tries at
    one shard never write into one file; a file of its name is replaced. A shard of which nothing goes is linked
    or, over file systems, copied. Raises ShardBroken, ShardRefused, WriteFailed; then nothing new stands under the
    shard's name.
    """
    target = output / shard.name
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    with open_shard(shard.path) as opened:
        located = locate(schema, opened.schema_arrow, name=shard.name)
        tables = Tables(engine.cursor)
        try:
            keep_shared = shared_content == "keep"
            is_hit = find_rows(tables, engine.asked, opened, shard.path, located, keep_shared=keep_shared)
            rows, lacks_logins = opened.metadata.num_rows, located.lacks_logins
            if is_hit:
                result = count(tables.cursor(), rows_in=rows, lacks_logins=lacks_logins)
            else:
                result = unchanged(rows_in=rows, lacks_logins=lacks_logins)
            target.parent.mkdir(parents=True, exist_ok=True)
            if result.is_unchanged:
                pass_through(shard.path, partial)
            else:
                rewrite(tables.cursor(), opened, shard.path, partial, located, name=shard.name)
                flush(partial)
            partial.replace(target)
        except duckdb.Error as error:
            raise ShardBroken(f"{shard.path} cannot be searched: {reason(error)}.") from error
        except (pa.ArrowException, OSError) as error:
            raise _told(error, shard.path, target) from error
        finally:
            tables.close()
            with suppress(OSError):
                partial.unlink()
    return result


def clear_partial(target: Path) -> None:
    """Remove what killed tries at a shard left behind. Nobody may be at work on it."""
    for partial in target.parent.glob(f".{glob.escape(target.name)}.????????.partial*"):
        partial.unlink(missing_ok=True)


def pass_through(source: Path, target: Path) -> None:
    """Make `target` the same bytes as `source`: a second name of the file where that can be, else a copy."""
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)
        flush(target)


def _told(error: Exception, source: Path, target: Path) -> ShardBroken | WriteFailed:
    """pyarrow names a failed system call by its number, as OSError; what it cannot read has none."""
    if isinstance(error, OSError) and error.errno:
        return WriteFailed(
            f"{target} could not be written: {reason(error)}. Shards that are finished stay;"
            " the same command goes on from there."
        )
    return ShardBroken(f"{source} cannot be read: {reason(error)}.")
