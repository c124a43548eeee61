"""The API: its routes, its errors, and its description."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, P, QueryEx, Router

from bigcode_optout.api import deltas, lists, releases, verification
from bigcode_optout.api.answers import described, problems
from bigcode_optout.api.bodies import KeySetBody, LookUpBody, Problem
from bigcode_optout.api.look_up import look_up
from bigcode_optout.api.problems import handle

KEYS_ADDRESS = "/.well-known/bigcode-exclusions-keys.json"
_WORDS = """Lists of what a coming dataset version must leave out, for those who build datasets or hold copies.

Names, days, counts, manifests, signatures and keys of releases are public. Lists need a token; a release manager makes
it. Errors are `{"error": {"code", "sentence"}}`."""

_look_up = Router(tags=["Look-up"])


@_look_up.get(
    "/look-up",
    operation_id="look_up",
    summary="What the dataset holds under a name",
    response={200: LookUpBody, **problems(400, 429, 503)},
    openapi_extra=described(400, 429, 503),
)
def _described_look_up(
    request: HttpRequest, name: QueryEx[str, P(description="A login, `owner/name` or a GitHub URL.")]
) -> HttpResponse:
    """Per version the totals and the largest 100 repositories. Public. A figure that a version does not record is null,
    never 0."""
    # Described here and answered by the plain view, which stands before this in the addresses, since it is quicker.
    return look_up(request)


api = NinjaAPI(
    title="Opt-out desk",
    version="1",
    description=_WORDS,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api_routes",
)
handle(api)
api.add_router("/v1", releases.router)
api.add_router("/v1", lists.router)
api.add_router("/v1", deltas.router)
api.add_router("/v1", verification.router)
api.add_router("/v1", _look_up)


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document of every address for scripts. HEAD goes without saying where GET stands."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/"))
    for operations in document["paths"].values():
        operations.pop("head", None)
    schemas = document["components"]["schemas"]
    for body in (KeySetBody, Problem):
        made = body.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= made.pop("$defs", {}) | {body.__name__: made}
    document["paths"][KEYS_ADDRESS] = {"get": _keys()}
    return document


def _keys() -> dict[str, Any]:
    def body(name: str) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}

    return {
        "operationId": "keys",
        "summary": "The public keys that sign",
        "description": "Every key that signed a list or a receipt here, those that were retired or revoked, too. "
        "Public. Fetch it once, over a way that you trust, and keep it.",
        "tags": ["Keys"],
        "parameters": [],
        "responses": {
            200: {"description": "The key set.", "content": body("KeySetBody")},
            503: {
                "description": "The configured key cannot be read.",
                "content": body("Problem"),
            },
        },
    }
