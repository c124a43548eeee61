"""An address with a NUL character is nobody's: PostgreSQL cannot hold one in a text, so no view gets to see it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bigcode_optout.core.errors import Refused

NUL = "\0"
# The interface for scripts refuses what it cannot read by itself, in its own form.
_OWN_PATHS = "/api/"


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 where the path, or a name or value behind the question mark, has a NUL in it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _has_nul(request):
            return get_response(request)
        error = Refused("nul_character", "This address has a character in it that no text can have.")
        return render(request, "core/error.html", {"error": error}, status=error.status)

    return middleware


def _has_nul(request: HttpRequest) -> bool:
    if request.path_info.startswith(_OWN_PATHS):
        return False
    if NUL in request.path_info:
        return True
    return any(NUL in text for name, values in request.GET.lists() for text in (name, *values))
