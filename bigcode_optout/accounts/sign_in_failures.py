"""Why a sign-in did not happen, and the page that says so. Nothing that was sent to us is repeated."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bigcode_optout.githubapi import GitHubError, RateLimited, Unavailable


@dataclass(frozen=True)
class Reason:
    """What a person reads, and the HTTP status of the page."""

    title: str
    sentence: str
    status: int


REASONS: dict[str, Reason] = {
    "cancelled": Reason(
        "You are not signed in",
        "On GitHub you chose not to tell us which account is yours. Nothing was stored.",
        403,
    ),
    "not_started_here": Reason(
        "This sign-in is too old, or was not started here",
        "A sign-in holds for ten minutes, once, in the browser that began it. Please start again.",
        400,
    ),
    "code_refused": Reason(
        "GitHub did not confirm this sign-in",
        "The code that your browser brought from GitHub was used before or is too old. Please start again.",
        400,
    ),
    "refused": Reason(
        "GitHub did not let this sign-in through",
        "GitHub did not say who you are, so nothing was stored. Please start again.",
        400,
    ),
    "unverified_email": Reason(
        "GitHub wants your e-mail address confirmed first",
        "GitHub wants to know that your main e-mail address is yours. Confirm it there, then start again.",
        403,
    ),
    "inactive": Reason(
        "This account is closed here",
        "Signing in with it is switched off. Write to the address below if that is a mistake.",
        403,
    ),
    "other_account": Reason(
        "You came back from GitHub with another account",
        "That GitHub account is not one of those you are signed in with here, so nothing was checked. "
        "Choose the right account on GitHub, or join the other one to your account first.",
        403,
    ),
}


class SignInFailed(Exception):  # noqa: N818 -- shown to the person as a page
    """A way back from GitHub that ends at a page; `code` is a key of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def failure_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page for a key of REASONS."""
    return _page(request, REASONS[code])


def github_failure_page(request: HttpRequest, error: GitHubError) -> HttpResponse:
    """The page for a GitHub that did not answer, or not as it should."""
    is_busy = isinstance(error, Unavailable | RateLimited)
    return _page(request, Reason("GitHub did not help just now", error.sentence, 503 if is_busy else 502))


def _page(request: HttpRequest, reason: Reason) -> HttpResponse:
    return render(request, "accounts/sign_in_failed.html", {"reason": reason}, status=reason.status)
