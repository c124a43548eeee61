# ruff: noqa: N818 - the names say what happened, as those of HTTP do
"""What can go wrong by the rules of the domain: a code for machines, a sentence for people, a status for HTTP."""


class DomainError(Exception):
    """A rule said no. `code` is stable and names the rule; `sentence` may be shown as it is."""

    status = 400

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class Refused(DomainError):
    """What was given cannot be taken (400)."""


class Forbidden(DomainError):
    """This person may not do this (403)."""

    status = 403


class Missing(DomainError):
    """There is no such thing, or it is somebody else's (404)."""

    status = 404


class Conflict(DomainError):
    """The thing is no longer in a state that allows this (409)."""

    status = 409


class Unavailable(DomainError):
    """A part of ours does not work just now (503)."""

    status = 503


class TooMany(DomainError):
    """A limit was reached (429). `retry_after` is in seconds."""

    status = 429

    def __init__(self, code: str, sentence: str, *, retry_after: int) -> None:
        super().__init__(code, sentence)
        self.retry_after = retry_after
