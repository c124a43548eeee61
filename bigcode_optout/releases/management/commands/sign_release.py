"""`manage.py sign_release NAME`."""

from typing import Any

from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.resigning import sign_release


class Command(ReleaseCommand):
    """The data stays as it is; manifest and signature change. What is under the key already is left alone."""

    help = "Put the kept lists of a frozen release under the configured key."

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Sign."""
        changed = sign_release(release=release)
        formats = ", ".join(changed) or "nothing, since all are already"
        return {"release": release.name, "signed": changed}, f"Under the configured key: {formats}."
