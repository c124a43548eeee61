"""Sign a list that exists: for the first time, or anew when its key was lost or leaked."""

import shutil
from dataclasses import replace
from pathlib import Path

from .manifest import Manifest
from .placing import new_folder
from .reader import opened
from .signing import SigningKey
from .writer import place_manifest


def signed_copy(folder: Path, *, output: Path, signing_key: SigningKey) -> Manifest:
    """Write the whole list in `folder`, its files as they are, into the folder `output`, signed by the key.

    The manifest changes in its key id alone. An older signature is not looked at: who signs vouches for the
    list. Raises ListBroken as `read` does, OutputRefused as `write` does.
    """
    old, _, _ = opened(folder, None)
    manifest = replace(old, key_id=signing_key.key_id)
    with new_folder(output) as copy:
        for entry in old.files:
            (copy / entry.path).parent.mkdir(exist_ok=True)
            shutil.copyfile(folder / entry.path, copy / entry.path)
        place_manifest(copy, manifest.to_json(), signing_key)
    return manifest
