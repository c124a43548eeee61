# ruff: noqa: N818 - the names say what GitHub said
"""The few things that can go wrong when GitHub is asked. None carries a token, a body or a URL."""

from datetime import datetime
from typing import ClassVar, Literal

RefusalReason = Literal["policy", "sso", "other"]


class GitHubError(Exception):
    """Base of all errors of this room.

    `code` is for tables and logs, `sentence` may be shown to a person, `detail` is one or two words
    for an operator and always of our own writing: text from GitHub or from an HTTP library could
    quote a header or a body.
    """

    code: ClassVar[str] = "github_error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def sentence(self) -> str:
        """What a person may read."""
        return "GitHub could not be asked just now. Please try again later."

    def __str__(self) -> str:
        return self.sentence


class NotFound(GitHubError):
    """404 or 410: absent, or not visible to the asker; GitHub does not say which."""

    code = "not_found"

    @property
    def sentence(self) -> str:
        return "GitHub has nothing under that name or number, or does not show it to us."


class BadCredentials(GitHubError):
    """401. `is_ours` is true when the site's own client id and secret were refused, not a person's token."""

    code = "bad_credentials"

    def __init__(self, is_ours: bool = False) -> None:
        super().__init__()
        self.args = (is_ours,)
        self.is_ours = is_ours
        self.detail = "client id and secret" if is_ours else "user token"

    @property
    def sentence(self) -> str:
        if self.is_ours:
            return "GitHub refused this site’s own registration. Nothing is wrong with your account."
        return "GitHub no longer accepts this sign-in. Please sign in with GitHub again."


class Forbidden(GitHubError):
    """403 or 451 that is no rate limit.

    `reason`: `policy` (the organisation restricts OAuth apps or addresses), `sso` (the token has to be
    authorised for the organisation's single sign-on), or `other`.
    """

    code = "forbidden"
    _SENTENCES: ClassVar[dict[str, str]] = {
        "policy": "The organisation does not let this site read about it. One of its owners can approve the "
        "site in the organisation’s settings on GitHub, or you can prove your role in another way.",
        "sso": "The organisation asks for its single sign-on first. Sign in there, then allow this site.",
        "other": "GitHub did not allow this to be read with your sign-in.",
    }

    def __init__(self, reason: RefusalReason = "other") -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return self._SENTENCES[self.reason]


class RateLimited(GitHubError):
    """GitHub asks to wait. `retry_at` is an aware UTC time; nothing may be asked before it.

    `is_secondary`: the limit on bursts, whose waiting time grows when one goes on; otherwise the hourly one.
    """

    code = "rate_limited"

    def __init__(self, retry_at: datetime, is_secondary: bool) -> None:
        super().__init__()
        self.args = (retry_at, is_secondary)
        self.retry_at = retry_at
        self.is_secondary = is_secondary
        self.detail = "secondary" if is_secondary else "primary"

    @property
    def sentence(self) -> str:
        return f"GitHub asks us to wait until {self.retry_at:%H:%M} UTC. Nothing is lost."


class Unavailable(GitHubError):
    """No whole answer in time: time-outs, broken connections, cut bodies, 5xx."""

    code = "unavailable"

    @property
    def sentence(self) -> str:
        return "GitHub did not answer in time. Nothing is lost; please try again in a few minutes."


class BadAnswer(GitHubError):
    """Not an answer as GitHub documents it: no JSON, wrong shape, too large, or a redirect elsewhere."""

    code = "bad_answer"

    @property
    def sentence(self) -> str:
        return "GitHub’s answer could not be understood, so nothing was concluded from it. Please try later."


class TooManyPages(GitHubError):
    """A list that does not end within what is read of one. Asking again would not help."""

    code = "too_many_pages"

    @property
    def sentence(self) -> str:
        return "This account has more repositories than we read from GitHub, so a reviewer decides."
