"""The token of a step is in no row, session, cache, log, task argument, page or error report, whatever happens."""

import base64
import json
import logging
import sys
from contextlib import contextmanager

import pytest
import redis
from celery.signals import before_task_publish
from django.core.cache import caches
from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter

from bigcode_optout.accounts import disconnecting, github, token_steps
from bigcode_optout.accounts.github_models import GitHubAnswer
from bigcode_optout.claims import services, tasks
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.names import parse
from tests import services as outside
from tests.accounts.browser import CALLBACK, query_of
from tests.accounts.conftest import TOKEN
from tests.accounts.traces import everything_kept
from tests.githubapi.bodies import membership_body, repository_body, user_body
from tests.githubapi.faults import FAULTS
from tests.githubapi.scripted_github import ScriptedGitHub, answer

CODE, SECRET = "canary-code-of-the-step", "canary-secret"
SECRETS = (TOKEN, CODE, SECRET, base64.b64encode(f"client:{SECRET}".encode()).decode())
ORGANISATION, REPOSITORY = "norrvik-instruments", "quillon-marsh/tidepool"
ASKED = {
    "organisation": f"/user/memberships/orgs/{ORGANISATION}",
    "repository": f"/repos/{REPOSITORY}",
    disconnecting.STEP: "/applications/client/grant",
}
FAULTS_OF_A_STEP = (
    "cut body",
    "not JSON",
    "307 to another host",
    "401",
    "403 policy",
    "429 secondary",
    "503",
    "silence",
)


@pytest.fixture(autouse=True)
def _log_everything(caplog):
    for name in ("", "urllib3", "allauth", "django"):
        caplog.set_level(logging.DEBUG, logger=name)


@pytest.fixture(autouse=True)
def _short_budgets(settings):
    settings.GITHUB_SIGN_IN_BUDGET_SECONDS = settings.GITHUB_PROOF_BUDGET_SECONDS = 0.5


@pytest.fixture
def elsewhere():
    server = ScriptedGitHub()
    yield server
    server.stop()


@pytest.fixture
def signed_in(scripted, browser):
    """A person with one account whose GitHub answers every step well."""
    scripted.on(ASKED["organisation"], answer(membership_body(), etag='"one"'))
    scripted.on(ASKED["repository"], answer(repository_body(), etag='"two"'))
    scripted.on(ASKED[disconnecting.STEP], answer(b"", 204))
    scripted.on("/user/101", answer(user_body(), etag='"three"'))
    scripted.on("/users/quillon-marsh/repos", answer([repository_body()], etag='"four"'))
    browser.bring()
    return browser


@pytest.fixture
def sent():
    """What went to workers, headers included."""
    found = []

    def note(body=None, headers=None, **_):
        found.append(repr((body, headers)))

    before_task_publish.connect(note, weak=False)
    yield found
    before_task_publish.disconnect(note)


@pytest.fixture
def reports(caplog):
    """The error reports that an operator would get, as text and as a page."""
    found = []
    # Making a report here would itself be logged, with all that is in it.
    caplog.set_level(logging.INFO, logger="django.template")

    def note(request=None, **_):
        reporter = ExceptionReporter(request, *sys.exc_info())
        found.extend([reporter.get_traceback_text(), reporter.get_traceback_html()])

    got_request_exception.connect(note, weak=False)
    yield found
    got_request_exception.disconnect(note)


def take(browser, name):
    """Go through the step and come back from GitHub; the page and how it was reached."""
    subjects = {
        "repository": lambda: services.make_claim(by=browser.user, name=parse(REPOSITORY)).pk,
        disconnecting.STEP: lambda: 101,
    }
    claim = subjects.get(name, lambda: services.make_claim(by=browser.user, name=parse(ORGANISATION)).pk)
    away = token_steps.start(browser.request(), name=name, scope="read:org", subject=str(claim()))["location"]
    return browser.desk.get(CALLBACK, {"code": CODE, "state": query_of(away)["state"]})


def assert_no_trace(caplog, page, *others):
    kept = everything_kept()
    local = repr(getattr(caches["default"], "_cache", ""))
    records = " ".join(repr(vars(record)) for record in caplog.records)
    page_text = repr(page.headers) + repr(page.cookies) + page.content.decode()
    for secret in SECRETS:
        for place in (kept, local, caplog.text, records, page_text, *others):
            assert secret not in place


def revoked(scripted):
    return {json.loads(asked.body)["access_token"] for asked in scripted.asked if asked.method == "DELETE"}


@pytest.mark.parametrize("name", sorted({*ASKED, *token_steps._steps}))
def test_after_every_step_its_token_is_nowhere_and_void(
    name, signed_in, scripted, caplog, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = take(signed_in, name)
    assert page.status_code < 500
    assert revoked(scripted) == {TOKEN}
    assert_no_trace(caplog, page, *sent)


@pytest.mark.parametrize("fault", FAULTS_OF_A_STEP)
@pytest.mark.parametrize("name", ["organisation", "repository"])
def test_after_a_step_that_github_did_not_help_the_token_is_nowhere_and_void(
    name, fault, signed_in, scripted, elsewhere, caplog
):
    make, _ = FAULTS[fault]
    scripted.on(ASKED[name], make(scripted, elsewhere))
    page = take(signed_in, name)
    assert page.status_code == 302
    assert not elsewhere.asked
    assert revoked(scripted) == {TOKEN}
    assert_no_trace(caplog, page)


@contextmanager
def breaking(monkeypatch):
    """A step that fails in the midst, as a bug would make it."""

    def fail(**_):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(services, "record_proof", fail)
        patch.setattr(disconnecting.services, "disconnect", fail)
        yield


@pytest.mark.parametrize("name", sorted(ASKED))
def test_the_error_report_of_a_step_that_broke_has_no_token(
    name, signed_in, scripted, caplog, reports, monkeypatch
):
    with breaking(monkeypatch):
        page = take(signed_in, name)
    assert page.status_code == 500
    assert len(reports) == 2
    assert all("a bug" in report for report in reports)
    assert revoked(scripted) == {TOKEN}
    # A report shows the address that was asked, and with it the code, which worked once and is spent.
    assert_no_trace(caplog, page, *(report.replace(CODE, "") for report in reports))


def test_what_is_kept_of_githubs_answers_after_steps_and_tasks_has_no_token(signed_in, caplog):
    page = take(signed_in, "organisation")
    tasks.learn_repositories(Claim.objects.get(kind="account").pk)
    assert GitHubAnswer.objects.count() == 2
    assert Proof.objects.filter(method=Proof.Method.MEMBERSHIP).exists()
    assert_no_trace(caplog, page)


@pytest.mark.redis
def test_redis_has_no_token_either(signed_in, settings, caplog):
    settings.GITHUB_SHARED_STORE = outside.REDIS_URL
    server = redis.Redis.from_url(outside.REDIS_URL, decode_responses=True)
    server.delete(*[*server.keys("github:*"), "github:none"])
    github._client.cache_clear()
    page = take(signed_in, "repository")
    tasks.learn_repositories(Claim.objects.get(kind="account").pk)
    keys = server.keys("github:*")
    values = [server.get(key) for key in keys if server.type(key) == "string"]
    assert len(values) == 2
    budgets = [server.hgetall(key) for key in keys if server.type(key) == "hash"]
    assert_no_trace(caplog, page, repr(keys), repr(values), repr(budgets))
    github._client.cache_clear()
