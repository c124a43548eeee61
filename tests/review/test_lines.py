"""The lines that the queue keeps never say something else than the requests' own rows."""

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.removals import doubting, former_names, locating, merging, objecting, services
from bigcode_optout.removals.models import RemovalRequest, RequestState, ScopeItem
from bigcode_optout.review import lines, tasks
from bigcode_optout.review.models import QueueLine
from tests.builders import make_draft, make_reviewer, make_user, submitted_request
from tests.removals.owning import NORRVIK, make_owner, request_over
from tests.review.cases import waiting_request

pytestmark = pytest.mark.django_db


def wrong_lines() -> list[int]:
    return [line.pk for batch in lines.differing() for line in batch]


def decide(request, verdict):
    """As a reviewer."""
    from bigcode_optout.removals import deciding
    from bigcode_optout.removals.models import Decision
    from bigcode_optout.removals.settling import ItemVerdict

    yes = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    no = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)
    items = request.items.filter(state=ScopeItem.ItemState.OPEN).values_list("pk", flat=True)
    verdicts = dict.fromkeys(items, yes if verdict == "accept" else no)
    return deciding.decide(
        by=make_reviewer(f"r{request.pk}-{verdict}"), request_id=request.pk, verdicts=verdicts
    )


def test_a_line_follows_a_request_from_submission_to_decision_and_back(index):
    user = make_user()
    request = submitted_request(user)
    assert wrong_lines() == []
    locating.search(request)
    assert wrong_lines() == []
    request = waiting_request(make_user(602, "somebody-else"))
    assert wrong_lines() == []
    line = QueueLine.objects.get(pk=request.pk)
    assert (line.versions, line.size, line.standing_in) == (",v2.1,", "few", None)
    decide(request, "accept")
    assert wrong_lines() == []
    line.refresh_from_db()
    assert (line.decided_by, line.standing_in_id) == ("reviewer", request.dataset_id)
    services.reopen(by=make_reviewer(), request_id=request.pk, text="Too early.")
    assert wrong_lines() == []
    line.refresh_from_db()
    assert (line.decided_by, line.standing_in) == ("", None)
    decide(request, "deny")
    assert wrong_lines() == []
    services.appeal(by=request.requester, request_id=request.pk, text="Please look again.")
    assert wrong_lines() == []


def test_a_line_follows_withdrawal_and_opting_back_in(index):
    first, second = waiting_request(make_user(601, "one")), waiting_request(make_user(602, "two"))
    services.withdraw(by=first.requester, request_id=first.pk)
    decide(second, "accept")
    services.withdraw(by=second.requester, request_id=second.pk)
    assert wrong_lines() == []
    assert not QueueLine.objects.filter(standing_in__isnull=False).exists()


def test_a_line_follows_merging_and_reviving(index):
    user = make_user()
    elder = waiting_request(user)
    later = submitted_request(user)
    assert merging.merge_duplicate(request_id=later.pk)
    assert wrong_lines() == []
    services.withdraw(by=user, request_id=elder.pk)
    later.refresh_from_db()
    assert later.state == RequestState.SUBMITTED
    assert wrong_lines() == []


def test_a_line_follows_an_objection_until_somebody_decides(index):
    asks, objects = make_owner(601, "asks"), make_owner(602, "objects")
    request = request_over(asks)
    objecting.raise_objection(by=objects, request_id=request.pk, organisation_id=NORRVIK, reason="No.")
    assert wrong_lines() == []
    assert lines.OBJECTION in QueueLine.objects.get(pk=request.pk).guards
    objecting.take_back(by=objects, objection_id=request.objections.get().pk)
    assert wrong_lines() == []
    assert lines.OBJECTION not in QueueLine.objects.get(pk=request.pk).guards


def test_a_line_follows_a_contradiction(index):
    request = waiting_request()
    decide(request, "accept")
    doubt = doubting.Doubt(request.items.get().pk, "otter-quay/kelp", 9001, 777)
    doubting.contradict(request_id=request.pk, doubts=[doubt])
    assert wrong_lines() == []
    line = QueueLine.objects.get(pk=request.pk)
    assert (line.proof, line.item_count) == ("contradicted", 2)


def test_a_line_follows_parts_that_are_split_off(index):
    request = waiting_request()
    former_names.split_off(request_id=request.pk)
    assert wrong_lines() == []


def test_a_draft_has_no_line(index):
    make_draft(make_user())
    assert not QueueLine.objects.exists() and wrong_lines() == []


def test_the_command_finds_and_mends_what_is_wrong(index, capsys):
    right, wrong, missing = (waiting_request(make_user(600 + n, f"p-{n}")) for n in range(3))
    QueueLine.objects.filter(pk=wrong.pk).update(proof="contradicted")
    QueueLine.objects.filter(pk=missing.pk).delete()
    with pytest.raises(CommandError, match="2 lines"):
        call_command("rebuild_queue", "--check")
    call_command("rebuild_queue")
    assert "2 lines written" in capsys.readouterr().out
    call_command("rebuild_queue", "--check")
    assert QueueLine.objects.count() == RemovalRequest.objects.count() == 3
    assert not QueueLine.objects.filter(proof="contradicted").exists() and right.queue_line


def test_the_timer_writes_lines_that_are_missing(index):
    request = waiting_request()
    QueueLine.objects.all().delete()
    tasks.rebuild_queue()
    assert QueueLine.objects.get().pk == request.pk


def test_a_change_that_is_undone_leaves_the_line_as_it_was(index):
    from django.db import transaction

    request = waiting_request()
    before = QueueLine.objects.filter(pk=request.pk).values().get()
    with transaction.atomic():
        decide(request, "accept")
        transaction.set_rollback(True)
    assert QueueLine.objects.filter(pk=request.pk).values().get() == before
