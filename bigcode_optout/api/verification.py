"""A verification report, sent by those who searched the dataset's files."""

import logging
from typing import Any

from django.db import DataError
from django.http import HttpRequest
from ninja import Router

from bigcode_optout.api.access import Scope, Token, require
from bigcode_optout.api.answers import described, problems
from bigcode_optout.api.bodies import VerificationBody
from bigcode_optout.api.finding import frozen_release
from bigcode_optout.core.errors import DomainError, Refused
from bigcode_optout.releases import verifying
from bigcode_optout.releases.reports import LARGEST

logger = logging.getLogger(__name__)
router = Router(tags=["Verification"])
_STATUSES = (400, 401, 403, 404, 409, 413, 429)
_BODY = {
    "required": True,
    "description": "The report of `bigcode-exclusions verify --report`, byte for byte.",
    "content": {"application/json": {"schema": {"type": "object"}}},
}


class TooLarge(DomainError):  # noqa: N818 - named as those of core.errors
    """More bytes than are taken (413)."""

    status = 413


@router.api_operation(
    ["POST"],
    "/releases/{name}/verification",
    auth=Token(),
    operation_id="send_verification",
    summary="Send a verification report",
    response={200: VerificationBody, **problems(*_STATUSES)},
    openapi_extra=described(*_STATUSES) | {"requestBody": _BODY},
)
def send_verification(request: HttpRequest, name: str) -> dict[str, Any]:
    """Record what `bigcode-exclusions verify` found in the files of the version that the release is for. The same
    report again changes nothing. Scope `verify`."""
    token = require(request, Scope.VERIFY)
    release = frozen_release(name)
    try:
        kept = verifying.record(release_id=release.pk, report=_report(request), by=None)
    except (DataError, OverflowError) as wrong:
        # Numbers and characters that no database holds, and so no report of ours has.
        raise Refused("report_malformed", "The report has values that no report of verify has.") from wrong
    logger.info("report recorded", extra={"release": name, "token": token.prefix, "passed": kept.has_passed})
    return {
        "release": kept.release.name,
        "state": kept.release.state,
        "has_passed": kept.has_passed,
        "rows_left": kept.rows_left,
        "report_sha256": kept.report_sha256,
    }


def _report(request: HttpRequest) -> bytes:
    """The body, read by ourselves: Django's own limit is for forms. Raises `TooLarge`."""
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge("too_large", f"A report has at most {LARGEST:,} bytes.")
    return content
