"""A co-owner's objection: who may raise it, until when, and what it does."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import Claim
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Missing, Refused
from bigcode_optout.names import parse_owner
from bigcode_optout.releases import services as releases
from bigcode_optout.removals import objecting, owners, policies, reassessing, services
from bigcode_optout.removals.lifecycle import Role
from bigcode_optout.removals.models import Decision, Objection, OutboxMessage, RemovalRequest, ScopeItem
from bigcode_optout.removals.services import ItemVerdict
from bigcode_optout.review.owners_side import owners_side
from tests.builders import make_reviewer, make_user, submitted_request, the_stack
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of, request_over

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)


@pytest.fixture
def asked() -> RemovalRequest:
    """otter-quay asks for norrvik, with an address."""
    return request_over(make_owner(501, "otter-quay"), email="otter@quay.example")


@pytest.fixture
def tern() -> User:
    return make_owner(502, "tern-hollow")


def accepted(request: RemovalRequest) -> RemovalRequest:
    items = request.items.values_list("pk", flat=True)
    return services.decide(by=make_reviewer(), request_id=request.pk, verdicts=dict.fromkeys(items, ACCEPT))


def objected(by: User, request: RemovalRequest, reason: str = "It is ours together.") -> Objection:
    return objecting.raise_objection(by=by, request_id=request.pk, organisation_id=NORRVIK, reason=reason)


def test_an_objection_to_what_was_accepted_opens_it_again_and_tells_the_requester_without_a_name(asked, tern):
    accepted(asked)
    objection = objected(tern, asked)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at, asked.items.get().state) == ("in_review", None, "open")
    assert asked.due_at > asked.submitted_at
    assert objection.proof.claim.user == tern
    mail = OutboxMessage.objects.get(request=asked, kind="objected")
    assert mail.address == "otter@quay.example"
    assert "tern" not in mail.subject + mail.body and "together" not in mail.body
    event = asked.events.get(code="object")
    assert (event.from_state, event.to_state, event.by_role) == ("accepted", "in_review", "co_owner")
    assert not hasattr(event, "words")


def test_what_was_accepted_of_the_requesters_own_account_stands(tern):
    requester = make_owner(501, "otter-quay")
    own, ours = (
        Claim.objects.get(user=requester, kind="account"),
        Claim.objects.get(user=requester, kind="organisation"),
    )
    request = request_over(requester)
    extra = ScopeItem.objects.create(
        request=request, claim=own, kind="owner", name="otter-quay", owner_id=501
    )
    accepted(request)
    objected(tern, request)
    extra.refresh_from_db()
    assert extra.state == "accepted"
    assert request.items.get(claim=ours).state == "open"


def test_an_open_request_with_an_objection_is_accepted_by_no_rule_but_by_a_reviewer(asked, tern):
    objected(tern, asked)
    item = asked.items.get()
    services.accept_by_rule(request_id=asked.pk, rules={item.pk: "organisation_owner"})
    asked.refresh_from_db()
    assert (asked.state, Decision.objects.count()) == ("in_review", 0)
    assert accepted(asked).state == "accepted"
    assert not owners.open_objections(asked).exists()


def test_an_objection_while_the_search_runs_waits_for_the_review_and_loses_no_search(tern):
    requester = make_owner(501, "otter-quay")
    request = submitted_request(requester, claim=Claim.objects.get(user=requester, kind="organisation"))
    objected(tern, request)
    request.refresh_from_db()
    assert request.state == "submitted"
    services.begin_review(request_id=request.pk)
    item = request.items.get()
    services.accept_by_rule(request_id=request.pk, rules={item.pk: "organisation_owner"})
    item.refresh_from_db()
    assert item.state == "open"


def test_an_objection_ends_the_wait_for_the_requesters_answer_and_moves_the_due_date(asked, tern):
    services.ask(by=make_reviewer(), request_id=asked.pk, question="Who are you?")
    due = RemovalRequest.objects.get(pk=asked.pk).due_at
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=5), tick=False):
        objected(tern, asked)
    asked.refresh_from_db()
    assert (asked.state, asked.clock_stopped_at) == ("in_review", None)
    assert asked.due_at - due == dt.timedelta(days=5)


def test_after_the_freeze_it_is_too_late_and_the_exclusion_stands(asked, tern):
    accepted(asked)
    release = releases.plan(dataset=the_stack(), name="v3.1")
    releases.freeze(release_id=release.pk, by=None)
    with pytest.raises(Conflict, match="frozen"):
        objected(tern, asked)
    assert release.exclusions.count() == 1
    assert not asked.objections.exists()


def test_of_a_request_that_is_frozen_in_part_the_rest_can_be_objected_to(asked, tern):
    frozen = asked.items.get()
    later = ScopeItem.objects.create(
        request=asked, claim=frozen.claim, kind="repository", name="norrvik/gauge", owner_id=NORRVIK
    )
    accepted(asked)
    services.freeze_items(items=[frozen], release="v3.1", at=clock.now())
    assert owners.requests_over(NORRVIK, by=tern) == [asked]
    objected(tern, asked)
    for one in (asked, frozen, later):
        one.refresh_from_db()
    assert (asked.state, frozen.state, later.state) == ("in_review", "accepted", "open")
    assert asked.events.get(code="object").data["lifted"] == [later.pk]


def test_who_does_not_own_the_organisation_learns_nothing(asked):
    stranger = make_user(503, "gull-light")
    member = make_user(504, "wren-small")
    owner_claim_of(member, role="member")
    elsewhere = make_owner(505, "moss-low", organisation_id=8800, name="low-tide")
    for person in (stranger, member, elsewhere):
        with pytest.raises(Missing):
            objected(person, asked)
    with pytest.raises(Missing):
        objecting.raise_objection(
            by=elsewhere, request_id=asked.pk, organisation_id=8800, reason="Not about ours."
        )
    assert not asked.objections.exists()


def test_a_proof_that_is_too_old_opens_nothing(asked, tern):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=181)), pytest.raises(Missing):
        objected(tern, asked)


def test_nobody_objects_to_their_own_request_not_even_as_staff(asked):
    with pytest.raises(Forbidden):
        objected(asked.requester, asked)
    other = make_owner(506, "otter-desk")
    User.objects.filter(pk=other.pk).update(same_person_as=asked.requester)
    other.refresh_from_db()
    with pytest.raises(Forbidden):
        objected(other, asked)


def test_an_objection_needs_a_reason_and_comes_once(asked, tern):
    with pytest.raises(Refused):
        objected(tern, asked, " ")
    objected(tern, asked)
    with pytest.raises(Conflict, match="already"):
        objected(tern, asked)
    accepted(asked)
    with pytest.raises(Conflict, match="already"):
        objected(tern, asked)
    assert asked.objections.count() == 1


def test_a_closed_request_cannot_be_objected_to(asked, tern):
    services.withdraw(by=asked.requester, request_id=asked.pk)
    with pytest.raises(Conflict):
        objected(tern, asked)


def test_an_objection_can_be_taken_back_by_its_person_once_and_the_request_stays_in_review(asked, tern):
    objection = objected(tern, asked)
    with pytest.raises(Missing):
        objecting.take_back(by=asked.requester, objection_id=objection.pk)
    objecting.take_back(by=tern, objection_id=objection.pk)
    with pytest.raises(Conflict):
        objecting.take_back(by=tern, objection_id=objection.pk)
    asked.refresh_from_db()
    assert asked.state == "in_review"
    assert not owners.open_objections(asked).exists()
    assert asked.events.filter(code="take_back_objection").count() == 1
    assert objected(tern, asked).pk != objection.pk


def test_an_objection_is_not_taken_back_after_the_decision(asked, tern):
    objection = objected(tern, asked)
    accepted(asked)
    with pytest.raises(Conflict):
        objecting.take_back(by=tern, objection_id=objection.pk)


def test_an_owner_sees_the_requests_of_others_that_can_still_be_objected_to(asked, tern):
    assert owners.requests_over(NORRVIK, by=tern) == [asked]
    assert owners.requests_over(NORRVIK, by=asked.requester) == []
    accepted(asked)
    assert owners.requests_over(NORRVIK, by=tern) == [asked]
    release = releases.plan(dataset=the_stack(), name="v3.1")
    releases.freeze(release_id=release.pk, by=None)
    assert owners.requests_over(NORRVIK, by=tern) == []


def test_an_owner_sees_and_objects_to_what_is_asked_under_the_organisations_former_name(tern):
    requester = make_owner(501, "otter-quay")
    present = Claim.objects.get(user=requester, kind="organisation")
    former = claim_former_login(by=requester, claim_id=present.pk, name=parse_owner("old-norrvik"))
    request = request_over(requester, claim=former, email="otter@quay.example")
    assert owners.requests_over(NORRVIK, by=tern) == [request]
    objected(tern, request)
    item = request.items.get()
    services.accept_by_rule(request_id=request.pk, rules={item.pk: "former_login"})
    item.refresh_from_db()
    assert item.state == "open"
    assert len(owners_side(request, happened={"object"}).objections) == 1


def test_a_role_shown_later_is_news_for_a_request_under_a_former_name():
    requester = make_user(501, "otter-quay")
    present = owner_claim_of(requester, role="member")
    former = claim_former_login(by=requester, claim_id=present.pk, name=parse_owner("old-norrvik"))
    request = request_over(requester, claim=former)
    owner_claim_of(requester)
    assert reassessing.waiting() == [request.pk]
    reassessing.reassess(request_id=request.pk)
    assert "role_not_proven" not in request.items.get().assessment["guards"]


def test_who_objected_or_confirmed_does_not_decide_as_a_reviewer_under_another_log_in(asked, tern):
    reviewer = make_reviewer()
    User.objects.filter(pk=reviewer.pk).update(same_person_as=tern)
    reviewer.refresh_from_db()
    item = asked.items.get()
    assert "deny" in policies.verbs_for(asked, reviewer, Role.REVIEWER)
    objected(tern, asked)
    with pytest.raises(Forbidden, match="You spoke for or against this"):
        services.decide(by=reviewer, request_id=asked.pk, verdicts={item.pk: ACCEPT})
    assert "deny" not in policies.verbs_for(asked, reviewer, Role.REVIEWER)
    services.decide(by=make_reviewer("another"), request_id=asked.pk, verdicts={item.pk: ACCEPT})
    item.refresh_from_db()
    assert item.state == "accepted"


def test_an_objection_taken_back_before_the_decision_is_not_raised_again_after_it(asked, tern):
    objecting.take_back(by=tern, objection_id=objected(tern, asked).pk)
    objecting.take_back(by=tern, objection_id=objected(tern, asked, "On second thoughts.").pk)
    accepted(asked)
    with pytest.raises(Conflict, match="a reviewer has decided about it since"):
        objected(tern, asked)
    asked.refresh_from_db()
    assert asked.state == "accepted"
