"""What leads from an earlier release's list to this one's, as files."""

import logging

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import P, QueryEx, Router

from bigcode_optout.api.access import Scope, Token, count, require
from bigcode_optout.api.answers import file_described, problems
from bigcode_optout.api.finding import frozen_release, written_delta
from bigcode_optout.api.lists import METHODS, TYPES
from bigcode_optout.api.sending import send
from bigcode_optout.releases.kept_files import Part, kept_file

logger = logging.getLogger(__name__)
router = Router(tags=["Deltas"])
_PUBLIC = (400, 401, 404, 409, 416, 429, 503)
_GUARDED = (400, 401, 403, 404, 409, 416, 429, 503)
Before = QueryEx[str, P(alias="from", description="The earlier release.")]


@router.api_operation(
    METHODS,
    "/releases/{name}/delta",
    auth=Token(),
    operation_id="delta",
    summary="What came and went since an earlier release",
    response={200: None, **problems(*_GUARDED)},
    openapi_extra=file_described(TYPES["jsonl"], statuses=_GUARDED),
)
def delta(request: HttpRequest, name: str, before: Before) -> HttpResponseBase:
    """`data/delta.jsonl` of the delta's folder, for `bigcode-exclusions apply-delta`. It names people. Scope `list`."""
    token = require(request, Scope.LIST)
    logger.info("delta read", extra={"release": name, "token": token.prefix})
    return _file(request, name, before, "data", TYPES["jsonl"], f"{name}-delta.jsonl", is_public=False)


@router.api_operation(
    METHODS,
    "/releases/{name}/delta/manifest",
    operation_id="delta_manifest",
    summary="The delta’s manifest",
    response={200: None, **problems(*_PUBLIC)},
    openapi_extra=file_described("application/json", statuses=_PUBLIC),
)
def delta_manifest(request: HttpRequest, name: str, before: Before) -> HttpResponseBase:
    """From which list to which, with counts and hashes. Public."""
    count(request)
    return _file(request, name, before, "manifest", "application/json", "manifest.json")


@router.api_operation(
    METHODS,
    "/releases/{name}/delta/signature",
    operation_id="delta_signature",
    summary="The signature of the delta’s manifest",
    response={200: None, **problems(*_PUBLIC)},
    openapi_extra=file_described("text/plain; charset=us-ascii", statuses=_PUBLIC),
)
def delta_signature(request: HttpRequest, name: str, before: Before) -> HttpResponseBase:
    """One line, as of a list. Public. 404 when it is not signed."""
    count(request)
    return _file(request, name, before, "signature", "text/plain; charset=us-ascii", "manifest.json.sig")


def _file(
    request: HttpRequest,
    name: str,
    before: str,
    part: Part,
    content_type: str,
    filename: str,
    *,
    is_public: bool = True,
) -> HttpResponseBase:
    file = kept_file(written_delta(frozen_release(name), before), part)
    return send(request, file, content_type=content_type, filename=filename, is_public=is_public)
