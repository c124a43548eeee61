"""Retention: what is over is erased in words, names and addresses, and its history stays whole."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, ClaimEvidence, Proof
from bigcode_optout.claims.telling import tell
from bigcode_optout.core.errors import Conflict, Missing
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import audit, erasing, objecting, queries, services, tasks
from bigcode_optout.removals.models import (
    Decision,
    Erasure,
    EventText,
    LocatedRepository,
    OutboxMessage,
    RemovalRequest,
    ScopeItem,
    Statement,
)
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person, submitted_request
from tests.removals.owning import NORRVIK, make_owner, request_over

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)
SECRET = ("otter-quay", "otter@quay.example", "norrvik", "Because I say so", "Not without me", "See my page")
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)


def days_later(days: float):
    return time_machine.travel(NOW + dt.timedelta(days=days), tick=False)


def denied(request: RemovalRequest) -> RemovalRequest:
    reason = Decision.Reason.INSUFFICIENT_PROOF
    return services.deny(
        by=make_reviewer(), request_id=request.pk, reason=reason, sentence="Because I say so"
    )


@pytest.fixture
def full() -> RemovalRequest:
    """A denied request over an organisation with everything that people can write into one."""
    asker, tern = make_user(501, "gull-light"), make_owner(502, "tern-hollow")
    claim = claims.make_claim(by=asker, name=parse_owner("norrvik"))
    claim = claims.name_subject(claim=claim, subject_id=NORRVIK, name="norrvik")
    claims.record_proof(
        claim=claim,
        method=Proof.Method.MEMBERSHIP,
        outcome=Proof.Outcome.NOT_PROVEN,
        evidence={"viewer_id": 501, "role": "member"},
        sentence="You are a member of norrvik.",
    )
    request = request_over(asker, email="otter@quay.example", claim=claim)
    run = request.locate_runs.first()
    if run is not None:
        LocatedRepository.objects.filter(run=run).delete()
    tell(by=asker, claim_id=claim.pk, text="See my page", links=["https://norrvik.example/"])
    objecting.raise_objection(
        by=tern, request_id=request.pk, organisation_id=NORRVIK, reason="Not without me"
    )
    services.add_note(by=make_reviewer("n.note"), request_id=request.pk, text="Because I say so")
    return denied(request)


def written_in(request: RemovalRequest) -> str:
    """Everything that the rows of the request say in words."""
    rows = [
        *RemovalRequest.objects.filter(pk=request.pk).values_list(
            "message", "email", "canonical_text", "ground"
        ),
        *ScopeItem.objects.filter(request=request).values_list("name", "name_key", "assessment"),
        *EventText.objects.filter(event__request=request).values_list("text"),
        *request.events.values_list("code", "data"),
        *Decision.objects.filter(item__request=request).values_list("sentence"),
        *request.objections.values_list("reason"),
        *OutboxMessage.objects.filter(request=request).values_list("address", "body"),
        *Claim.objects.filter(items__request=request).values_list("name", "name_key"),
        *Proof.objects.filter(claim__items__request=request).values_list("evidence", "sentence"),
        *ClaimEvidence.objects.filter(claim__items__request=request).values_list("text", "links"),
        *LocatedRepository.objects.filter(run__request=request).values_list("full_name"),
    ]
    return str(rows)


def test_a_denied_request_is_erased_twelve_months_after_its_last_step(full):
    before = written_in(full)
    assert all(word in before for word in SECRET if word != "otter-quay")
    with days_later(364):
        tasks.erase()
    assert not Erasure.objects.exists()
    with days_later(366):
        tasks.erase()
        tasks.erase()
    assert Erasure.objects.get().request == full
    after = written_in(full)
    assert not [word for word in SECRET if word in after]


def test_its_history_stays_with_codes_and_times_and_is_found_whole(full):
    codes = list(full.events.values_list("code", flat=True))
    with days_later(366):
        tasks.erase()
    full.refresh_from_db()
    assert list(full.events.values_list("code", flat=True)) == [*codes, "erase"]
    assert (full.state, full.items.count(), full.items.get().decisions.count()) == ("denied", 1, 1)
    proofs = Proof.objects.filter(claim__items__request=full).values_list("method", "outcome")
    assert set(proofs) == {("membership", "not_proven"), ("repositories", "evidence")}
    report = audit.verify()
    assert report.findings == [] and report.erased_texts > 0


def test_its_person_does_not_find_it_any_more_and_can_ask_anew(full):
    asker = full.requester
    with days_later(366):
        tasks.erase()
    with pytest.raises(Missing):
        queries.request_of(asker, full.reference)
    assert claims.make_claim(by=asker, name=parse_owner("norrvik")).items.count() == 0


def test_what_another_request_stands_on_is_kept(full):
    other = services.submit(
        by=full.requester, draft_id=make_draft(full.requester, claim=full.items.get().claim).pk
    )
    with days_later(366):
        tasks.erase()
    claim = other.items.get().claim
    assert (claim.name, claim.erased_at, claim.told.count()) == ("norrvik", None, 1)
    assert full.items.get().name.startswith("erased-")


def test_what_is_open_stands_or_is_on_a_list_is_never_erased():
    waiting = reviewed_by_person(make_user(1, "ada"), email="ada@quay.example")
    standing = reviewed_by_person(make_user(2, "bea"), email="bea@quay.example")
    listed = reviewed_by_person(make_user(3, "cleo"), email="cleo@quay.example")
    for one in (standing, listed):
        verdicts = dict.fromkeys(one.items.values_list("pk", flat=True), ACCEPT)
        services.decide(by=make_reviewer(f"r.{one.pk}"), request_id=one.pk, verdicts=verdicts)
    services.freeze_items(items=list(listed.items.all()), release="v3.1", at=NOW)
    services.opt_back_in(by=listed.requester, request_id=listed.pk)
    with days_later(1000):
        tasks.erase()
    for one in (waiting, standing, listed):
        with pytest.raises(Conflict):
            erasing.erase(request_id=one.pk)
    assert not Erasure.objects.exists()
    emails = RemovalRequest.objects.order_by("pk").values_list("email", flat=True)
    assert list(emails) == ["ada@quay.example", "bea@quay.example", ""]


@pytest.mark.parametrize(("days", "is_gone"), [(89, False), (91, True)])
def test_the_address_goes_ninety_days_after_the_last_step_with_the_mails_to_it(days, is_gone):
    request = reviewed_by_person(make_user(), email="otter@quay.example")
    services.withdraw(by=request.requester, request_id=request.pk)
    with days_later(days):
        tasks.erase()
    request.refresh_from_db()
    assert (request.email == "", not request.mails.exists()) == (is_gone, is_gone)
    assert request.events.filter(code="erase_address").exists() is is_gone
    assert request.items.get().name == "otter-quay"


def test_a_fulfilled_request_keeps_everything_but_the_address():
    request = reviewed_by_person(make_user(), email="otter@quay.example")
    item = request.items.get()
    services.decide(by=make_reviewer(), request_id=request.pk, verdicts={item.pk: ACCEPT})
    RemovalRequest.objects.filter(pk=request.pk).update(state="fulfilled")
    with days_later(91):
        tasks.erase()
    request.refresh_from_db()
    assert (request.email, request.items.get().name) == ("", "otter-quay")
    assert not Erasure.objects.exists()


def test_what_was_merged_goes_with_the_elder_and_not_before():
    elder = reviewed_by_person(make_user())
    later = submitted_request(make_user(502, "tern-hollow"), email="tern@quay.example")
    RemovalRequest.objects.filter(pk=later.pk).update(state="merged", merged_into=elder)
    with days_later(400):
        tasks.erase()
    assert not Erasure.objects.exists()
    services.withdraw(by=elder.requester, request_id=elder.pk)
    RemovalRequest.objects.filter(pk=later.pk).update(state="merged", merged_into=elder)
    with days_later(800):
        tasks.erase()
        tasks.erase()
    assert set(Erasure.objects.values_list("request_id", flat=True)) == {elder.pk, later.pk}


def test_what_was_asked_without_an_account_goes_with_its_statement():
    request = denied(reviewed_by_person(make_user(), email="otter@quay.example"))
    Statement.objects.create(
        case="lost",
        names=["otter-quay"],
        evidence="See my page",
        email="",
        follow_key="x",
        written_at=NOW,
        confirmed_at=NOW,
        request=request,
    )
    with days_later(366):
        tasks.erase()
    assert not Statement.objects.exists()


def test_the_database_lets_a_decisions_words_go_and_nothing_else_of_it_change(full):
    decisions = Decision.objects.filter(item__request=full)
    for change in (
        {"sentence": "x"},
        {"sentence": "", "verdict": "accept"},
        {"sentence": "", "decided_by": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            decisions.update(**change)
    decisions.update(sentence="")
    assert decisions.get().verdict == "decline"
