"""Sign kept lists anew, when their key was lost or leaked, or when there was none before."""

import json
import shutil
from pathlib import Path

from django.conf import settings

from bigcode_optout.core.errors import Conflict
from bigcode_optout.exclusionlist import signed_copy
from bigcode_optout.releases.exporting import folder_of
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.signing import key_for


def sign_release(*, release: Release) -> list[str]:
    """Put every kept list of the release under the configured key; return the formats that changed hands.

    The data stays byte for byte; only manifest and signature change. Deltas under another key are removed, to be
    written again. Raises `Conflict` when not frozen, without a key, or with one that does not count; `ListBroken` for
    files that are not whole.
    """
    if release.frozen_at is None:
        raise Conflict("not_frozen", f"{release} is still open. Freeze it first.")
    key = key_for(release.frozen_at.date())
    if key is None:
        raise Conflict("no_signing_key", "No key is configured: nothing can be signed.")
    changed = []
    for kept in release.exports.all():
        if kept.manifest["key_id"] == key.key_id:
            continue
        old = folder_of(kept)
        # In a folder of its own, so that readers have the old files until the row names the new ones.
        path = Path(kept.path).with_name(f"{kept.format}-{key.key_id[:8]}")
        shutil.rmtree(Path(settings.EXPORT_DIR) / path, ignore_errors=True)
        manifest = signed_copy(old, output=Path(settings.EXPORT_DIR) / path, signing_key=key)
        kept.path, kept.manifest = path.as_posix(), json.loads(manifest.to_json())
        kept.save(update_fields=["path", "manifest"])
        shutil.rmtree(old, ignore_errors=True)
        changed.append(kept.format)
    _remove_other_deltas(release, key.key_id)
    return changed


def _remove_other_deltas(release: Release, key_id: str) -> None:
    for delta in release.deltas.all():
        if delta.manifest["key_id"] != key_id:
            delta.delete()
            shutil.rmtree(folder_of(delta), ignore_errors=True)
