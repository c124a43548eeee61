"""Answer a request to the REST API: caller, limit, handler, etag, headers."""

import itertools
from collections.abc import Mapping

from .callers import Caller, anonymous, identify
from .calls import API_PREFIX, Call
from .conditional import with_etag
from .limits import RateLimits
from .messages import Refused, Request, Response
from .routes import Route, find_route
from .world import World

_request_numbers = itertools.count(1)


def answer(request: Request, world: World, clients: Mapping[str, str], limits: RateLimits) -> Response:
    """GitHub's answer; holds the world's lock while it is made."""
    with world.lock:
        caller, route = anonymous(request), None
        try:
            _require_user_agent(request)
            caller = identify(request, world, clients)
            found = find_route(request.method, request.path.removeprefix(API_PREFIX))
            if found is None:
                raise Refused(404, "Not Found")
            route, arguments = found
            response = _handle(Call(request, world, caller, limits, arguments), route)
        except Refused as refused:
            response = refused.response
        if route is None or not route.is_free:
            limits.charge(caller, response)
        _add_headers(response, caller, limits, route)
        return response


def dress(
    response: Response, request: Request, world: World, clients: Mapping[str, str], limits: RateLimits
) -> Response:
    """Give a provoked fault the headers that every answer of the API has, where it does not set its own."""
    with world.lock:
        try:
            caller = identify(request, world, clients)
        except Refused:
            caller = anonymous(request)
        _add_headers(response, caller, limits, None)
        return response


def _handle(call: Call, route: Route) -> Response:
    if not route.is_free:
        call.limits.require(call.caller)
    response = route.handler(call)
    return response if route.is_free else with_etag(call.request, response, call.caller)


def _require_user_agent(request: Request) -> None:
    if not request.header("user-agent"):
        raise Refused(403, "Request forbidden by administrative rules. Please send a User-Agent header.")


def _add_headers(response: Response, caller: Caller, limits: RateLimits, route: Route | None) -> None:
    headers = limits.allowance(caller).as_headers()
    headers["x-github-media-type"] = "github.v3; format=json"
    headers["x-github-request-id"] = f"SANDBOX:{next(_request_numbers):06X}"
    if caller.token is not None:
        headers["x-oauth-scopes"] = ", ".join(caller.token.scopes)
        headers["x-accepted-oauth-scopes"] = route.accepted_scopes if route else ""
    response.headers = headers | response.headers
