"""Who asks: a person's token, the site's client id and secret, or nobody. No repr shows the secret."""

import base64
import re

from requests import PreparedRequest
from requests.auth import AuthBase

from bigcode_optout.githubapi.errors import BadCredentials

_TOKEN = re.compile(r"[!-~]{1,1024}")


class Credentials(AuthBase):
    """An authentication for `requests`.

    Every request gets one, also the anonymous ones: without it `requests` would look for a log-in in
    `~/.netrc` and put that in place of ours.
    """

    __slots__ = ("_header", "is_app", "is_person")

    def __init__(self, header: str | None, *, is_app: bool = False, is_person: bool = False) -> None:
        self._header = header
        self.is_app = is_app
        self.is_person = is_person

    @classmethod
    def of_person(cls, token: str) -> "Credentials":
        """A user's OAuth token; raises BadCredentials for what cannot be one, before it is in a header."""
        if not _TOKEN.fullmatch(token):
            raise BadCredentials
        return cls(f"Bearer {token}", is_person=True)

    @classmethod
    def of_app(cls, client_id: str, client_secret: str) -> "Credentials":
        """Basic authentication with the OAuth app's id and secret; without both of them, nobody."""
        if not (client_id and client_secret):
            return cls(None)
        pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode("ascii")
        return cls(f"Basic {pair}", is_app=True)

    @property
    def authorization(self) -> str:
        """The header's value, empty for nobody. For the transport and for a salted hash, never to be kept or shown."""
        return self._header or ""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.pop("Authorization", None)
        if self._header is not None:
            request.headers["Authorization"] = self._header
        return request

    def __repr__(self) -> str:
        whose = "person" if self.is_person else "app" if self.is_app else "nobody"
        return f"Credentials(of {whose})"
