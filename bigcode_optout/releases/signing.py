"""The key that signs, from the settings, and the public keys that are served for those who check.

`EXCLUSION_SIGNING_KEY` is the private key itself, `EXCLUSION_SIGNING_KEY_FILE` the file that it stands in; where both
are empty nothing is signed. A public key is remembered when its key is made or first signs, so that it stays served
after its key was replaced.
"""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Missing, Unavailable
from bigcode_optout.exclusionlist import KeyRefused, KeySet, PublicKey, SigningKey
from bigcode_optout.releases.signing_models import PublishedKey


def signing_key() -> SigningKey | None:
    """The configured key, or None. Raises `Unavailable` for one that cannot be read; no sentence shows the key."""
    try:
        return read_key()
    except KeyRefused as refused:
        raise Unavailable("signing_key_broken", f"Nothing can be signed just now. {refused}") from refused


def read_key() -> SigningKey | None:
    """The same, raising `KeyRefused`."""
    if settings.EXCLUSION_SIGNING_KEY:
        return SigningKey.from_pem(settings.EXCLUSION_SIGNING_KEY.encode("utf-8"))
    if not settings.EXCLUSION_SIGNING_KEY_FILE:
        return None
    path = Path(settings.EXCLUSION_SIGNING_KEY_FILE)
    try:
        return SigningKey.from_pem(path.read_bytes())
    except OSError as wrong:
        raise KeyRefused(f"The signing key {path} cannot be read: {wrong.strerror}.") from wrong


def key_for(day: date) -> SigningKey | None:
    """The key for something of that day, published; None where nothing is signed.

    Raises `Unavailable`, and `Conflict` when the configured key was retired before the day, or revoked.
    """
    key = signing_key()
    if key is None:
        return None
    if refusal := _public(publish(key, valid_from=day)).refusal_on(day):
        raise Conflict("key_retired", f"{refusal} Configure the key that took its place.")
    return key


def publish(key: SigningKey, *, valid_from: date) -> PublishedKey:
    """Remember the public key. A list that was frozen before the key was made may be signed by it later: then the key
    counts from that day on.
    """
    kept, made = PublishedKey.objects.get_or_create(
        key_id=key.key_id, defaults={"public_key": key.public_pem, "valid_from": valid_from}
    )
    if not made and valid_from < kept.valid_from:
        PublishedKey.objects.filter(pk=kept.pk, valid_from__gt=valid_from).update(valid_from=valid_from)
        kept.refresh_from_db()
    return kept


def retire(*, key_id: str, last_day: date) -> PublishedKey:
    """Let the key count for nothing that is younger than `last_day`. Raises `Missing` and `Conflict`."""
    kept = _published(key_id)
    changed = PublishedKey.objects.filter(pk=kept.pk, valid_from__lte=last_day).update(valid_until=last_day)
    if not changed:
        raise Conflict("key_younger", f"The key {key_id} counts from {kept.valid_from} on only.")
    kept.refresh_from_db()
    return kept


def revoke(*, key_id: str) -> PublishedKey:
    """Let nothing count that the key ever signed. The first day of it stays. Raises `Missing`."""
    kept = _published(key_id)
    PublishedKey.objects.filter(Q(pk=kept.pk, revoked_on__isnull=True)).update(revoked_on=clock.today())
    kept.refresh_from_db()
    return kept


def served_keys() -> KeySet:
    """All public keys, the oldest first, with the configured one also while it has signed nothing yet.

    Raises `Unavailable`.
    """
    keys = [_public(kept) for kept in PublishedKey.objects.all()]
    configured = signing_key()
    if configured and configured.key_id not in {key.key_id for key in keys}:
        keys.append(PublicKey.of(configured.public_pem, valid_from=clock.today()))
    return KeySet(keys)


def _published(key_id: str) -> PublishedKey:
    found = PublishedKey.objects.filter(key_id=key_id).first()
    if found is None:
        raise Missing("no_key", f"The desk never published a key {key_id!r}.")
    return found


def _public(kept: PublishedKey) -> PublicKey:
    return PublicKey(kept.key_id, kept.public_key, kept.valid_from, kept.valid_until, kept.revoked_on)
