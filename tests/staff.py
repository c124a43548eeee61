"""Staff who are signed in: password, second factor, and where wanted the password once more."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from django.test import Client

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import PASSWORD_BACKEND


def sign_in(client: Client, user: User, *, is_password_fresh: bool = True) -> Client:
    """As after password and code, and by default after the password was asked for again."""
    client.force_login(user, backend=PASSWORD_BACKEND)
    records = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    if is_password_fresh:
        records.append({"method": "password", "at": time.time(), "reauthenticated": True})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client


def staff_client(user: User, **options: object) -> Client:
    """A browser of their own."""
    return sign_in(Client(**options), user)
