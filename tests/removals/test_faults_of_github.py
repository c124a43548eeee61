"""Each fault of GitHub while a request is located: it stays received, says so, and is decided afterwards."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.accounts.github_models import GitHubAllowance
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.githubapi import client as github_client
from bigcode_optout.githubapi import rest
from bigcode_optout.removals import locating, tasks
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import make_index, make_persona, processed_request, submitted_request
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SENTENCE = "GitHub did not answer, or asked us to wait. We try again"
FAULTS = {
    "401": ("unauthorized", {}),
    "403 policy": ("forbidden_policy", {}),
    "403 hourly limit": ("primary_limit", {"status": 403, "seconds": 1800}),
    "429 hourly limit": ("primary_limit", {"status": 429, "seconds": 1800}),
    "403 burst": ("secondary_limit", {"status": 403, "seconds": 300}),
    "429 burst": ("secondary_limit", {"status": 429, "seconds": 300}),
    "500": ("server_error", {"status": 500}),
    "time-out": ("timeout", {"seconds": 30}),
    "cut body": ("cut_body", {}),
    "no JSON": ("not_json", {}),
    "wrong shape": ("wrong_shape", {}),
    "another number": ("other_id", {}),
    "redirect to another host": ("redirect_elsewhere", {}),
    "redirect loop": ("redirect_loop", {}),
}
WAITS = {"403 hourly limit": 1800, "429 hourly limit": 1800, "403 burst": 300, "429 burst": 300}


@pytest.fixture
def index(tmp_path, sandbox):
    """Two repositories of quillon-marsh and one that was given away, by number."""
    rows = [("quillon-marsh/tidewatch", 194864511, 10), ("quillon-marsh/lull", 90846162, 10)]
    return make_index(tmp_path, rows)


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(github_client, "BACKGROUND_SECONDS", 0.4)


def seen(client, removal):
    """What the requester reads on the status page."""
    client.force_login(removal.requester, backend=BACKEND)
    return text_of(client.get(f"/requests/{removal.reference}/"))


def again(removal):
    """Try once more when the time has come."""
    removal.refresh_from_db()
    with time_machine.travel(removal.next_attempt_at + dt.timedelta(seconds=1)):
        assert locating.waiting() == [removal.pk]
        tasks.process(removal.pk)
    removal.refresh_from_db()


ACCOUNT, LIST = "/user/4117902", "/users/quillon-marsh/repos"


@pytest.mark.parametrize(
    ("fault", "at"),
    [*((fault, ACCOUNT) for fault in FAULTS), ("500", LIST), ("cut body", LIST), ("429 burst", LIST)],
)
def test_a_request_waits_says_so_and_is_decided_afterwards(index, sandbox, client, fault, at):
    kind, options = FAULTS[fault]
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add(at, kind, **{**options, "times": None})
    tasks.process(removal.pk)
    removal.refresh_from_db()
    assert (removal.state, removal.lease_until) == ("submitted", None)
    assert SENTENCE in seen(client, removal)
    assert locating.waiting() == []
    wait = (removal.next_attempt_at - clock.now()).total_seconds()
    assert wait == pytest.approx(WAITS.get(fault, 10), abs=3)

    sandbox.faults.clear()
    again(removal)
    assert removal.state == "accepted"
    assert removal.items.get().state == "accepted"


def test_a_wait_that_github_asked_for_is_no_try(index, sandbox):
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add(".*", "secondary_limit", seconds=60)
    tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.attempt_count == 0
    sandbox.faults.add(".*", "server_error")
    again(removal)
    assert removal.attempt_count == 1


def test_a_request_in_the_queue_for_githubs_hour_is_not_given_to_a_person_after_a_day(
    index, sandbox, settings
):
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    days = dt.timedelta(seconds=settings.GITHUB_PATIENCE_SECONDS) * 3
    with time_machine.travel(clock.now() + days):
        sandbox.faults.add("/user/", "primary_limit", seconds=900)
        tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.state == "submitted"
    again(removal)
    assert removal.state == "accepted"


def test_in_the_end_a_person_decides(index, sandbox, settings):
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add("/user/", "primary_limit", seconds=900)
    with time_machine.travel(clock.now() + dt.timedelta(seconds=settings.GITHUB_QUEUE_SECONDS + 60)):
        tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.state == "in_review"


def test_an_account_that_is_gone_goes_to_a_person(index, sandbox):
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.world.delete_account("quillon-marsh")
    tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.state == "in_review"
    assert removal.items.get().state == "open"


def test_ten_thousand_pages_go_to_a_person_at_once(index, sandbox, monkeypatch):
    monkeypatch.setattr(rest, "MOST_PAGES", 5)
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add("/users/quillon-marsh/repos", "endless_pages", times=None)
    tasks.process(removal.pk)
    removal.refresh_from_db()
    pages = [row for row in sandbox.requests.rows() if row["path"].endswith("/repos")]
    assert len(pages) == 5
    assert removal.state == "in_review"
    assert "owner_not_read" in removal.items.get().assessment["guards"]


def test_a_number_that_has_another_owner_by_the_second_call_is_never_accepted(index, sandbox):
    removal = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add("/users/quillon-marsh/repos", "other_owner", times=None)
    sandbox.faults.add("/repositories/", "other_owner", after=1, times=None)
    tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.state == "in_review"
    item = removal.items.get()
    assert item.state == "open"
    assert "other_owner" in item.assessment["guards"]
    owners = RepositoryFact.objects.filter(full_name_key="", repository_id__in=[194864511, 90846162])
    assert set(owners.values_list("owner_id", flat=True)) == {4117902, 990_000_042}


def test_what_was_answered_before_the_hour_ended_is_not_asked_again(tmp_path, sandbox):
    names = ["gannet", "kittiwake", "fulmar", "razorbill"]
    make_index(tmp_path, [(f"quillon-marsh/{name}", None, 10) for name in names])
    user = make_persona(sandbox, "quillon-marsh")
    removal = submitted_request(user)
    sandbox.faults.add("/repos/quillon-marsh/", "primary_limit", after=2, seconds=600)
    tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.state == "submitted"
    again(removal)
    assert removal.state == "in_review"
    asked = [row["path"] for row in sandbox.requests.rows() if "/repos/quillon-marsh/" in row["path"]]
    assert len(asked) == len(names) + 1
    assert len(set(asked)) == len(names)


def test_when_the_shared_hour_is_spent_everybody_waits_until_its_end_and_goes_on_in_order(index, sandbox):
    people = [make_persona(sandbox, login) for login in ("quillon-marsh", "moss-kettering", "hale-ostrander")]
    removals = [submitted_request(person) for person in people]
    tasks.process(removals[0].pk)
    reset = GitHubAllowance.objects.get().reset_at
    GitHubAllowance.objects.update(remaining=500)
    asked = len(sandbox.requests.rows())
    for removal in reversed(removals[1:]):
        tasks.process(removal.pk)
    assert len(sandbox.requests.rows()) == asked
    states = RemovalRequest.objects.order_by("pk").values_list("state", "next_attempt_at")
    assert [state for state, _ in states][1:] == ["submitted", "submitted"]
    assert [at for _, at in states][1:] == [reset, reset]
    assert locating.waiting() == []
    with time_machine.travel(reset + dt.timedelta(seconds=1)):
        assert locating.waiting() == [removal.pk for removal in removals[1:]]
        for pk in locating.waiting():
            tasks.process(pk)
    assert not RemovalRequest.objects.filter(state="submitted").exists()


def test_a_request_that_was_never_hindered_is_decided_at_once(index, sandbox):
    assert processed_request(make_persona(sandbox, "quillon-marsh")).state == "accepted"
