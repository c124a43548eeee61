"""The kinds of fault that begin with a proper answer and change it: each from request and answer to another answer."""

import json
from collections.abc import Callable
from typing import Any

from .fault_kinds import Fault
from .messages import Request, Response, json_response

ENDLESS_PAGES = 10_000
OTHER_OWNER = {"id": 990_000_042, "login": "sudden-heir"}


def endless_pages(fault: Fault, request: Request, response: Response) -> Response:
    """A list of 10,000 pages: each says that there is a next one; pages beyond the proper last are empty."""
    asked = request.query.get("page", "")
    page = int(asked) if asked.isdecimal() else 1
    if page < ENDLESS_PAGES:
        rest = "&".join(f"{name}={value}" for name, value in request.query.items() if name != "page")
        address = f"{request.base_url}{request.path}?{rest}&page="
        response.headers["link"] = (
            f'<{address}{page + 1}>; rel="next", <{address}{ENDLESS_PAGES}>; rel="last"'
        )
    return response


def other_owner(fault: Fault, request: Request, response: Response) -> Response:
    """The same repository number with another owner than a moment ago."""
    return _changed(response, _with_other_owner)


def other_id(fault: Fault, request: Request, response: Response) -> Response:
    """The same name with another number than a moment ago."""
    return _changed(response, lambda body: {**body, "id": body["id"] + 1})


def wrong_shape(fault: Fault, request: Request, response: Response) -> Response:
    """JSON, and not what GitHub describes: every GitHub number, also of what is inside, has become a text."""
    return _changed(response, _with_texts_for_numbers)


CHANGES: dict[str, Callable[[Fault, Request, Response], Response]] = {
    change.__name__: change for change in (endless_pages, other_owner, other_id, wrong_shape)
}


def _changed(response: Response, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    """The change in an object, or in each of a list; answers that are no success stay as they are."""
    if response.status != 200:
        return response
    body = json.loads(response.body)
    response.body = json_response(
        [change(row) for row in body] if isinstance(body, list) else change(body)
    ).body
    # An etag of the proper answer would make the next conditional request find it unchanged.
    response.headers.pop("etag", None)
    return response


def _with_texts_for_numbers(body: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _with_texts_for_numbers(value)
        if isinstance(value, dict)
        else str(value)
        if key == "id"
        else value
        for key, value in body.items()
    }


def _with_other_owner(body: dict[str, Any]) -> dict[str, Any]:
    if "owner" not in body:
        return body
    name = f"{OTHER_OWNER['login']}/{body['name']}"
    return {**body, "owner": {**body["owner"], **OTHER_OWNER}, "full_name": name}
