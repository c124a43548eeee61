import pytest

from bigcode_optout import sandbox
from tests.accounts.browser import Browser
from tests.githubapi.bodies import user_body
from tests.githubapi.scripted_github import ScriptedGitHub, answer

TOKEN = "gho_CANARY7d1f0a4bcanary"


@pytest.fixture
def github(settings):
    """The stand-in."""
    running = sandbox.start()
    settings.GITHUB_URL = running.url
    yield running
    running.stop()


@pytest.fixture
def scripted(settings):
    """A GitHub that answers as told; it starts out well-behaved."""
    server = ScriptedGitHub()
    settings.GITHUB_URL = server.url
    settings.GITHUB_CLIENT_ID, settings.GITHUB_CLIENT_SECRET = "client", "canary-secret"
    server.routes["/login/oauth/access_token"] = answer(
        {"access_token": TOKEN, "scope": "", "token_type": "bearer"}
    )
    server.on("/user", answer(user_body()))
    server.on("/applications/client/token", answer(b"", 204))
    yield server
    server.stop()


@pytest.fixture
def browser(db):
    return Browser()
