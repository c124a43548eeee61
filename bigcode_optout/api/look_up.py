"""What the dataset holds under a name, as JSON: the figures of the look-up page, nothing about persons."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bigcode_optout.api.shapes import answer_body, error_body, refused_body
from bigcode_optout.catalog.short_answer import short_answers
from bigcode_optout.core.errors import DomainError, TooMany
from bigcode_optout.core.rate_limits import spend
from bigcode_optout.names import NameRefused, parse

# So many repositories of one version are listed; the totals count all of them.
LIMIT = 100
# As Django's `never_cache` writes it, without taking the header apart at each call.
_NOT_KEPT = {"Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private"}
# Made once, and without Django's encoder: dates are text already.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Answer for `?name=`: a login, `owner/name` or a GitHub URL. Counted by the limit of the look-up page.

    200 with the answer; else an object `error` with 400 (no name), 429 (too many; `Retry-After`) or 503 (an index
    cannot be read).
    """
    try:
        spend("look-up", request)
        name = parse(request.GET.get("name", ""))
        body = answer_body(settings.DATASET, name, short_answers(settings.DATASET, name, limit=LIMIT))
    except NameRefused as refused:
        return _json(refused_body(refused), status=400)
    except DomainError as error:
        response = _json(error_body(error), status=error.status)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after)
        return response
    return _json(body)


def _json(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    text = _ENCODER.encode(body)
    return HttpResponse(
        text, content_type="application/json; charset=utf-8", status=status, headers=_NOT_KEPT
    )
