"""The second factor of staff: an authenticator app (TOTP) and recovery codes, kept by allauth."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    clear_totp_secret,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import came_by_password


def has_app(user: User) -> bool:
    """Whether the person has set up an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def was_used(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session, by the person who is signed in now."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def is_halfway(request: HttpRequest) -> bool:
    """Whether somebody of the staff has given a password and no second factor yet."""
    user = request.user
    is_staff = isinstance(user, User) and user.is_active and user.is_staff
    return is_staff and came_by_password(request) and not was_used(request)


class CodeForm(AuthenticateForm):
    """A code of the app, or a recovery code. Each holds once, whichever of our processes it was given to."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        )

    def clean_code(self) -> str:
        """Raises `ValidationError` for a wrong code and for one of a time that was used already."""
        with transaction.atomic():
            # Held, so that two processes cannot take the same code.
            list(Authenticator.objects.select_for_update().filter(user=self.user))
            code: str = super().clean_code()
            if self.authenticator.type == Authenticator.Type.TOTP:
                _use_step(self.authenticator, code)
        return code


def _use_step(authenticator: Authenticator, code: str) -> None:
    """Codes are numbered by time; one number after the other, none twice."""
    secret = decrypt(authenticator.data["secret"])
    given = "".join(code.split())
    step = next(
        step
        for step in yield_hotp_counters_from_time()
        if format_hotp_value(hotp_value(secret, step)) == given
    )
    if step <= authenticator.data.get("last_step", 0):
        raise ValidationError("This code was used. Wait for the next one.", code="used")
    authenticator.data["last_step"] = step
    authenticator.save(update_fields=["data"])


@transaction.atomic
def set_up(request: HttpRequest, secret: str) -> RecoveryCodes:
    """Give the signed-in person this app and ten recovery codes, and count it as used in this session.

    `secret` is what the person's first code was checked with.
    """
    user = request.user
    authenticator = TOTP.activate(user, secret).instance
    codes = RecoveryCodes.activate(user)
    clear_totp_secret(request)
    post_authentication(request, authenticator)
    return codes


@transaction.atomic
def new_recovery_codes(user: User) -> RecoveryCodes:
    """Ten new ones; the old ones hold no more."""
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user)


def recovery_codes(user: User) -> RecoveryCodes | None:
    """The person's recovery codes."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return found.wrap() if found else None


def forget(user: User) -> int:
    """Take every second factor from the person, who sets up a new one at the next sign-in. Gives their number."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    return count
