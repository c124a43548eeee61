"""Everything that is refused, as JSON of one form."""

import json

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from bigcode_optout.api.access import Unauthorised
from bigcode_optout.api.sending import NoSuchPart
from bigcode_optout.api.shapes import error_body
from bigcode_optout.core.errors import DomainError, Missing, Refused, TooMany


def answer_to(error: DomainError) -> HttpResponse:
    """The error with its status, and with the headers that go with it."""
    text = json.dumps(error_body(error), ensure_ascii=False)
    # A sentence may quote half a character from what was sent.
    content = text.encode("utf-8", "replace")
    response = HttpResponse(content, status=error.status, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorised):
        response["WWW-Authenticate"] = 'Bearer realm="releases"'
    if isinstance(error, NoSuchPart):
        response["Content-Range"] = f"bytes */{error.length}"
    return response


def handle(api: NinjaAPI) -> None:
    """Let the API answer its errors in this form; what is no error of the domain stays a 500."""

    def refused(request: HttpRequest, error: DomainError | type[DomainError]) -> HttpResponse:
        assert isinstance(error, DomainError)
        return answer_to(error)

    def not_understood(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
        assert isinstance(error, ValidationError)
        names = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors}))
        return answer_to(Refused("not_understood", f"This is missing or not understood: {names}."))

    api.add_exception_handler(DomainError, refused)
    api.add_exception_handler(ValidationError, not_understood)


def nothing_here(request: HttpRequest, **_: str) -> HttpResponse:
    """The answer at every address below `/api/` that is none."""
    return answer_to(Missing("no_such_address", "There is nothing at this address. See /api/docs."))
