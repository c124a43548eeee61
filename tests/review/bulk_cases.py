"""Bulk runs as a reviewer makes them: chosen in the list, looked at, begun."""

from django.urls import reverse

from bigcode_optout.removals.models import RemovalRequest, ScopeItem
from bigcode_optout.review import lines, tasks
from bigcode_optout.review.models import BulkRun
from tests.builders import make_user
from tests.review.cases import text_of, waiting_request

QUEUE = reverse("admin:removals_removalrequest_changelist")


def proven(number: int, **options) -> RemovalRequest:
    """A request that could be accepted: everything was shown and no guard fired."""
    request = waiting_request(make_user(600 + number, f"person-{number}"), **options)
    request.items.update(
        proof_state=ScopeItem.ProofState.PROVEN,
        assessment={"verdict": "proven", "guards": [], "rule": "own_account"},
    )
    lines.refresh(request_id=request.pk)
    return request


def choose(browser, verb: str, requests, *, across: bool = False) -> BulkRun:
    """The plan that the list's menu makes of a selection."""
    data = {"action": verb, "_selected_action": [request.pk for request in requests]}
    answer = browser.post(f"{QUEUE}?waiting=all", data | ({"select_across": "1"} if across else {}))
    assert answer.status_code == 302, text_of(answer)
    run = BulkRun.objects.latest("pk")
    assert answer["Location"] == page_of(run)
    return run


def page_of(run: BulkRun) -> str:
    return reverse("admin:removals_removalrequest_bulk", args=[run.pk])


def send(browser, run: BulkRun, step: str, **data):
    return browser.post(page_of(run), {"step": step, **data})


def done(browser, run: BulkRun) -> dict[str, str]:
    """Begun, and worked through: the outcomes by the request's reference."""
    send(browser, run, "confirm")
    tasks.work_bulk(run.pk)
    return outcomes(run)


def outcomes(run: BulkRun) -> dict[str, str]:
    return dict(run.steps.values_list("request__reference", "outcome"))


def why(run: BulkRun, request: RemovalRequest) -> str:
    return run.steps.get(request=request).sentence
