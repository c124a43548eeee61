"""A located request is judged and handed on in one step, and in few statements."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bigcode_optout.core.errors import Conflict
from bigcode_optout.removals import change_hooks, locating, services, tasks, triage
from tests.builders import make_draft, make_index, make_persona, submitted_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def located(sandbox, tmp_path):
    """A request for an own account that only waits to be judged."""
    world = sandbox.world
    owned = world.repositories_of(world.account("quillon-marsh").id)
    make_index(tmp_path, [(f"quillon-marsh/{one.name}", one.id, 10) for one in owned])
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    locating.learn_owners(request)
    locating.search(request)
    locating.ask_whose(request)
    return request


@pytest.fixture
def heard(monkeypatch):
    """What a room above hears."""
    calls = []
    monkeypatch.setattr(change_hooks, "_hooks", [lambda changes: calls.append(dict(changes))])
    return calls


def written_lines(statements) -> int:
    return sum('INTO "review_queueline"' in one["sql"] for one in statements)


def test_what_a_step_does_is_told_once(located, heard):
    triage.triage(request_id=located.pk)
    assert heard == [{located.pk: {"assessed", "begin_review", "accept"}}]


def test_submission_writes_the_queues_line_once_and_processing_twice(sandbox, tmp_path):
    make_index(tmp_path, [("quillon-marsh/kelp", 7, 10)])
    draft = make_draft(make_persona(sandbox, "quillon-marsh"))
    with CaptureQueriesContext(connection) as submission:
        request = services.submit(by=draft.requester, draft_id=draft.pk)
    with CaptureQueriesContext(connection) as processing:
        tasks.process(request.pk)
    # Once it is searched, and once it is decided.
    assert (written_lines(submission), written_lines(processing)) == (1, 2)


def test_submitting_and_processing_take_few_statements(located, sandbox, django_assert_max_num_queries):
    draft = make_draft(make_persona(sandbox, "larkspur-dev"))
    with django_assert_max_num_queries(35):
        services.submit(by=draft.requester, draft_id=draft.pk)
    with django_assert_max_num_queries(95):
        tasks.process(located.pk)


def test_a_step_that_fails_leaves_nothing_half_done_and_is_not_told(located, heard, monkeypatch):
    def fails(**_: object) -> None:
        raise Conflict("broken", "Broken.")

    with monkeypatch.context() as patch:
        patch.setattr(services, "accept_by_rule", fails)
        with pytest.raises(Conflict):
            triage.triage(request_id=located.pk)
    located.refresh_from_db()
    assert (located.state, located.items.get().proof_state) == ("submitted", "unknown")
    assert [event.code for event in located.events.all()] == ["submit"]
    assert heard == []
    triage.triage(request_id=located.pk)
    located.refresh_from_db()
    assert located.state == "accepted"


def test_a_request_that_was_withdrawn_meanwhile_is_left_alone(located):
    services.withdraw(by=located.requester, request_id=located.pk)
    triage.triage(request_id=located.pk)
    located.refresh_from_db()
    assert (located.state, located.items.get().proof_state) == ("withdrawn", "unknown")


def test_steps_within_a_step_are_told_with_it(heard):
    with transaction.atomic(), change_hooks.gathered():
        change_hooks.tell(2, "ask")
        with change_hooks.gathered():
            change_hooks.tell(1, "deny")
            change_hooks.tell(1, "note")
        assert heard == []
    change_hooks.tell(1, "reopen")
    assert heard == [{2: {"ask"}, 1: {"deny", "note"}}, {1: {"reopen"}}]
