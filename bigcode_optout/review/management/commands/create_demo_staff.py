"""`manage.py create_demo_staff`: log-ins for the demo, never for a real desk."""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bigcode_optout.accounts import second_factor
from bigcode_optout.accounts.models import User
from bigcode_optout.review.groups import AUDITOR, RELEASE_MANAGER, REVIEWER, SENIOR_REVIEWER

# User name, and the group; None is a superuser.
STAFF: dict[str, str | None] = {
    "demo-reviewer": REVIEWER,
    "demo-senior-reviewer": SENIOR_REVIEWER,
    "demo-release-manager": RELEASE_MANAGER,
    "demo-auditor": AUDITOR,
    "demo-superuser": None,
}


PASSWORDS, SECOND_FACTORS = "demo-staff.json", "demo-second-factors.json"


class Command(BaseCommand):
    """Passwords and the secrets of second factors are random, one set a data folder, kept in demo-staff.json and
    demo-second-factors.json for the owner of the folder to read."""

    help = "Create somebody of each role of the desk for the demo, and print their log-ins as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make who is missing; those who are there keep their passwords."""
        require_stand_in()
        folder = Path(settings.DATA_DIR)
        passwords, factors = _kept(folder / PASSWORDS), _kept(folder / SECOND_FACTORS)
        missing = [
            name
            for name in STAFF
            if not {name} <= passwords.keys() & factors.keys()
            or not User.objects.filter(username=name).exists()
        ]
        passwords |= {name: secrets.token_urlsafe(12) for name in missing}
        factors |= {name: generate_totp_secret() for name in missing}
        with transaction.atomic():
            for name in missing:
                _make(name, STAFF[name], passwords[name], factors[name])
        _write_private(folder / PASSWORDS, json.dumps(passwords, indent=2) + "\n")
        _write_private(folder / SECOND_FACTORS, json.dumps(factors, indent=2) + "\n")
        rows = [
            {"name": name, "password": passwords[name], "role": group or "superuser"}
            for name, group in STAFF.items()
        ]
        self.stdout.write(json.dumps(rows))


def require_stand_in() -> None:
    """Raise CommandError where GitHub is the real one."""
    address = urlsplit(settings.GITHUB_URL)
    if (address.scheme, address.hostname) != ("http", "127.0.0.1"):
        raise CommandError(
            f"GITHUB_URL is {settings.GITHUB_URL}: demo staff exists beside the stand-in only."
        )


def _kept(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _make(name: str, group: str | None, password: str, factor: str) -> None:
    user, _ = User.objects.get_or_create(username=name)
    user.is_staff, user.is_superuser = True, group is None
    user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get(name=group)] if group else [])
    second_factor.forget(user)
    TOTP.activate(user, factor)
    # So that the desk does not tell everybody of the demo that none are left.
    RecoveryCodes.activate(user)


def _write_private(path: Path, text: str) -> None:
    """Nobody else on the machine may read it, not even for the moment of its writing."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
