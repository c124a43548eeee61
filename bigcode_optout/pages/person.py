"""Whose page this is."""

from django.http import HttpRequest

from bigcode_optout.accounts.models import User


def person(request: HttpRequest) -> User:
    """The signed-in person of a view that requires one."""
    assert isinstance(request.user, User)
    return request.user
