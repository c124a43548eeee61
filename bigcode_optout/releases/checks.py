"""What an installation that is open to the public must have."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from bigcode_optout.exclusionlist import KeyRefused
from bigcode_optout.releases.signing import read_key


@register(Tags.security, deploy=True)
def lists_are_signed(**_: Any) -> list[CheckMessage]:
    """Nobody can tell a list without a signature from one that somebody made up."""
    if settings.EXCLUSION_SIGNING_KEY and settings.EXCLUSION_SIGNING_KEY_FILE:
        hint = "Keep EXCLUSION_SIGNING_KEY or EXCLUSION_SIGNING_KEY_FILE, not both."
        return [Error("There are two signing keys.", hint=hint, id="releases.E002")]
    try:
        key = read_key()
    except KeyRefused as refused:
        return [Error(str(refused), id="releases.E003")]
    if key is None:
        hint = "Run manage.py generate_signing_key FILE, and set EXCLUSION_SIGNING_KEY_FILE."
        return [Error("There is no key: lists and receipts are not signed.", hint=hint, id="releases.E001")]
    if settings.EXCLUSION_SIGNING_KEY_FILE and _others_may_read(Path(settings.EXCLUSION_SIGNING_KEY_FILE)):
        return [Warning("Everybody on this machine may read the signing key.", id="releases.W004")]
    return []


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o004)
