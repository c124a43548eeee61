"""Reads about people and their GitHub accounts."""

from django.http import Http404

from bigcode_optout.accounts.models import GitHubIdentity, User


def identities_of(user: User) -> list[GitHubIdentity]:
    """The person's GitHub accounts, the first one joined first."""
    return list(user.identities.all())


def main_identity(user: User) -> GitHubIdentity | None:
    """The account that the person signed in with first, or None for staff with a password only."""
    return user.identities.first()


def own_identity(user: User, github_id: int) -> GitHubIdentity:
    """The person's GitHub account with this number; raises Http404 for anybody else's."""
    identity = user.identities.filter(github_id=github_id).first()
    if identity is None:
        raise Http404
    return identity
