"""`python -m bigcode_optout.datasetindex.worker`: packs files of the look-up store for a build, and ends with it.

Reads a `StoreJob` as JSON from each line of stdin and answers with a line on stdout: an `IndexFile`, or `error` with a
sentence. When the build is gone, stdin ends, and so does this.
"""

import json
import os
import signal
import sys
from dataclasses import asdict

from .bucket import StoreJob, make_store
from .errors import IndexBuildError


def main() -> None:
    # Ctrl-C reaches the whole group; the build hears it and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as answers:
        # Whatever a library prints goes elsewhere: DuckDB's progress bar did.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in sys.stdin:
            answers.write(json.dumps(_answer(line)) + "\n")
            answers.flush()


def _answer(line: str) -> dict[str, object]:
    try:
        return asdict(make_store(StoreJob(**json.loads(line))))
    except IndexBuildError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    main()
