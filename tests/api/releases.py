"""A release with a list, written and signed, and tokens that read it."""

from datetime import timedelta
from typing import Any

from bigcode_optout.core import clock
from bigcode_optout.exclusionlist import SigningKey
from bigcode_optout.releases import access, exporting
from bigcode_optout.releases.models import AccessToken, Release

KEY = SigningKey.generate()
Scope = AccessToken.Scope


def token(*scopes: Scope, days: int = 30) -> str:
    """The text of a new token; the terms are accepted."""
    issued = access.issue(
        holder="Kelp Lab",
        scopes=scopes,
        expires_at=clock.now() + timedelta(days=days),
        has_accepted_terms=True,
        by=None,
    )
    return issued.text


def bearer(text: str) -> dict[str, str]:
    """The header for Django's test client."""
    return {"Authorization": f"Bearer {text}"}


def write_all(release: Release) -> Release:
    """Every format and delta."""
    assert exporting.export_everything(release_id=release.pk) == []
    return release


def get(client: Any, address: str, text: str | None = None, **headers: str) -> Any:
    """What the API answers below `/api/v1/releases/`."""
    all_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if text:
        all_headers |= bearer(text)
    return client.get(f"/api/v1/releases/{address}", headers=all_headers)
