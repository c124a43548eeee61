"""Which versions made a report."""

import duckdb
import pyarrow as pa

TOOL_VERSION = "3"
"""Raised when the same list and shards would give another result or report."""


def tool_versions() -> dict[str, str]:
    """Return our version and those of the engines, as a report names them."""
    return {"exclusionlist": TOOL_VERSION, "duckdb": duckdb.__version__, "pyarrow": pa.__version__}
