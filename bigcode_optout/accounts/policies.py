"""Who may do what with an account, and what depends on how somebody signed in."""

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.accounts.queries import main_identity
from bigcode_optout.core.errors import Conflict

PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 - a class path, no password


def came_by_password(request: HttpRequest) -> bool:
    """Whether this session began at the staff log-in. GitHub opens a person's own pages only."""
    return request.user.is_authenticated and request.session.get(BACKEND_SESSION_KEY) == PASSWORD_BACKEND


def require_further_account(identity: GitHubIdentity) -> None:
    """Raises `Conflict` for the account that a person signed in with first, under which they are known."""
    if identity == main_identity(identity.user):
        raise Conflict(
            "main_identity",
            f"You came here with {identity.login} first, and are known here by it. It stays joined.",
        )


def are_same_person(one: User, other: User) -> bool:
    """True when both are the same row, or marks lead from each of them to the same one, over however many rows."""
    return not _rows_of(one).isdisjoint(_rows_of(other))


def _rows_of(user: User) -> set[int]:
    rows: set[int] = set()
    row: User | None = user
    while row is not None and row.pk not in rows:
        rows.add(row.pk)
        row = row.same_person_as
    return rows
