"""Requests as they come to the desk: searched and judged, without asking GitHub."""

from django.urls import reverse

from bigcode_optout.claims import services as claims
from bigcode_optout.core import clock
from bigcode_optout.githubapi import Repository
from bigcode_optout.removals import assessing, locating, services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import make_user, submitted_request


def waiting_request(user=None, names=(), *, email="", message="", **kinds) -> RemovalRequest:
    """A request in the queue, located in every version."""
    request = submitted_request(user or make_user(), names, email=email, **kinds)
    if message:
        RemovalRequest.objects.filter(pk=request.pk).update(message=message)
        request.refresh_from_db()
    locating.search(request)
    assessing.assess_items(request)
    return services.begin_review(request_id=request.pk)


def github_says(full_name: str, repository_id: int, owner_id: int, owner: str) -> None:
    """Whose a repository is."""
    repository = Repository(
        repository_id, full_name, owner_id, owner, "User", False, None, False, created_at=clock.now()
    )
    claims.keep_fact(asked_for="", repository=repository)
    claims.keep_fact(asked_for=full_name, repository=repository)


def address(request: RemovalRequest, name: str = "change") -> str:
    """One of the desk's addresses of a request."""
    return reverse(f"admin:removals_removalrequest_{name}", args=[request.pk])


def filled(
    page, request: RemovalRequest, verdict: str, reason: str = "", sentence: str = "", step: str = "preview"
):
    """The decision form as the page showed it, with the same verdict for every part."""
    form = page.context["forms"]["decide"]
    data = {"seen": form["seen"].value(), "step": step}
    for part, _ in form.parts:
        data |= {
            f"{part.key}-verdict": verdict,
            f"{part.key}-reason": reason,
            f"{part.key}-sentence": sentence,
        }
    return data


def decide(browser, request: RemovalRequest, verdict: str, reason: str = "", sentence: str = ""):
    """Look at the page, decide every part alike, confirm."""
    page = browser.get(address(request))
    return browser.post(
        address(request, "decide"), filled(page, request, verdict, reason, sentence, step="confirm")
    )


def text_of(response) -> str:
    """The page as it was sent."""
    return response.content.decode()


def messages_of(browser, response) -> str:
    """The messages on the page that a redirect leads to."""
    page = browser.get(response["Location"])
    return " ".join(str(message) for message in page.context["messages"])
