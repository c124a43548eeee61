"""The description for programs and for people, and the public keys."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bigcode_optout.api.application import description
from bigcode_optout.api.problems import answer_to
from bigcode_optout.core.errors import DomainError
from bigcode_optout.releases.signing import served_keys


@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI 3.1 document."""
    return JsonResponse(description())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people: drawn by the server, so that it needs no script."""
    found = description()
    context = {"site": settings.SITE_URL, "groups": _groups(found)}
    return render(request, "api/docs.html", context)


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys, in the form that `bigcode-exclusions --keys` reads."""
    try:
        content = served_keys().to_json()
    except DomainError as error:
        return answer_to(error)
    response = HttpResponse(content, content_type="application/json")
    # A key that was revoked must be known soon.
    response["Cache-Control"] = "no-cache"
    return response


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by their tag, each with method and address."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post"):
                shown = operation | {"method": method.upper(), "address": address}
                shown["words"] = _words(operation["description"])
                shown["statuses"] = sorted(
                    (int(status), _words(answer["description"]))
                    for status, answer in operation["responses"].items()
                )
                groups.setdefault(operation["tags"][0], []).append(shown)
    return groups


def _words(text: str) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it stood between backticks: Markdown's sign for code."""
    return [(place % 2 == 1, piece) for place, piece in enumerate(text.split("`")) if piece]
