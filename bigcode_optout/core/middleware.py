"""Request ids, one log line a request, and the one place where domain errors become answers."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bigcode_optout.core import log_context
from bigcode_optout.core.errors import DomainError, TooMany

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """Bind a request id, answer with it, and log method, route, status and milliseconds: no address, no name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = log_context.acceptable(request.headers.get("X-Request-ID"))
        with log_context.bound(chosen):
            started = time.perf_counter()
            response = get_response(request)
            _log(request, response, started)
        response["X-Request-ID"] = chosen
        return response

    return middleware


def _log(request: HttpRequest, response: HttpResponse, started: float) -> None:
    match = request.resolver_match
    logger.info(
        "request",
        extra={
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000),
        },
    )


class DomainErrorMiddleware:
    """Answer a `DomainError` that a view let through with its sentence and status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a domain error; None for everything else, which stays a 500."""
        if not isinstance(error, DomainError):
            return None
        response = render(request, "core/error.html", {"error": error}, status=error.status)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after)
        return response
