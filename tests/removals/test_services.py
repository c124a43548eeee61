"""The verbs: state, event, receipt and mail come together or not at all."""

import datetime as dt
import hashlib

import pytest
import time_machine

from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.core.references import PATTERN
from bigcode_optout.removals import receipts, services
from bigcode_optout.removals.models import Decision, OutboxMessage, ScopeItem
from bigcode_optout.removals.queries import history_of, request_of
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person, submitted_request
from tests.two_reviewers import make_senior

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DECLINE = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.NO_AUTHORITY)


def codes(request):
    return [event.code for event in request.events.all()]


def test_sending_gives_a_reference_a_due_date_a_receipt_and_one_search_a_version(index):
    with time_machine.travel("2026-11-09T10:13:52Z", tick=False):
        request = submitted_request(make_user(), email="otter@quay.example")
    assert request.state == "submitted"
    assert PATTERN.fullmatch(request.reference)
    assert request.due_at == dt.datetime(2026, 12, 9, 23, 59, tzinfo=dt.UTC)
    assert request.canonical_text == (
        f"reference: {request.reference}\ndataset: the-stack\nreceived_at: 2026-11-09T10:13:52Z\n"
        "requester: github:501\nitems:\n- owner otter-quay files commits issues\n"
    )
    assert request.canonical_sha256 == hashlib.sha256(request.canonical_text.encode()).hexdigest()
    assert receipts.as_json(request)["canonical_sha256"] == request.canonical_sha256
    assert sorted(run.version.name for run in request.locate_runs.all()) == ["v2.0", "v2.1"]
    assert codes(request) == ["submit"]
    assert [mail.kind for mail in request.mails.all()] == ["received"]


def test_a_request_without_an_address_writes_no_mail(index):
    assert not submitted_request(make_user()).mails.exists()


def test_sending_twice_is_told_and_changes_nothing(index):
    user = make_user()
    request = submitted_request(user)
    with pytest.raises(Conflict):
        services.submit(by=user, draft_id=request.pk)
    request.refresh_from_db()
    assert codes(request) == ["submit"]


def test_somebody_else_cannot_send_answer_or_withdraw(index):
    stranger = make_user(502, "tern-hollow")
    draft = make_draft(make_user())
    with pytest.raises(Forbidden):
        services.submit(by=stranger, draft_id=draft.pk)
    request = services.submit(by=draft.requester, draft_id=draft.pk)
    for verb in (services.withdraw, services.opt_back_in):
        with pytest.raises(Forbidden):
            verb(by=stranger, request_id=request.pk)


def test_a_question_stops_the_clock_and_the_answer_moves_the_due_date(index):
    user, reviewer = make_user(), make_reviewer()
    with time_machine.travel("2026-11-01T12:00Z", tick=False):
        request = reviewed_by_person(user, email="otter@quay.example")
    with time_machine.travel("2026-11-05T12:00Z", tick=False):
        services.ask(by=reviewer, request_id=request.pk, question="Which of the two?")
    with time_machine.travel("2026-11-15T12:00Z", tick=False):
        services.answer(by=user, request_id=request.pk, text="The first.")
    request.refresh_from_db()
    assert (request.state, request.clock_stopped_at) == ("in_review", None)
    assert request.due_at == dt.datetime(2026, 12, 11, 23, 59, tzinfo=dt.UTC)
    assert "Which of the two?" in request.mails.get(kind="question").body


def test_parts_are_decided_for_themselves_and_the_last_one_settles_the_request(index):
    user, reviewer = make_user(), make_reviewer()
    request = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"], email="otter@quay.example")
    kelp, reef = request.items.order_by("name_key")
    services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    request.refresh_from_db()
    assert request.state == "in_review"
    services.decide(by=reviewer, request_id=request.pk, verdicts={reef.pk: DECLINE})
    request.refresh_from_db()
    assert request.state == "accepted"
    assert [item.state for item in request.items.order_by("name_key")] == ["accepted", "declined"]
    assert [mail.kind for mail in request.mails.all()] == ["received", "accepted"]
    assert reef.decisions.get().sentence.startswith("Only an owner of the organisation")


def test_declining_everything_denies_the_request_with_its_reason_in_the_mail(index):
    request = reviewed_by_person(make_user(), email="otter@quay.example")
    services.deny(
        by=make_reviewer(),
        request_id=request.pk,
        reason=Decision.Reason.OTHER,
        sentence="A sentence of my own.",
    )
    request.refresh_from_db()
    assert request.state == "denied"
    assert "A sentence of my own." in request.mails.get(kind="denied").body


def test_nobody_decides_on_their_own_request(index):
    reviewer = make_reviewer()
    from bigcode_optout.accounts.models import GitHubIdentity
    from bigcode_optout.claims.services import claim_account
    from bigcode_optout.core import clock

    identity = GitHubIdentity.objects.create(
        user=reviewer, github_id=9, login="e-thorne", account_created_at=clock.now(), seen_at=clock.now()
    )
    claim_account(identity)
    request = reviewed_by_person(reviewer)
    item = request.items.get()
    with pytest.raises(Forbidden, match="own request"):
        services.decide(by=reviewer, request_id=request.pk, verdicts={item.pk: ACCEPT})
    with pytest.raises(Forbidden, match="own request"):
        services.ask(by=reviewer, request_id=request.pk, question="May I?")


def test_people_without_the_permission_decide_nothing(index):
    request = reviewed_by_person(make_user())
    item = request.items.get()
    with pytest.raises(Forbidden, match="not a reviewer"):
        services.decide(by=make_user(502, "tern-hollow"), request_id=request.pk, verdicts={item.pk: ACCEPT})


def test_a_part_is_decided_once_until_the_request_is_reopened(index):
    reviewer = make_reviewer()
    request = reviewed_by_person(make_user(), ["otter-quay/kelp", "otter-quay/reef"])
    kelp = request.items.get(name="otter-quay/kelp")
    services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    with pytest.raises(Conflict, match="decided by somebody else"):
        services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: DECLINE})
    assert kelp.decisions.count() == 1


def test_a_part_of_another_request_cannot_be_decided_through_this_one(index):
    request = reviewed_by_person(make_user())
    other = reviewed_by_person(make_user(502, "tern-hollow"))
    with pytest.raises(Refused, match="does not belong"):
        services.decide(by=make_reviewer(), request_id=request.pk, verdicts={other.items.get().pk: ACCEPT})


def test_an_appeal_opens_every_part_again_and_is_possible_once(index):
    user, reviewer = make_user(), make_reviewer()
    request = reviewed_by_person(user)
    services.deny(by=reviewer, request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    services.appeal(by=user, request_id=request.pk, text="Look at the profile, please.")
    request.refresh_from_db()
    assert (request.state, request.items.get().state) == ("in_review", "open")
    services.deny(by=make_senior(), request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    with pytest.raises(Conflict, match="appealed once"):
        services.appeal(by=user, request_id=request.pk, text="Again.")


def test_internal_notes_are_for_reviewers(index):
    user = make_user()
    request = reviewed_by_person(user)
    services.add_note(by=make_reviewer(), request_id=request.pk, text="Looks odd.")
    assert "note" not in [event.code for event in history_of(request, with_internal=False)]
    assert "note" in [event.code for event in history_of(request, with_internal=True)]
    with pytest.raises(Forbidden):
        services.add_note(by=user, request_id=request.pk, text="Me, too.")


def test_withdrawing_keeps_the_row_and_its_history(index):
    user = make_user()
    request = submitted_request(user)
    services.withdraw(by=user, request_id=request.pk)
    found = request_of(user, request.reference)
    assert (found.state, codes(found)) == ("withdrawn", ["submit", "withdraw"])


def test_events_are_numbered_without_a_gap(index):
    user, reviewer = make_user(), make_reviewer()
    request = reviewed_by_person(user)
    services.ask(by=reviewer, request_id=request.pk, question="Who?")
    services.answer(by=user, request_id=request.pk, text="Me.")
    assert [event.number for event in request.events.all()] == [1, 2, 3, 4]


def test_a_verb_that_fails_leaves_nothing_behind(index, monkeypatch):
    user = make_user()
    draft = make_draft(user, email="otter@quay.example")
    monkeypatch.setattr("bigcode_optout.removals.outbox.write", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.submit(by=user, draft_id=draft.pk)
    draft.refresh_from_db()
    assert (draft.state, draft.reference, draft.events.count()) == ("draft", None, 0)
    assert not OutboxMessage.objects.exists()
    assert not ScopeItem.objects.exclude(state="open").exists()


def test_the_timer_ends_an_unanswered_question_and_keeps_what_was_accepted(index):
    from bigcode_optout.removals import tasks

    reviewer = make_reviewer()
    request = reviewed_by_person(make_user(), ["otter-quay/kelp", "otter-quay/reef"])
    kelp = request.items.get(name="otter-quay/kelp")
    services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    services.ask(by=reviewer, request_id=request.pk, question="And the other?")
    tasks.expire()
    request.refresh_from_db()
    assert request.state == "needs_information"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        tasks.expire()
    request.refresh_from_db()
    kelp.refresh_from_db()
    assert (request.state, kelp.state) == ("accepted", "accepted")
    reef = request.items.get(name="otter-quay/reef")
    assert (reef.state, reef.decisions.get().rule) == ("declined", "no_answer")
    assert [event.code for event in request.events.all()][-2:] == ["ask", "conclude"]


def test_an_unanswered_question_is_reminded_of_once_and_then_ends_the_request(index):
    from bigcode_optout.removals import tasks

    request = reviewed_by_person(make_user(), email="otter@quay.example")
    services.ask(by=make_reviewer(), request_id=request.pk, question="Who are you?")
    for days in (22, 24, 25):
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days)):
            tasks.expire()
    assert codes(request)[-2:] == ["ask", "remind"]
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        tasks.expire()
    request.refresh_from_db()
    assert request.state == "expired"
    kinds = [mail.kind for mail in request.mails.order_by("pk")]
    assert kinds == ["received", "question", "reminder", "expired"]


def test_the_timer_forgets_drafts_after_thirty_days(index):
    from bigcode_optout.removals import tasks

    draft = make_draft(make_user())
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=29)):
        tasks.expire()
    draft.refresh_from_db()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        tasks.expire()
    with pytest.raises(type(draft).DoesNotExist):
        draft.refresh_from_db()
