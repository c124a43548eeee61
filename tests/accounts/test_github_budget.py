"""One hour of GitHub for all workers: the same rules in rows and in Redis."""

import datetime as dt
import secrets
import threading

import pytest
import redis
import time_machine

from bigcode_optout.accounts import github, github_redis, tasks
from bigcode_optout.accounts.github_models import GitHubAllowance, GitHubAnswer
from bigcode_optout.accounts.github_redis import AnswersInRedis, BudgetInRedis
from bigcode_optout.accounts.github_rows import AnswersInRows, BudgetInRows
from bigcode_optout.githubapi import Allowance, KeptAnswer, RateLimited
from tests import services

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 2, 1, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(params=["rows", pytest.param("redis", marks=pytest.mark.redis)])
def budget(request):
    """Make a budget over one store that no other test has; `reserve_percent` as given."""
    key = secrets.token_hex(8)

    def make(reserve_percent=10):
        if request.param == "rows":
            return BudgetInRows(key, reserve_percent=reserve_percent)
        return BudgetInRedis(services.REDIS_URL, key, reserve_percent=reserve_percent)

    return make


@pytest.fixture(params=["rows", pytest.param("redis", marks=pytest.mark.redis)])
def answers(request):
    if request.param == "rows":
        return AnswersInRows()
    return AnswersInRedis(services.REDIS_URL, seconds=600, most=3)


def hour(remaining, *, limit=100, reset_at=NOW + HOUR):
    return Allowance(limit, remaining, reset_at)


def takes(budget):
    """How many calls can be taken now, up to a thousand."""
    for count in range(1000):
        try:
            budget.take()
        except RateLimited:
            return count
    return 1000


def test_before_github_has_said_anything_calls_go_out(budget):
    assert takes(budget()) == 1000


def test_a_task_leaves_the_reserve_and_a_page_may_use_it(budget):
    budget().report(hour(30))
    assert takes(budget()) == 20
    assert takes(budget(0)) == 10


def test_when_it_is_spent_the_error_says_when_the_hour_ends(budget):
    budget().report(hour(10))
    with pytest.raises(RateLimited) as caught:
        budget().take()
    assert (caught.value.retry_at, caught.value.is_secondary) == (NOW + HOUR, False)


def test_after_the_hour_calls_go_out_again(budget, frozen):
    budget().report(hour(0))
    frozen.move_to(NOW + HOUR)
    budget().take()
    budget().report(hour(99, reset_at=NOW + 2 * HOUR))
    assert takes(budget()) == 89


def test_an_answer_that_comes_late_does_not_raise_the_rest_of_the_hour(budget):
    budget().report(hour(20))
    budget().report(hour(60))
    budget().report(hour(50, reset_at=NOW + HOUR + dt.timedelta(seconds=1)))
    assert takes(budget(0)) == 20


def test_an_answer_of_the_hour_before_says_nothing_about_this_one(budget):
    budget().report(hour(60, reset_at=NOW + 2 * HOUR))
    budget().report(hour(0))
    assert takes(budget(0)) == 60


def test_what_others_spend_outside_counts(budget):
    budget().report(hour(60))
    budget().report(hour(15))
    assert takes(budget(0)) == 15


def test_a_call_that_cost_nothing_is_given_back(budget):
    budget().report(hour(20))
    budget().take()
    budget().give_back()
    assert takes(budget(0)) == 20


def test_everybody_waits_when_github_asks_one_to_wait(budget, frozen):
    budget().report(hour(60))
    until = NOW + dt.timedelta(seconds=90)
    assert budget().wait_until(until, is_burst=True) == until
    with pytest.raises(RateLimited) as caught:
        budget(0).take()
    assert (caught.value.retry_at, caught.value.is_secondary) == (until, True)
    frozen.move_to(until)
    assert takes(budget(0)) == 60


def test_a_shorter_wait_does_not_end_a_longer_one(budget):
    longer = NOW + dt.timedelta(minutes=5)
    budget().wait_until(longer, is_burst=False)
    assert budget().wait_until(NOW + dt.timedelta(seconds=5), is_burst=True) == longer


def test_waits_grow_while_bursts_follow_one_another_and_begin_anew_later(budget, frozen):
    waited = []
    for _ in range(6):
        until = budget().wait_until(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60), is_burst=True)
        waited.append((until - dt.datetime.now(dt.UTC)).total_seconds() / 60)
        frozen.move_to(until)
    assert waited == [1, 2, 4, 8, 15, 15]
    frozen.shift(dt.timedelta(minutes=30))
    now = dt.datetime.now(dt.UTC)
    assert budget().wait_until(now + dt.timedelta(seconds=60), is_burst=True) == now + dt.timedelta(minutes=1)


def test_two_workers_in_one_burst_count_as_one(budget):
    until = NOW + dt.timedelta(seconds=60)
    assert budget().wait_until(until, is_burst=True) == until
    assert budget().wait_until(until, is_burst=True) == until


def test_what_is_kept_is_found_and_replaced(answers):
    key = secrets.token_hex(32)
    assert answers.find(key) is None
    answers.keep(key, KeptAnswer('W/"1"', '{"id":1}', "<next>"))
    answers.keep(key, KeptAnswer('W/"2"', '{"id":2}'))
    assert answers.find(key) == KeptAnswer('W/"2"', '{"id":2}', "")


@pytest.mark.redis
def test_redis_keeps_the_newest_answers_only(frozen):
    server = redis.Redis.from_url(services.REDIS_URL)
    server.delete(github_redis._ANSWERS)
    store = AnswersInRedis(services.REDIS_URL, seconds=600, most=3)
    keys = [secrets.token_hex(32) for _ in range(5)]
    for key in keys:
        store.keep(key, KeptAnswer("e", "{}"))
        frozen.shift(dt.timedelta(seconds=1))
    assert [store.find(key) is not None for key in keys] == [False, False, True, True, True]
    assert 0 < server.ttl(f"github:answer:{keys[-1]}") <= 600


def test_rows_of_answers_that_are_old_or_too_many_are_deleted(frozen, settings):
    settings.GITHUB_ANSWERS = 2
    for number in range(5):
        AnswersInRows().keep(f"{number}", KeptAnswer("e", "{}"))
        frozen.shift(dt.timedelta(seconds=1))
    tasks.forget_answers()
    assert {row.key for row in GitHubAnswer.objects.all()} == {"3", "4"}
    frozen.shift(dt.timedelta(days=settings.GITHUB_ANSWER_DAYS))
    tasks.forget_answers()
    assert not GitHubAnswer.objects.exists()


def test_a_redis_that_is_down_lets_calls_through():
    budget = BudgetInRedis("redis://127.0.0.1:1/0", "key", reserve_percent=10)
    store = AnswersInRedis("redis://127.0.0.1:1/0", seconds=60, most=3)
    budget.take()
    budget.report(hour(0))
    assert budget.wait_until(NOW + HOUR, is_burst=True) == NOW + HOUR
    assert store.find("key") is None
    store.keep("key", KeptAnswer("e", "{}"))


@pytest.mark.redis
def test_many_workers_together_never_take_more_than_there_is():
    key = secrets.token_hex(8)
    budget = BudgetInRedis(services.REDIS_URL, key, reserve_percent=10)
    budget.report(hour(60))
    taken = []
    workers = [threading.Thread(target=lambda: taken.append(takes(budget))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(taken) == 50


def test_inside_a_task_the_client_leaves_the_reserve_and_outside_it_does_not(sandbox, settings):
    github.client().account("quillon-marsh")
    row = GitHubAllowance.objects.get()
    reserve = row.limit * settings.GITHUB_RESERVE_PERCENT // 100
    GitHubAllowance.objects.update(remaining=reserve)
    with pytest.raises(RateLimited):
        ask_in_a_task()
    assert github.client().account("quillon-marsh").login == "quillon-marsh"


def ask_in_a_task():
    from celery import shared_task

    @shared_task(name="tests.ask_github")
    def ask():
        return github.client().account("quillon-marsh").login

    return ask()


def test_the_budget_knows_what_github_counted(sandbox):
    for _ in range(3):
        github.client().account("pemberly-quiet")
    github.client().account("quillon-marsh")
    (allowance,) = sandbox.limits.allowances.values()
    row = GitHubAllowance.objects.get()
    # The second and third question were answered by 304, which GitHub does not count.
    assert (row.limit, row.remaining) == (5000, 4998)
    assert allowance.used == 2
    assert row.reset_at.timestamp() == allowance.reset
