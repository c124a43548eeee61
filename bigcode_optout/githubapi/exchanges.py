"""One question to GitHub's REST API, and the headers that every one carries."""

from dataclasses import dataclass, field, replace

from bigcode_optout.githubapi.credentials import Credentials
from bigcode_optout.githubapi.deadlines import Deadline
from bigcode_optout.githubapi.transport import Exchange, Transport

API_VERSION = "2022-11-28"


@dataclass(frozen=True)
class Question:
    """What is asked, by whom, and within which bounds."""

    operation: str
    url: str = field(repr=False)
    credentials: Credentials
    deadline: Deadline
    max_bytes: int

    def at(self, url: str) -> "Question":
        """The same question at another address."""
        return replace(self, url=url)


class Exchanges:
    """Sends questions over a transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, question: Question, *, etag: str = "") -> Exchange:
        """Ask; with an etag, 304 says that nothing has changed since. Raises Unavailable or BadAnswer."""
        return self._send("GET", question, {"If-None-Match": etag} if etag else {})

    def delete(self, question: Question, json: object) -> Exchange:
        """DELETE with a JSON body. Raises Unavailable or BadAnswer."""
        return self._send("DELETE", question, {}, json)

    def _send(self, method: str, question: Question, more: dict[str, str], json: object = None) -> Exchange:
        return self._transport.exchange(
            method,
            question.url,
            headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION, **more},
            credentials=question.credentials,
            deadline=question.deadline,
            max_bytes=question.max_bytes,
            json=json,
        )
