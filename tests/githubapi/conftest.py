from collections.abc import Callable, Iterator

import pytest

from bigcode_optout.githubapi import GitHubClient

from .scripted_github import ScriptedGitHub


@pytest.fixture
def github() -> Iterator[ScriptedGitHub]:
    server = ScriptedGitHub()
    yield server
    server.stop()


@pytest.fixture
def elsewhere() -> Iterator[ScriptedGitHub]:
    """Another server, which must never learn a token."""
    server = ScriptedGitHub()
    yield server
    server.stop()


@pytest.fixture
def connect() -> Callable[..., GitHubClient]:
    """Make a client of a server, with short time-outs."""

    def make(url: str, **changes: object) -> GitHubClient:
        options: dict[str, object] = {
            "client_id": "Iv1.desk",
            "client_secret": "secret-of-the-desk",
            "user_agent": "opt-out-desk-tests",
            "connect_timeout": 1.0,
            "read_timeout": 0.4,
        }
        return GitHubClient(url, **(options | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def client(github: ScriptedGitHub, connect: Callable[..., GitHubClient]) -> GitHubClient:
    return connect(github.url)
