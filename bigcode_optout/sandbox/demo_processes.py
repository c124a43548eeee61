"""The processes of the demo: start them, watch them, stop all of them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# A worker ends in about six seconds: its loop over a folder looks up every two.
STOP_SECONDS = 8.0
RESTARTS = 3
_PR_SET_PDEATHSIG = 1


class EndedError(Exception):
    """A process without which there is no demo has ended."""


@dataclass
class Child:
    """One process in a session of its own, so that the terminal's Ctrl-C reaches the demo alone, which stops all."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log_path: Path
    is_replaceable: bool = False
    restarts: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, with its output in the log."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    @property
    def is_running(self) -> bool:
        """True while the process lives."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """SIGTERM: finish what is at hand and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End the process and every process that it started."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_lines(self, count: int = 15) -> str:
        """The end of the log."""
        lines = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-count:])


def _end_with_parent() -> None:
    """Linux sends SIGTERM when the demo itself is killed with SIGKILL, which it cannot catch."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """All of them."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children

    def start(self) -> None:
        """Start each, with an empty log."""
        for child in self.children:
            child.log_path.write_bytes(b"")
            child.start()

    def look_after(self) -> list[str]:
        """Start again what may be started again, and name it. Raises EndedError for the others."""
        restarted = []
        for child in self.children:
            if child.is_running:
                continue
            child.kill()
            if not child.is_replaceable or child.restarts >= RESTARTS:
                raise EndedError(
                    f"{child.name} has ended. The end of {child.log_path}:\n{child.last_lines()}"
                )
            child.restarts += 1
            child.start()
            restarted.append(child.name)
        return restarted

    def stop(self) -> None:
        """Ask all, wait a little, kill the rest: requests and mails are rows, so a killed worker loses none."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(child.is_running for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.kill()
