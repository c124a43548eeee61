"""What was told before is asked for by its ETag: 304 brings the few fields that were kept, and nothing else is kept."""

import datetime as dt
import json

import pytest

from bigcode_optout.githubapi import (
    BadAnswer,
    Deadline,
    GitHubClient,
    KeptAnswer,
    RateLimited,
    TooManyPages,
    Unavailable,
)
from bigcode_optout.githubapi.budgets import Allowance
from bigcode_optout.githubapi.kept_answers import key_of
from bigcode_optout.sandbox import RunningSandbox, start

SALT = b"salt of these tests"


class Store:
    def __init__(self) -> None:
        self.kept: dict[str, KeptAnswer] = {}

    def find(self, key: str) -> KeptAnswer | None:
        return self.kept.get(key)

    def keep(self, key: str, answer: KeptAnswer) -> None:
        self.kept[key] = answer


class Budget:
    """Counts, and refuses when told to."""

    def __init__(self) -> None:
        self.taken = 0
        self.reported: list[Allowance] = []
        self.waits: list[bool] = []

    def take(self) -> None:
        self.taken += 1

    def give_back(self) -> None:
        self.taken -= 1

    def report(self, allowance: Allowance) -> None:
        self.reported.append(allowance)

    def wait_until(self, moment, *, is_burst):
        self.waits.append(is_burst)
        return moment


@pytest.fixture
def sandbox():
    running = start()
    yield running
    running.stop()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def budget() -> Budget:
    return Budget()


@pytest.fixture
def client(sandbox, store, budget) -> GitHubClient:
    return GitHubClient(
        sandbox.url,
        client_id="sandbox-client",
        client_secret="sandbox-secret",
        user_agent="tests",
        budget=budget,
        store=store,
        salt=SALT,
    )


def statuses(sandbox: RunningSandbox) -> list[int]:
    return [row["status"] for row in sandbox.requests.rows()]


ASKING = {
    "account": lambda client: client.account("quillon-marsh"),
    "account_by_id": lambda client: client.account_by_id(4117902),
    "repository": lambda client: client.repository("quillon-marsh/tidewatch"),
    "a fork": lambda client: client.repository("quillon-marsh/parquetry"),
    "repository_by_id": lambda client: client.repository_by_id(194864511),
    "list": lambda client: list(client.owner_repositories("quillon-marsh")),
    "list of an organisation": lambda client: list(
        client.owner_repositories("skerry-archive", kind="Organization")
    ),
}


@pytest.mark.parametrize("asking", ASKING.values(), ids=ASKING)
def test_the_second_time_github_says_unchanged_and_the_answer_is_the_same(asking, client, sandbox, budget):
    first = asking(client)
    cost = budget.taken
    assert asking(client) == first
    calls = statuses(sandbox)
    assert calls == [200] * (len(calls) // 2) + [304] * (len(calls) // 2)
    assert budget.taken == cost == len(calls) // 2
    assert next(iter(sandbox.limits.allowances.values())).used == cost


def test_a_former_name_is_followed_and_what_it_leads_to_is_unchanged(client, sandbox):
    first = client.repository("fennwick/lichen")
    assert client.repository("fennwick/lichen") == first
    assert first.redirected
    assert statuses(sandbox) == [301, 200, 301, 304]


def test_what_changed_is_told_and_kept_anew(client, sandbox):
    client.repository_by_id(194864511)
    sandbox.world.transfer_repository("quillon-marsh/tidewatch", "moss-kettering")
    assert client.repository_by_id(194864511).owner_login == "moss-kettering"
    assert client.repository_by_id(194864511).owner_login == "moss-kettering"
    assert statuses(sandbox) == [200, 200, 304]


def test_no_profile_and_no_secret_is_kept(client, sandbox, store):
    sandbox.world.edit_profile(
        "quillon-marsh", description="canary bio", blog="canary.example", location="canary-town"
    )
    for asking in ASKING.values():
        asking(client)
    text = repr(store.kept)
    assert "quillon-marsh/tidewatch" in text
    assert "canary" not in text
    assert "sandbox-secret" not in text
    bodies = [json.loads(row.body) for row in store.kept.values()]
    rows = [row for body in bodies for row in (body if isinstance(body, list) else [body])]
    assert {key for row in rows for key in row} == {
        *("id", "login", "type", "created_at", "owner", "full_name", "fork", "private", "parent")
    }


def test_nothing_is_kept_under_a_persons_token(client, sandbox, store, budget):
    token = sandbox.world.issue_token("odalys-brook", "read:org").value
    for _ in range(2):
        client.viewer(token)
        assert client.repository("norrvik-instruments/field-recorder-firmware", token).may_administer
    assert store.kept == {}
    assert statuses(sandbox) == [200] * 4
    assert (budget.taken, budget.reported) == (0, [])


def test_an_organisations_profile_is_read_afresh(client, sandbox, store):
    client.organisation("norrvik-instruments")
    client.organisation("norrvik-instruments")
    assert statuses(sandbox) == [200, 200]
    assert store.kept == {}


def test_an_answer_that_could_not_be_read_is_not_kept(client, sandbox, store):
    sandbox.faults.add("/users/", "wrong_shape")
    with pytest.raises(BadAnswer):
        client.account("quillon-marsh")
    assert store.kept == {}
    assert client.account("quillon-marsh").id == 4117902


def test_other_credentials_and_another_salt_find_nothing_of_each_other():
    keys = {
        key_of(salt, authorization, url)
        for salt in (b"a", b"b")
        for authorization in ("Basic x", "Basic y", "")
        for url in ("https://api.github.com/user/1", "https://api.github.com/user/2")
    }
    assert len(keys) == 12
    assert all(len(key) == 64 and "github" not in key for key in keys)


@pytest.mark.parametrize(("kind", "is_burst"), [("primary_limit", False), ("secondary_limit", True)])
def test_a_limit_on_the_sites_own_calls_is_told_to_everybody(client, sandbox, budget, kind, is_burst):
    sandbox.faults.add("/users/", kind, seconds=90)
    with pytest.raises(RateLimited):
        client.account("quillon-marsh")
    assert budget.waits == [is_burst]


def test_a_limit_on_a_persons_token_stops_nobody_else(client, sandbox, budget):
    token = sandbox.world.issue_token("odalys-brook").value
    sandbox.faults.add("/user", "secondary_limit", seconds=90)
    with pytest.raises(RateLimited):
        client.viewer(token)
    assert budget.waits == []


def test_the_longer_wait_of_the_budget_is_the_errors(client, sandbox, budget, monkeypatch):
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=14)
    monkeypatch.setattr(budget, "wait_until", lambda moment, *, is_burst: later)
    sandbox.faults.add("/users/", "secondary_limit", seconds=5)
    with pytest.raises(RateLimited) as caught:
        client.account("quillon-marsh")
    assert caught.value.retry_at == later


def test_ten_thousand_pages_are_cut_with_a_name(client, sandbox, budget):
    sandbox.faults.add("/orgs/", "endless_pages", times=None)
    with pytest.raises(TooManyPages) as caught:
        list(client.owner_repositories("norrvik-instruments", kind="Organization", deadline=Deadline(60)))
    assert "reviewer" in caught.value.sentence
    assert budget.taken == 100


def test_pages_stop_when_their_time_is_over(client, sandbox):
    sandbox.faults.add("/orgs/", "endless_pages", times=None)
    with pytest.raises(Unavailable):
        list(client.owner_repositories("norrvik-instruments", kind="Organization", deadline=Deadline(0.05)))
    assert len(statuses(sandbox)) < 100


def test_pages_read_before_a_fault_are_asked_again_for_nothing(client, sandbox, budget):
    sandbox.faults.add("/orgs/", "server_error", after=1)
    with pytest.raises(Exception, match="did not answer"):
        list(client.owner_repositories("skerry-archive", kind="Organization"))
    assert len(list(client.owner_repositories("skerry-archive", kind="Organization"))) == 120
    assert statuses(sandbox) == [200, 502, 304, 200]
