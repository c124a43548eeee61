"""Pages of a list, with GitHub's ``link`` header."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from .messages import Request, Response, json_response

DEFAULT_PER_PAGE = 30
LARGEST_PER_PAGE = 100


def page_of(request: Request, bodies: Sequence[Any]) -> Response:
    """The asked-for page of ``bodies``; a page beyond the last is empty."""
    per_page = min(_number(request, "per_page", DEFAULT_PER_PAGE), LARGEST_PER_PAGE)
    page = _number(request, "page", 1)
    last = max(-(-len(bodies) // per_page), 1)
    response = json_response(bodies[(page - 1) * per_page : page * per_page])
    link = _link(request, page, last)
    if link:
        response.headers["link"] = link
    return response


def _link(request: Request, page: int, last: int) -> str:
    numbers = {"prev": min(page - 1, last), "next": page + 1, "last": last, "first": 1}
    wanted = (["prev"] if page > 1 else []) + (["next", "last"] if page < last else [])
    wanted += ["first"] if page > 1 else []
    return ", ".join(f'<{_url(request, numbers[name])}>; rel="{name}"' for name in wanted)


def _url(request: Request, page: int) -> str:
    return f"{request.base_url}{request.path}?{urlencode({**request.query, 'page': page})}"


def _number(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    return max(int(text), 1) if text.isdecimal() and len(text) < 10 else default
