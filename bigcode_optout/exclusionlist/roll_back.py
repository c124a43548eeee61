"""Remember which list was used last, so that an older one, though rightly signed, is not taken again.

Somebody between desk and builder could hand out last year's list: whole and signed, but without the people who
asked since. A small state file holds, for each dataset, the release last used and the names of those before it.
"""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .errors import RolledBack
from .manifest import Manifest

_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class LastUsed:
    """What is remembered of one dataset; `earlier` are releases that were used, or replaced, before."""

    release: str
    frozen_on: date
    canonical_sha256: str
    earlier: frozenset[str] = frozenset()

    def refusal_of(self, manifest: Manifest) -> str | None:
        """Return why the list must not follow the one last used, or None if it may.

        The same release may come again with the same rules, in any format. Another must be frozen later; on
        the same day only if it names the last one as the release before it.
        """
        this, last = f"The list of release {manifest.release}", f"release {self.release}, which was used last"
        if manifest.release == self.release:
            if manifest.canonical_sha256 == self.canonical_sha256:
                return None
            return f"{this} has other rules than when it was used last."
        if manifest.release in self.earlier:
            return f"{this} is older than {last}."
        frozen_on = date.fromisoformat(manifest.frozen_on)
        if frozen_on < self.frozen_on:
            return f"{this} was frozen on {frozen_on}, before {last}."
        if frozen_on == self.frozen_on and manifest.previous_release != self.release:
            return f"{this} was frozen on the same day as {last}, and does not follow it."
        return None

    def followed_by(self, manifest: Manifest) -> "LastUsed":
        """Return what to remember once `manifest` was used."""
        if manifest.release == self.release:
            return self
        return used(manifest, earlier=self.earlier | {self.release})


def used(manifest: Manifest, *, earlier: frozenset[str] = frozenset()) -> LastUsed:
    """Return what to remember of a list; the release that it names as previous is earlier, too."""
    before = {manifest.previous_release} if manifest.previous_release else set()
    return LastUsed(
        manifest.release,
        date.fromisoformat(manifest.frozen_on),
        manifest.canonical_sha256,
        (earlier | before) - {manifest.release},
    )


def default_state() -> Path:
    """Return where the user's programs keep their state (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "bigcode-exclusions" / "last-used.json"


def require_not_older(manifest: Manifest, state: Path) -> None:
    """Raise RolledBack if the list must not follow the one last used, or if the state file is not one."""
    last = _read(state).get(manifest.dataset)
    if last and (refusal := last.refusal_of(manifest)):
        raise RolledBack(f"{refusal} It is refused; {state} remembers what was used.")


def remember(manifest: Manifest, state: Path) -> None:
    """Note in the state file that the list was used. Raises RolledBack as `require_not_older` does."""
    require_not_older(manifest, state)
    datasets = _read(state)
    last = datasets.get(manifest.dataset)
    datasets[manifest.dataset] = last.followed_by(manifest) if last else used(manifest)
    _write(state, datasets)


def _read(state: Path) -> dict[str, LastUsed]:
    try:
        stored: Any = json.loads(state.read_bytes())
        if stored["format_version"] != _FORMAT_VERSION:
            raise ValueError("another format version")
        return {
            name: LastUsed(
                str(entry["release"]),
                date.fromisoformat(entry["frozen_on"]),
                str(entry["canonical_sha256"]),
                frozenset(map(str, entry["earlier"])),
            )
            for name, entry in stored["datasets"].items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise RolledBack(
            f"{state} cannot be read, so nobody knows which list was used last. Restore it, or remove it"
            " once you are sure that the list at hand is the newest."
        ) from wrong


def _write(state: Path, datasets: dict[str, LastUsed]) -> None:
    document = {
        "format_version": _FORMAT_VERSION,
        "datasets": {
            name: {
                "release": last.release,
                "frozen_on": last.frozen_on.isoformat(),
                "canonical_sha256": last.canonical_sha256,
                "earlier": sorted(last.earlier),
            }
            for name, last in sorted(datasets.items())
        },
    }
    partial = state.with_name(f".{state.name}.{secrets.token_hex(4)}")
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        partial.replace(state)
    except OSError as wrong:
        raise RolledBack(f"{state} cannot be written: {wrong.strerror}.") from wrong
    finally:
        partial.unlink(missing_ok=True)
