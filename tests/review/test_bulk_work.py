"""Carrying a bulk run out: through the verb of one request, once, whatever happens on the way."""

from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry

from bigcode_optout.removals import erasing, services
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.review import bulk, bulk_work, tasks
from bigcode_optout.review.models import BulkRun, BulkStep, QueueLine
from tests.builders import make_reviewer, make_user, reviewed_by_person
from tests.review.bulk_cases import choose, done, outcomes, page_of, proven, send, why
from tests.review.cases import text_of

pytestmark = pytest.mark.usefixtures("index")


def test_what_changed_since_it_was_shown_is_left_out_and_said_so(desk):
    same, changed = proven(1), proven(2)
    run = choose(desk, "accept", [same, changed])
    services.add_note(by=make_reviewer("j.amadi"), request_id=changed.pk, text="Wait.")
    assert done(desk, run) == {same.reference: "done", changed.reference: "left_out"}
    assert "This request changed while you were at it: “Note” by j.amadi" in why(run, changed)
    changed.refresh_from_db()
    assert changed.state == "in_review"


def test_who_is_no_reviewer_any_more_has_nothing_done(desk, reviewer):
    request = proven(1)
    run = choose(desk, "accept", [request])
    send(desk, run, "confirm")
    reviewer.groups.clear()
    tasks.work_bulk(run.pk)
    assert outcomes(run) == {request.reference: "left_out"}
    assert why(run, request) == "You are not a reviewer."


def test_a_step_calls_the_verb_of_one_request_as_the_person(desk, reviewer):
    request = proven(1)
    run = choose(desk, "accept", [request])
    with mock.patch(
        "bigcode_optout.review.bulk_work.deciding.decide", wraps=bulk_work.deciding.decide
    ) as verb:
        done(desk, run)
    assert verb.call_args.kwargs["by"] == reviewer and verb.call_args.kwargs["request_id"] == request.pk


def test_the_admins_log_says_what_was_done(desk, reviewer):
    request = proven(1)
    run = choose(desk, "accept", [request])
    done(desk, run)
    entry = LogEntry.objects.get(object_id=str(request.pk))
    assert entry.user == reviewer and entry.get_change_message() == f"Decided. Bulk run {run.pk}."


def test_a_killed_worker_leaves_nothing_half_done_and_another_goes_on(desk):
    first, second = proven(1), proven(2)
    run = choose(desk, "accept", [first, second])
    send(desk, run, "confirm")
    real = bulk_work._do

    def killed(of, step):
        real(of, step)
        if step.request_id == second.pk:
            # As a process that is killed between the verb and the commit.
            raise KeyboardInterrupt

    with mock.patch.object(bulk_work, "_do", killed), pytest.raises(KeyboardInterrupt):
        bulk_work.work(run_id=run.pk)
    second.refresh_from_db()
    assert second.state == "in_review" and outcomes(run)[second.reference] == "waiting"
    assert bulk_work.due() == []
    BulkRun.objects.update(lease_until="2020-01-01T00:00Z")
    assert bulk_work.due() == [run.pk]
    tasks.work_bulk(run.pk)
    tasks.work_bulk(run.pk)
    assert set(outcomes(run).values()) == {"done"}
    assert [each.events.filter(code="accept").count() for each in (first, second)] == [1, 1]


def test_a_step_that_was_done_is_not_done_again(desk):
    request = proven(1)
    run = choose(desk, "accept", [request])
    done(desk, run)
    step = bulk_work.take(step_id=run.steps.get().pk)
    assert step.outcome == BulkStep.Outcome.DONE
    assert Decision.objects.filter(item__request=request).count() == 1


def test_one_request_that_breaks_does_not_stop_the_others(desk):
    broken, fine = proven(1), proven(2)
    run = choose(desk, "accept", [broken, fine])
    real = bulk_work.deciding.decide

    def decide(**given):
        if given["request_id"] == broken.pk:
            raise RuntimeError("disk full")
        return real(**given)

    with mock.patch("bigcode_optout.review.bulk_work.deciding.decide", decide):
        assert done(desk, run) == {broken.reference: "failed", fine.reference: "done"}
    broken.refresh_from_db()
    assert broken.state == "in_review" and "Something broke on our side" in why(run, broken)


def test_progress_is_asked_for_live_until_it_is_over(desk):
    run = choose(desk, "accept", [proven(1)])
    send(desk, run, "confirm")
    page = text_of(desk.get(page_of(run)))
    assert f'hx-get="{page_of(run)}progress/"' in page and "0 of 1 request" in page
    assert "HX-Refresh" not in desk.get(f"{page_of(run)}progress/").headers
    tasks.work_bulk(run.pk)
    over = desk.get(f"{page_of(run)}progress/")
    assert over.headers["HX-Refresh"] == "true" and "1 done" in text_of(over)


def test_the_words_of_a_run_and_the_name_in_the_queue_go_when_a_request_of_it_is_erased(reviewer):
    user = make_user(777, "zz-secret-login")
    request = reviewed_by_person(user, email="zz@secret.example")
    run = bulk.plan(by=reviewer, verb="deny", requests=RemovalRequest.objects.filter(pk=request.pk))
    run = bulk.word(by=reviewer, run_id=run.pk, text="Dear zz-secret-login.", reason="insufficient_proof")
    bulk.begin(by=reviewer, run_id=run.pk)
    bulk_work.work(run_id=run.pk)
    erasing.erase(request_id=request.pk)
    run.refresh_from_db()
    assert run.text == ""
    assert "zz-secret" not in str(list(QueueLine.objects.values()))
