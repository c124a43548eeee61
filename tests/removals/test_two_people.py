"""What takes two people: one proposes, another one confirms, and nobody decides it alone."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims.models import MemberCount
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Missing, Refused
from bigcode_optout.removals import deciding, inviting, services, two_people
from bigcode_optout.removals.models import Decision, OutboxMessage, Proposal, RemovalRequest, RequestEvent
from bigcode_optout.removals.settling import ItemVerdict
from bigcode_optout.removals.two_people_rules import takes_two
from tests.builders import count_members, make_reviewer, make_user, reviewed_by_person
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of, request_over
from tests.two_reviewers import ACCEPT, denied_as_abusive, make_senior, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return make_reviewer("first")


@pytest.fixture
def second():
    return make_senior("second")


@pytest.fixture
def asked(settings):
    """A request over an organisation with many members, with an address."""
    requester = make_owner(501, "otter-quay")
    count_members(NORRVIK, 5000)
    return request_over(requester, email="otter@quay.example")


def confirm(request: RemovalRequest, proposal: Proposal, by) -> RemovalRequest:
    return two_people.confirm(by=by, request_id=request.pk, proposal_id=proposal.pk)


def refuse(request: RemovalRequest, proposal: Proposal, by, reason: str = "Not so.") -> Proposal:
    return two_people.refuse(by=by, request_id=request.pk, proposal_id=proposal.pk, reason=reason)


def verdicts_of(request: RemovalRequest, one: ItemVerdict = ACCEPT) -> dict[int, ItemVerdict]:
    return dict.fromkeys(request.items.values_list("pk", flat=True), one)


@pytest.mark.parametrize("one", [ACCEPT, ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.NO_AUTHORITY)])
def test_nobody_decides_about_a_large_organisation_alone_not_even_a_senior(asked, second, one):
    with pytest.raises(Refused) as refused:
        services.decide(by=second, request_id=asked.pk, verdicts=verdicts_of(asked, one))
    assert refused.value.code == "needs_second_reviewer"
    assert not Decision.objects.exists() and asked.items.get().state == "open"


def test_an_organisation_whose_members_nobody_counted_is_taken_for_a_large_one(second):
    request = request_over(make_owner(501, "otter-quay"))
    MemberCount.objects.all().delete()
    with pytest.raises(Refused, match="size is not known"):
        services.decide(by=second, request_id=request.pk, verdicts=verdicts_of(request))


@pytest.fixture
def unproven():
    """A member, not an owner, asks for an organisation of many members."""
    request = request_over(make_owner(501, "otter-quay", role="member"))
    count_members(NORRVIK, 5000)
    return request


def test_what_nobody_has_proven_is_declined_by_one_and_accepted_by_two(unproven, first):
    with pytest.raises(Refused, match="second reviewer"):
        services.decide(by=first, request_id=unproven.pk, verdicts=verdicts_of(unproven))
    services.deny(by=first, request_id=unproven.pk, reason=Decision.Reason.NO_AUTHORITY)
    unproven.refresh_from_db()
    assert unproven.state == "denied" and Decision.objects.get().confirmed_by is None


SIZES = {"small": 3, "large": 5000, "unknown": None}
BEHIND_IT = ("nobody", "an owner", "an owner, long ago", "an owner until lately", "another owner’s yes")


@pytest.mark.parametrize("was_appealed", [False, True])
@pytest.mark.parametrize("verdict", ["accept", "decline"])
@pytest.mark.parametrize("behind", BEHIND_IT)
@pytest.mark.parametrize("size", SIZES)
def test_one_is_enough_for_what_is_small_and_to_decline_once_what_nobody_has_proven(
    size, behind, verdict, was_appealed
):
    is_member = behind in ("nobody", "another owner’s yes")
    request = request_over(make_owner(501, "otter-quay", role="member" if is_member else "admin"))
    if behind == "an owner until lately":
        owner_claim_of(request.requester, role="member")
    elif behind == "another owner’s yes":
        tern = make_owner(502, "tern-hollow")
        claim_id = request.items.get().claim_id
        link = inviting.invite(by=request.requester, reference=request.reference, claim_id=claim_id)
        inviting.confirm(by=tern, code=inviting.code_of(link))
    MemberCount.objects.all().delete()
    request.was_appealed = was_appealed
    is_shown = behind in ("an owner", "an owner, long ago", "another owner’s yes")
    expected = size != "small" and (verdict == "accept" or was_appealed or is_shown)
    days = 400 if behind == "an owner, long ago" else 0
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days)):
        if SIZES[size]:
            count_members(NORRVIK, SIZES[size])
        assert takes_two(request.items.get().claim, request, verdict=verdict) is expected


def test_a_denial_as_abusive_takes_two_whatever_is_asked_for(first):
    request = reviewed_by_person(make_user())
    with pytest.raises(Refused, match="second reviewer"):
        services.deny(by=first, request_id=request.pk, reason=Decision.Reason.ABUSIVE)
    services.deny(by=first, request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    request.refresh_from_db()
    assert request.state == "denied"


def test_what_cannot_be_taken_back_after_a_freeze_takes_two(first):
    request = reviewed_by_person(make_user(), ["otter-quay/kelp", "otter-quay/reef"])
    kelp, reef = request.items.all()
    services.decide(by=first, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    services.freeze_items(items=[kelp], release="v3.1", at=clock.now())
    with pytest.raises(Refused, match="cannot be taken back"):
        services.decide(by=first, request_id=request.pk, verdicts={reef.pk: ACCEPT})


def test_a_proposal_decides_nothing_and_tells_nobody(asked, first):
    mails = OutboxMessage.objects.count()
    proposal = proposed(asked, first)
    asked.refresh_from_db()
    assert (asked.state, asked.items.get().state, Decision.objects.count()) == ("in_review", "open", 0)
    assert OutboxMessage.objects.count() == mails
    event = RequestEvent.objects.get(request=asked, code="propose")
    assert event.is_internal and event.by == first and event.number == proposal.event_number
    assert event.data["needs"] == ["large_organisation"]
    assert two_people.waiting([asked.pk]) == {asked.pk: proposal}


def test_a_second_reviewer_confirms_and_then_it_is_decided_in_the_words_that_were_proposed(
    asked, first, second
):
    own_words = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.OTHER, "Both of your owners agree.")
    confirm(asked, proposed(asked, first, own_words), second)
    asked.refresh_from_db()
    decision = Decision.objects.get()
    assert (asked.state, decision.sentence) == ("accepted", "Both of your owners agree.")
    assert (decision.decided_by, decision.confirmed_by) == (first, second)
    event = asked.events.get(code="accept")
    assert (event.by, event.data["proposed_by"]) == (second, first.pk)
    assert asked.mails.filter(kind="accepted").count() == 1
    assert two_people.waiting([asked.pk]) == {}


def test_a_second_reviewer_cannot_be_the_first(asked, second):
    proposal = proposed(asked, second)
    with pytest.raises(Forbidden, match="You proposed this"):
        confirm(asked, proposal, second)
    assert asked.items.get().state == "open"


def test_a_second_reviewer_cannot_be_the_first_under_another_sign_in(asked, first, second):
    second.same_person_as = first
    second.save()
    with pytest.raises(Forbidden, match="You proposed this"):
        confirm(asked, proposed(asked, first), second)
    assert not Decision.objects.exists()


def test_a_second_reviewer_cannot_be_the_requester(asked, first, second):
    second.same_person_as = asked.requester
    second.save()
    with pytest.raises(Forbidden, match="own request"):
        confirm(asked, proposed(asked, first), second)
    assert not Decision.objects.exists()


def test_neither_reviewer_can_have_spoken_for_or_against_it_as_an_owner(asked, first, second):
    from bigcode_optout.removals import objecting

    tern = make_owner(502, "tern-hollow")
    count_members(NORRVIK, 5000)
    objecting.raise_objection(by=tern, request_id=asked.pk, organisation_id=NORRVIK, reason="No.")
    second.same_person_as = tern
    second.save()
    with pytest.raises(Forbidden, match="as an owner"):
        proposed(asked, second)
    proposal = proposed(asked, first)
    with pytest.raises(Forbidden, match="as an owner"):
        confirm(asked, proposal, second)
    with pytest.raises(Forbidden, match="as an owner"):
        refuse(asked, proposal, second)
    assert not Decision.objects.exists()


def test_one_of_the_two_about_a_large_organisation_is_a_senior(asked, first, second):
    proposal = proposed(asked, first)
    with pytest.raises(Forbidden, match="senior"):
        confirm(asked, proposal, make_reviewer("third"))
    refuse(asked, proposal, first)
    assert confirm(asked, proposed(asked, second), make_reviewer("fourth")).state == "accepted"


def test_two_ordinary_reviewers_are_enough_for_what_is_abusive(first):
    request = reviewed_by_person(make_user())
    confirm(request, denied_as_abusive(request, first), make_reviewer("other"))
    request.refresh_from_db()
    assert request.state == "denied" and Decision.objects.get().reason == "abusive"


def test_people_without_the_permission_confirm_nothing(asked, first):
    with pytest.raises(Forbidden):
        confirm(asked, proposed(asked, first), make_user(777, "passer-by"))
    assert not Decision.objects.exists()


def test_a_colleague_refuses_with_a_reason_and_the_request_waits_again(asked, first, second):
    proposal = proposed(asked, first)
    with pytest.raises(Refused, match="Write why"):
        refuse(asked, proposal, second, " ")
    refuse(asked, proposal, second, "They are a member, not an owner.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_by) == ("refused", second)
    event = asked.events.get(code="refuse_proposal")
    assert event.is_internal and event.words.text == "They are a member, not an owner."
    with pytest.raises(Conflict, match="refused by second"):
        confirm(asked, proposal, make_senior("third"))
    assert proposed(asked, first).state == "waiting"


def test_the_first_reviewer_takes_a_proposal_back(asked, first):
    proposal = refuse(asked, proposed(asked, first), first, "I overlooked the objection.")
    assert proposal.state == "taken_back" and asked.events.filter(code="take_back_proposal").exists()
    assert two_people.waiting([asked.pk]) == {}


def test_a_second_proposal_waits_for_the_answer_to_the_first(asked, first, second):
    proposed(asked, first)
    with pytest.raises(Conflict, match="first has proposed"):
        proposed(asked, second)
    assert Proposal.objects.count() == 1


def test_a_proposal_is_stale_once_the_request_has_changed(asked, first, second):
    proposal = proposed(asked, first)
    services.ask(by=second, request_id=asked.pk, question="Who are the others?")
    assert two_people.waiting([asked.pk]) == {}
    services.answer(by=asked.requester, request_id=asked.pk, text="Nobody.")
    assert two_people.waiting([asked.pk]) == {}
    with pytest.raises(Conflict, match="has changed since"):
        confirm(asked, proposal, second)
    assert not Decision.objects.exists()
    newer = proposed(asked, first)
    proposal.refresh_from_db()
    assert (proposal.state, two_people.waiting([asked.pk])) == ("stale", {asked.pk: newer})


def test_a_note_or_a_new_desk_makes_no_proposal_stale(asked, first, second):
    proposal = proposed(asked, first)
    services.add_note(by=second, request_id=asked.pk, text="I will look at it tonight.")
    services.assign(by=second, request_id=asked.pk, to=second)
    assert confirm(asked, proposal, second).state == "accepted"


def test_what_one_may_decide_alone_is_not_proposed(first):
    request = reviewed_by_person(make_user())
    with pytest.raises(Refused, match="One reviewer may decide"):
        proposed(request, first)
    assert (
        two_people.decide_or_propose(by=first, request_id=request.pk, verdicts=verdicts_of(request)) is None
    )
    request.refresh_from_db()
    assert request.state == "accepted"


def test_a_proposal_of_another_request_is_not_confirmed_through_this_one(asked, first, second):
    other = reviewed_by_person(make_user(888, "reef-keeper"))
    proposal = denied_as_abusive(other, first)
    with pytest.raises(Missing):
        confirm(asked, proposal, second)
    assert not Decision.objects.exists()


def test_a_withdrawn_request_is_not_decided_by_a_late_confirmation(asked, first, second):
    proposal = proposed(asked, first)
    services.withdraw(by=asked.requester, request_id=asked.pk)
    with pytest.raises(Conflict):
        confirm(asked, proposal, second)
    assert not Decision.objects.exists()


def test_who_denied_does_not_decide_the_appeal_and_a_senior_does(second):
    request, reviewer = reviewed_by_person(make_user()), make_senior("denier")
    services.deny(by=reviewer, request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    services.appeal(by=request.requester, request_id=request.pk, text="Look at my profile.")
    with pytest.raises(Forbidden, match="You denied this"):
        services.decide(by=reviewer, request_id=request.pk, verdicts=verdicts_of(request))
    with pytest.raises(Forbidden, match="senior"):
        services.decide(by=make_reviewer("plain"), request_id=request.pk, verdicts=verdicts_of(request))
    assert (
        services.decide(by=second, request_id=request.pk, verdicts=verdicts_of(request)).state == "accepted"
    )


def test_neither_of_the_two_who_denied_decides_the_appeal(first, second):
    request = reviewed_by_person(make_user())
    denier = make_senior("denier")
    confirm(request, denied_as_abusive(request, denier), second)
    services.appeal(by=request.requester, request_id=request.pk, text="I am no abuser.")
    for one in (denier, second):
        with pytest.raises(Forbidden, match="You denied this"):
            services.deny(by=one, request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    senior = make_senior("fresh-eyes")
    services.deny(by=senior, request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    request.refresh_from_db()
    assert request.state == "denied"


def test_a_rule_needs_no_second_person(asked, settings):
    settings.POLICY_ACCEPTS = settings.POLICY_ACCEPTS | {"large_organisation": True}
    services.accept_by_rule(request_id=asked.pk, rules={asked.items.get().pk: "two_organisation_owners"})
    assert Decision.objects.get().rule == "two_organisation_owners"


def test_the_verdicts_of_a_denial_cover_what_is_open_and_nothing_else(first):
    request = reviewed_by_person(make_user(), ["otter-quay/kelp", "otter-quay/reef"])
    kelp, reef = request.items.all()
    services.decide(by=first, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    assert set(deciding.declining(request.pk, Decision.Reason.DUPLICATE)) == {reef.pk}
