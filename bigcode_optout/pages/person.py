"""Whose page this is: the signed-in person's, or of whoever holds the private link of one request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.removals.models import RemovalRequest, Statement
from bigcode_optout.removals.statements import print_of, requester_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, str, P], HttpResponse]
_KEY = "private_requests"
# A browser is let in by a private link for so long; then the link has to be opened again.
ADMISSION = timedelta(hours=12)


def person(request: HttpRequest) -> User:
    """The signed-in person of a view that requires one."""
    assert isinstance(request.user, User)
    return request.user


def admit(request: HttpRequest, statement: Statement) -> None:
    """Let this browser see the one request of the statement. The session keeps a fingerprint, not the link."""
    assert statement.request is not None and statement.request.reference is not None
    admitted = dict(request.session.get(_KEY, {}))
    until = (clock.now() + ADMISSION).isoformat()
    admitted[statement.request.reference] = {"print": print_of(statement), "until": until}
    request.session[_KEY] = admitted
    # Whoever knew this browser's session before is not let in with it.
    request.session.cycle_key()


def leave(request: HttpRequest, reference: str) -> None:
    """Forget that this browser was let in."""
    admitted = dict(request.session.get(_KEY, {}))
    admitted.pop(reference, None)
    request.session[_KEY] = admitted


def asker(request: HttpRequest, reference: str) -> User:
    """Who acts on the page of this request: whoever holds its private link, else the signed-in person."""
    return _admitted(request, reference) or person(request)


def asker_required(view: View[P]) -> View[P]:
    """Decorate a view of one request: who is neither signed in nor let in by a private link is sent to sign in."""

    @wraps(view)
    def wrapper(request: HttpRequest, reference: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated and _admitted(request, reference) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, reference, *args, **kwargs)

    return wrapper


def _admitted(request: HttpRequest, reference: str) -> User | None:
    kept = request.session.get(_KEY, {}).get(reference)
    if kept is None or datetime.fromisoformat(kept["until"]) < clock.now():
        return None
    removal = RemovalRequest.objects.filter(reference=reference).select_related("requester").first()
    return requester_of(removal, kept["print"]) if removal else None
