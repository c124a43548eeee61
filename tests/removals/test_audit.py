"""A history that was edited, cut or put in another order is found, and the place of it is said."""

import json

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.removals import audit, erasing, services, triggers
from bigcode_optout.removals.audit_chain import hash_of_event
from bigcode_optout.removals.models import EventHead, EventText, RemovalRequest, RequestEvent
from tests.builders import make_reviewer, make_user, reviewed_by_person, submitted_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def history() -> RemovalRequest:
    """Five events: submit, begin_review, ask, answer, note; three of them with words."""
    request = reviewed_by_person(make_user())
    reviewer = make_reviewer()
    services.ask(by=reviewer, request_id=request.pk, question="Is this still your account?")
    services.answer(by=request.requester, request_id=request.pk, text="It is.")
    return services.add_note(by=reviewer, request_id=request.pk, text="Agreed on the phone.")


@pytest.fixture
def others(history):
    """Untouched requests before and after."""
    return [submitted_request(make_user(number, f"tern-{number}")) for number in (601, 602)]


def found() -> list[tuple[str, int, str]]:
    return [(one.request, one.number, one.code) for one in audit.verify().findings]


def tampered(request: RemovalRequest, at: int, **fields) -> None:
    """As somebody would who works past the desk, with the triggers switched off."""
    with triggers.lifted():
        RequestEvent.objects.filter(request=request, number=at).update(**fields)


def test_what_the_services_wrote_is_in_order(history, others):
    report = audit.verify()
    assert (report.findings, report.requests, report.events) == ([], 3, 7)


EDITS = {
    "code": "accept",
    "by_role": "system",
    "by_id": None,
    "from_state": "denied",
    "to_state": "accepted",
    "data": {"due_at": "2099-01-01"},
    "is_internal": True,
    "happened_at": "2020-02-02T02:02:02.000002Z",
    "text_hash": "",
    "hash": "0" * 64,
}


@pytest.mark.parametrize("field", EDITS)
def test_an_edited_field_is_found_where_it_is(history, others, field):
    tampered(history, 3, **{field: EDITS[field]})
    assert (history.reference, 3, "edited") in found()
    assert {reference for reference, _, _ in found()} == {history.reference}


def test_an_edit_with_a_hash_to_fit_breaks_the_chain_after_it(history):
    event = history.events.get(number=3)
    event.code = "deny"
    tampered(history, 3, code="deny", hash=hash_of_event(event))
    assert found() == [(history.reference, 4, "unchained")]


def test_a_deleted_event_in_the_middle_is_found(history, others):
    with triggers.lifted():
        history.events.filter(number=3).delete()
    assert found() == [(history.reference, 4, "gap")]


def test_a_deleted_first_event_is_found(history):
    with triggers.lifted():
        history.events.filter(number=1).delete()
    assert found() == [(history.reference, 2, "gap")]


def test_a_deleted_last_event_is_found(history, others):
    with triggers.lifted():
        history.events.filter(number=5).delete()
    assert found() == [(history.reference, 4, "cut_off")]


def test_a_deleted_last_event_is_found_though_something_came_after_it(history):
    with triggers.lifted():
        history.events.filter(number=5).delete()
    services.add_note(by=make_reviewer("j.amadi"), request_id=history.pk, text="Later.")
    assert found() == [(history.reference, 6, "gap")]


def test_two_events_in_each_others_place_are_found(history):
    tampered(history, 2, number=99)
    tampered(history, 3, number=2)
    tampered(history, 99, number=3)
    assert {(2, "edited"), (3, "edited")} <= {(number, code) for _, number, code in found()}


def test_an_event_that_was_put_in_is_found(history):
    last = history.events.get(number=5)
    RequestEvent.objects.create(
        request=history, number=6, code="accept", by_role="policy", happened_at=last.happened_at,
        previous_hash=last.hash,
    )  # fmt: skip
    assert (history.reference, 6, "end_changed") in found()


def test_an_event_of_another_request_does_not_fit(history, others):
    with triggers.lifted():
        history.events.filter(number=1).delete()
        others[0].events.filter(number=1).update(request=history)
    assert (history.reference, 1, "edited") in found()
    assert (others[0].reference, 0, "no_events") in found()


def test_changed_words_are_found_and_erased_ones_are_not_missed(history):
    with triggers.lifted():
        EventText.objects.filter(event__number=3).update(text="Was this ever your account?")
    assert found() == [(history.reference, 3, "text_changed")]
    EventText.objects.filter(event__number=3).delete()
    assert found() == [(history.reference, 3, "text_gone")]
    services.withdraw(by=history.requester, request_id=history.pk)
    erasing.erase(request_id=history.pk)
    report = audit.verify()
    assert (report.findings, report.erased_texts) == ([], 3)


def test_words_that_are_gone_without_a_recorded_erasure_are_missed(history):
    EventText.objects.filter(event__number=5).delete()
    assert found() == [(history.reference, 5, "text_gone")]


def test_words_are_hashed_with_a_salt_of_their_own_that_goes_with_them(history):
    reviewer = make_reviewer("j.amadi")
    for _ in range(2):
        services.add_note(by=reviewer, request_id=history.pk, text="The same words.")
    one, other = history.events.filter(code="note").order_by("-number")[:2]
    assert one.text_hash != other.text_hash
    assert one.words.salt and one.words.salt not in json.dumps([one.hash, one.text_hash, one.data])


def test_words_where_none_were_are_found(history):
    EventText.objects.create(event=history.events.get(number=2), text="By the way.", salt="00")
    assert found() == [(history.reference, 2, "text_added")]


def test_a_history_without_its_end_is_found(history):
    with triggers.lifted():
        EventHead.objects.filter(request=history).delete()
    assert found() == [(history.reference, 5, "no_end")]


def test_a_request_without_any_history_is_found(history, others):
    with triggers.lifted():
        EventText.objects.all().delete()
        history.events.all().delete()
        EventHead.objects.filter(request=history).delete()
    assert found() == [(history.reference, 0, "nothing")]


def rewritten(history: RemovalRequest) -> None:
    """Every hash made anew, by somebody who knows the program: the rows agree with each other again."""
    with triggers.lifted():
        before = ""
        for event in history.events.order_by("number"):
            event.previous_hash = before
            event.code = "accept" if event.number == 3 else event.code
            event.hash = before = hash_of_event(event)
            event.save()
        EventHead.objects.filter(request=history).update(hash=before)


def test_a_history_that_was_written_anew_is_found_with_ends_kept_elsewhere(history, others, tmp_path, capsys):
    kept = tmp_path / "heads.jsonl"
    call_command("verify_audit", write_heads=kept)
    services.add_note(by=make_reviewer("j.amadi"), request_id=history.pk, text="Goes on.")
    call_command("verify_audit", against=kept)
    rewritten(history)
    call_command("verify_audit")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", against=kept)
    assert ended.value.code == 1
    assert f"{history.reference} 5: rewritten." in capsys.readouterr().out


def test_a_request_that_is_gone_is_found_with_ends_kept_elsewhere(history, others, tmp_path):
    known = {request_id: (number, text) for request_id, number, text in audit.heads()}
    with triggers.lifted():
        others[1].delete()
    assert audit.verify().findings == []
    assert [one.code for one in audit.verify(known).findings] == ["gone"]


def test_the_command_says_all_in_json_and_fails(history, capsys):
    call_command("verify_audit", json=True)
    assert json.loads(capsys.readouterr().out) == {
        "requests": 1,
        "events": 5,
        "erased_texts": 0,
        "findings": [],
    }
    tampered(history, 2, code="accept")
    with pytest.raises(SystemExit):
        call_command("verify_audit", json=True)
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["request"], one["number"], one["code"]) for one in findings] == [
        (history.reference, 2, "edited")
    ]


def test_a_file_of_ends_that_is_none_is_refused(tmp_path):
    with pytest.raises(CommandError):
        call_command("verify_audit", against=tmp_path / "nothing.jsonl")


def test_some_hundred_requests_are_compared_with_their_rows_at_a_time(
    history, others, django_assert_num_queries
):
    with django_assert_num_queries(6):
        assert audit.verify().requests == 3


@pytest.mark.parametrize("data", [{"n": 1.0, "half": 0.5, 7: [1, None, True]}, {"ä": "…", "a": {"b": "c"}}])
def test_data_hashes_alike_before_and_after_the_database(history, data):
    from bigcode_optout.removals.events import locked, note
    from bigcode_optout.removals.lifecycle import Role

    note(locked(history.pk), "note", role=Role.SYSTEM, data=data, is_internal=True)
    assert found() == []
