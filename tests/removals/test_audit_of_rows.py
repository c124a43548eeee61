"""What was decided about which name stands in rows of its own: none of them says something else than the history."""

import pytest
from django.db import connection

from bigcode_optout.core import clock
from bigcode_optout.removals import audit, doubting, erasing, services, triggers, two_people
from bigcode_optout.removals.audit_chain import hash_of_event
from bigcode_optout.removals.models import Decision, EventHead, RemovalRequest, RequestEvent, ScopeItem
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, make_user, reviewed_by_person, submitted_request
from tests.two_reviewers import ACCEPT, denied_as_abusive, make_senior

pytestmark = pytest.mark.django_db
DECLINE = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)


@pytest.fixture
def decided() -> RemovalRequest:
    """Sent (1), in review (2), one part accepted (3), the other declined (4)."""
    request = reviewed_by_person(make_user(), ["otter-quay/kelp", "otter-quay/reef"])
    kelp, reef = request.items.all()
    reviewer = make_reviewer()
    services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    services.decide(by=reviewer, request_id=request.pk, verdicts={reef.pk: DECLINE})
    request.refresh_from_db()
    return request


def found() -> list[tuple[int, str]]:
    return [(one.number, one.code) for one in audit.verify().findings]


def edit(statement: str) -> None:
    """As somebody with access to the database does it, its triggers out of the way."""
    with triggers.lifted(), connection.cursor() as cursor:
        cursor.execute(statement)


ITEM, DECISION = "UPDATE removals_scopeitem SET", "UPDATE removals_decision SET"
KELP = "WHERE name LIKE '%kelp'"
EDITS = {
    "the request's state": ("UPDATE removals_removalrequest SET state = 'denied'", {(4, "state_changed")}),
    "whose request it is": (
        "UPDATE removals_removalrequest SET requester_id ="
        " (SELECT id FROM accounts_user WHERE username = 'e.thorne')",
        {(1, "requester_changed")},
    ),
    "a part's name": (
        f"{ITEM} name = 'somebody/else' {KELP}",
        {(1, "part_changed"), (3, "subject_changed")},
    ),
    "what is asked of a part": (
        f"{ITEM} files = NOT files {KELP}",
        {(1, "part_changed"), (3, "subject_changed")},
    ),
    "a part's owner": (f"{ITEM} owner_id = 9 {KELP}", {(3, "subject_changed")}),
    "a part's number": (f"{ITEM} repository_id = 9 {KELP}", {(3, "subject_changed")}),
    "a part's last day": (f"{ITEM} name_valid_until = '2001-01-01' {KELP}", {(3, "subject_changed")}),
    "a part's state": (f"{ITEM} state = 'declined' {KELP}", {(3, "part_state_changed")}),
    "a declined part's state": (
        f"{ITEM} state = 'accepted' WHERE name LIKE '%reef'",
        {(4, "part_state_changed")},
    ),
    "a part's salt": (
        f"{ITEM} salt = '' {KELP}",
        {(1, "part_changed"), (3, "subject_changed"), (3, "decision_words_changed")},
    ),
    "that a part was frozen": (
        f"{ITEM} frozen_at = '2026-01-01T00:00Z' {KELP}",
        {(0, "part_frozen_changed")},
    ),
    "that a part was fulfilled": (
        f"{ITEM} fulfilled_at = '2026-01-01T00:00Z' {KELP}",
        {(0, "part_frozen_changed")},
    ),
    "a decision's verdict": (
        f"{DECISION} verdict = 'accept', reason = 'other' WHERE verdict = 'decline'",
        {(4, "decision_changed")},
    ),
    "a decision's reason": (
        f"{DECISION} reason = 'other' WHERE verdict = 'accept'",
        {(3, "decision_changed")},
    ),
    "who decided": (
        f"{DECISION} decided_by_id = (SELECT requester_id FROM removals_removalrequest) WHERE verdict = 'accept'",
        {(3, "decision_changed")},
    ),
    "who confirmed": (
        f"{DECISION} confirmed_by_id = (SELECT requester_id FROM removals_removalrequest) WHERE verdict = 'accept'",
        {(3, "decision_changed")},
    ),
    "that a rule decided": (
        f"{DECISION} decided_by_id = NULL, rule = 'own_account' WHERE verdict = 'accept'",
        {(3, "decision_changed")},
    ),
    "when it was decided": (
        f"{DECISION} decided_at = '2026-01-01T00:00Z' WHERE verdict = 'accept'",
        {(3, "decision_words_changed")},
    ),
    "what was told": (
        f"{DECISION} sentence = 'No.' WHERE verdict = 'accept'",
        {(3, "decision_words_changed")},
    ),
    "that anything was told": (
        f"{DECISION} sentence = '' WHERE verdict = 'accept'",
        {(3, "decision_words_changed")},
    ),
    "of which part it is": (
        f"{DECISION} item_id = (SELECT id FROM removals_scopeitem WHERE name LIKE '%reef') WHERE verdict = 'accept'",
        {(3, "decision_changed")},
    ),
    "that it was decided": ("DELETE FROM removals_decision WHERE verdict = 'accept'", {(3, "decision_gone")}),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_past_the_desk_is_found_where_it_was_decided(decided, what):
    statement, expected = EDITS[what]
    assert found() == []
    edit(statement)
    assert set(found()) == expected


def test_only_what_was_edited_is_found(decided):
    others = [submitted_request(make_user(number, f"tern-{number}")) for number in (601, 602)]
    edit(f"{ITEM} name = 'somebody/else' {KELP}")
    assert {one.request for one in audit.verify().findings} == {decided.reference}
    assert len(others) == 2


def test_a_part_that_was_put_in_or_taken_away_is_found(decided):
    kelp = decided.items.get(name__endswith="kelp")
    with triggers.lifted():
        Decision.objects.filter(item=kelp).delete()
        kelp.delete()
    assert {(1, "part_gone"), (3, "decision_gone")} <= set(found())


def test_a_part_that_no_event_brought_is_found(decided):
    kelp = decided.items.get(name__endswith="kelp")
    kelp.pk, kelp.name = None, "somebody/else"
    kelp.save(force_insert=True)
    assert set(found()) == {(0, "part_added"), (0, "part_state_changed")}


def test_a_decision_that_was_put_in_is_found(decided):
    decision = Decision.objects.get(verdict="accept")
    decision.pk = None
    decision.save(force_insert=True)
    assert found() == [(0, "decision_added")]


def test_what_the_verbs_do_is_in_order(decided):
    senior, requester = make_senior(), decided.requester
    services.reopen(by=senior, request_id=decided.pk, text="A slip.")
    services.deny(by=senior, request_id=decided.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    services.appeal(by=requester, request_id=decided.pk, text="Look again.")
    other = make_senior("o.senior")
    proposal = denied_as_abusive(decided, other)
    third = make_senior("t.senior")
    two_people.confirm(by=third, request_id=decided.pk, proposal_id=proposal.pk)
    assert found() == []
    erasing.erase(request_id=decided.pk)
    report = audit.verify()
    assert (report.findings, decided.items.first().salt) == ([], "")


def test_freeze_doubt_and_fulfilment_are_in_order():
    request = reviewed_by_person(make_user())
    item = request.items.get()
    services.decide(by=make_reviewer(), request_id=request.pk, verdicts={item.pk: ACCEPT})
    item.refresh_from_db()
    services.freeze_items(items=[item], release="v3.1", at=clock.now())
    doubt = doubting.Doubt(item.pk, "otter-quay/kelp", 77, 9)
    (part,) = doubting.contradict(request_id=request.pk, doubts=[doubt])
    assert found() == []
    edit(f"{ITEM} name = 'somebody/else' WHERE id = {part.pk}")
    assert [code for _, code in found()] == ["part_changed"]
    edit(f"{ITEM} frozen_at = NULL WHERE id = {item.pk}")
    assert (4, "part_frozen_changed") in found()


def test_what_was_decided_before_parts_were_sealed_still_verifies(decided):
    """Events from before hold no seals: their chain is as it was, and what they do not say is not asked of them."""
    with triggers.lifted():
        before = ""
        for event in decided.events.order_by("number"):
            event.data = {key: value for key, value in event.data.items() if key not in ("scope", "decided")}
            event.previous_hash = before
            event.hash = before = hash_of_event(event)
            event.save()
        EventHead.objects.filter(request=decided).update(hash=before)
    ScopeItem.objects.update(salt="")
    assert found() == []
    services.reopen(by=make_senior(), request_id=decided.pk, text="A slip.")
    services.deny(by=make_reviewer("b.later"), request_id=decided.pk, reason=Decision.Reason.NO_AUTHORITY)
    assert found() == []
    edit(f"{ITEM} name = 'somebody/else' {KELP}")
    assert found() == [(6, "subject_changed")]


def test_an_event_says_no_name(decided):
    said = str(list(RequestEvent.objects.values_list("data", flat=True)))
    assert "kelp" not in said and "otter" not in said
    assert all(item.salt and item.salt not in said for item in decided.items.all())
