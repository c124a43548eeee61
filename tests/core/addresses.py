"""Views for tests of what surrounds every view."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bigcode_optout.core import errors, log_context
from bigcode_optout.core.rate_limits import limited

RAISED = {
    "refused": errors.Refused("c", "This cannot be <b>taken</b>."),
    "forbidden": errors.Forbidden("c", "You may not."),
    "missing": errors.Missing("c", "There is none."),
    "conflict": errors.Conflict("c", "It was decided."),
    "unavailable": errors.Unavailable("c", "It rests."),
    "too-many": errors.TooMany("c", "Slowly, please.", retry_after=17),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """Raise a domain error, or a bug."""
    raise RAISED.get(kind, RuntimeError("a bug"))


def name_of_request(request: HttpRequest) -> HttpResponse:
    """The request id as code inside a view sees it."""
    return HttpResponse(log_context.current_request_id())


@limited("look-up", methods=("POST",))
def limited_view(request: HttpRequest) -> HttpResponse:
    """Only POST counts."""
    return HttpResponse("done")


urlpatterns = [
    path("test/fail/<str:kind>/", fail),
    path("test/request-id/", name_of_request),
    path("test/limited/", limited_view),
    path("", include("bigcode_optout.urls")),
]
