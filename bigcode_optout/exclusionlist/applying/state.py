"""What an unfinished run leaves behind, so that the same command goes on with it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import OutputRefused
from ..shards import Shard, ShardBroken, identity_of, write_json
from .locking import alone
from .options import Run
from .result import ShardResult

FOLDER = ".exclusions-apply"
_RUN = "run.json"


class State:
    """The hidden folder in the output: whose run it is, and one file for each finished shard.

    Gone when the run is finished, so that the output then holds shards and nothing else. Others may finish
    shards, too: what is copied to another process or machine, that sees the same folder, works there.
    """

    def __init__(self, output: Path, run: Run) -> None:
        """Look at an empty or new folder, or one that the same run left unfinished; nothing is written yet.

        Raises OutputRefused for a folder with anything else in it.
        """
        self.output, self._folder, self._key = output, output / FOLDER, run.key()
        self._check()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Begin or go on, and keep every other run away meanwhile. Raises OutputRefused while one is at it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with alone(self._folder / "lock", output=self.output):
            self._check()
            if self._found() != self._key:
                write_json(self._key, self._folder / _RUN)
            yield

    def _check(self) -> None:
        """A run that finished no shard is forgotten: its options may have been wrong."""
        output, found = self.output, self._found()
        if found == self._key or not output.exists() or (output.is_dir() and _is_unused(output)):
            return
        if found is None:
            raise OutputRefused(f"{output} is not an empty folder, and no unfinished run stands in it.")
        raise OutputRefused(
            f"{output} holds an unfinished run with another list or other options."
            " Go on with those, or use another folder."
        )

    def finished(self, shard: Shard) -> ShardResult | None:
        """Return the figures of a shard that is done: the input is the same one, the output is as it was left."""
        try:
            stored = json.loads(self._file(shard).read_text(encoding="utf-8"))
            if stored["input"] != identity_of(shard.path):
                return None
            if stored["output"] != identity_of(self.output / shard.name):
                return None
            return ShardResult.from_json(stored["result"])
        except (OSError, ShardBroken, ValueError, KeyError, TypeError):
            return None

    def finish(self, shard: Shard, result: ShardResult) -> None:
        """Record that the shard stands in the output, whole."""
        written = identity_of(self.output / shard.name)
        stored = {"input": identity_of(shard.path), "output": written, "result": result.to_json()}
        write_json(stored, self._file(shard), indent=None)

    def close(self) -> None:
        """Forget the run: it is finished."""
        shutil.rmtree(self._folder)

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what is too much for its memory."""
        return self._folder / "spill"

    def _found(self) -> dict[str, Any] | None:
        try:
            stored = json.loads((self._folder / _RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return stored if isinstance(stored, dict) else None

    def _file(self, shard: Shard) -> Path:
        return self._folder / "shards" / f"{shard.name}.json"


def _is_unused(output: Path) -> bool:
    """A run that finished no shard left its folder, with nothing that counts."""
    return all(entry.name == FOLDER and not (entry / "shards").exists() for entry in output.iterdir())
