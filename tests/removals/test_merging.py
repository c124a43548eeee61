"""The same asked twice by the same person is one request; what is only alike stays two."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.claims.models import Claim
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Forbidden, Refused
from bigcode_optout.githubapi import Unavailable
from bigcode_optout.removals import duplicates, locating, merging, services, tasks
from bigcode_optout.removals.assessing_facts import Facts
from bigcode_optout.removals.models import Decision, Objection, ScopeItem
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import (
    account_claim,
    make_draft,
    make_reviewer,
    make_user,
    processed_request,
    reviewed_by_person,
    submitted_request,
)
from tests.two_reviewers import make_senior

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DECLINE = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)
ADDRESS = "otter@quay.example"


@pytest.fixture
def user() -> User:
    return make_user()


def asked_again(user, names=(), **more):
    """A second request, located and judged, as `removals.tasks.process` leaves it before the queue."""
    return submitted_request(user, names, email=ADDRESS, **more)


def test_the_same_asked_twice_is_merged_into_the_earlier_one(user):
    elder = reviewed_by_person(user)
    request = asked_again(user)
    assert merging.merge_duplicate(request_id=request.pk)
    request.refresh_from_db()
    assert (request.state, request.merged_into) == ("merged", elder)
    elder.refresh_from_db()
    assert elder.state == "in_review"
    assert elder.submitted_at < request.submitted_at
    assert [event.code for event in elder.events.all()][-1] == "absorb"


def test_the_mail_names_the_earlier_request_and_the_way_back(user):
    elder = reviewed_by_person(user)
    request = asked_again(user)
    merging.merge_duplicate(request_id=request.pk)
    mail = request.mails.get(kind="merged")
    assert elder.reference in mail.body
    assert "If you withdraw that one, this one counts again." in mail.body


def test_a_repository_of_an_account_that_was_asked_for_as_a_whole_is_covered(user):
    reviewed_by_person(user)
    assert merging.merge_duplicate(request_id=asked_again(user, ["otter-quay/kelp"]).pk)


@pytest.mark.parametrize(
    ("before", "names", "kinds"),
    [
        (["otter-quay/kelp"], (), {}),
        (["otter-quay/kelp"], ["otter-quay/kelp", "otter-quay/reef"], {}),
        ((), (), {"issues": False}),
        (["otter-quay/kelp"], ["otter-quay/reef"], {}),
    ],
    ids=["more than before", "a part more", "other kinds", "something else"],
)
def test_what_is_covered_in_part_stays_a_request_of_its_own(user, before, names, kinds):
    reviewed_by_person(user, before)
    request = asked_again(user, names, **kinds)
    assert not merging.merge_duplicate(request_id=request.pk)
    request.refresh_from_db()
    assert request.state == "submitted"


def test_reviewers_are_told_of_what_was_asked_before_in_part(user):
    elder = reviewed_by_person(user, ["otter-quay/kelp"])
    request = asked_again(user)
    merging.note_overlap(request_id=request.pk)
    event = request.events.get(code="asked_before")
    assert event.data == {"references": [elder.reference]}
    assert event.is_internal


def test_nothing_is_noted_where_nothing_was_asked_before(user):
    request = asked_again(user)
    merging.note_overlap(request_id=request.pk)
    assert not request.events.filter(code="asked_before").exists()


def test_an_unproven_request_does_not_absorb_a_proven_one(user):
    reviewed_by_person(user)
    request = asked_again(user)
    request.items.update(proof_state=ScopeItem.ProofState.PROVEN)
    assert not merging.merge_duplicate(request_id=request.pk)


def test_a_proven_request_absorbs_another_proven_one(user):
    reviewed_by_person(user).items.update(proof_state=ScopeItem.ProofState.PROVEN)
    request = asked_again(user)
    request.items.update(proof_state=ScopeItem.ProofState.PROVEN)
    assert merging.merge_duplicate(request_id=request.pk)


def test_what_a_reviewer_accepted_absorbs_a_proven_one(user):
    elder = reviewed_by_person(user)
    services.decide(by=make_reviewer(), request_id=elder.pk, verdicts={elder.items.get().pk: ACCEPT})
    request = asked_again(user)
    request.items.update(proof_state=ScopeItem.ProofState.PROVEN)
    assert merging.merge_duplicate(request_id=request.pk)


@pytest.mark.parametrize("end", ["denied", "withdrawn"])
def test_an_earlier_request_that_ended_covers_nothing(user, end):
    elder = reviewed_by_person(user)
    if end == "denied":
        services.decide(by=make_reviewer(), request_id=elder.pk, verdicts={elder.items.get().pk: DECLINE})
    else:
        services.withdraw(by=user, request_id=elder.pk)
    assert duplicates.elder_of(asked_again(user)) is None


def test_a_declined_part_covers_nothing_though_the_request_stands(user):
    elder = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"])
    kelp, reef = elder.items.all()
    services.decide(by=make_reviewer(), request_id=elder.pk, verdicts={kelp.pk: ACCEPT, reef.pk: DECLINE})
    assert duplicates.elder_of(asked_again(user, ["otter-quay/reef"])) is None
    assert duplicates.elder_of(asked_again(user, ["otter-quay/kelp"])) == elder


def test_nobody_elses_request_covers_mine_not_even_one_about_the_same_name(user):
    stranger = make_user(777, "tern-hollow")
    claim = Claim.objects.create(user=stranger, kind="organisation", name="otter-quay")
    reviewed = submitted_request(stranger, claim=claim)
    services.begin_review(request_id=reviewed.pk)
    request = asked_again(user)
    assert duplicates.elder_of(request) is None
    assert duplicates.overlapping(request) == []


def test_the_same_name_with_another_number_is_another_subject(user):
    reviewed_by_person(user)
    joined = GitHubIdentity.objects.create(
        user=user, github_id=888, login="otter-quay", account_created_at=clock.now(), seen_at=clock.now()
    )
    claim = Claim.objects.create(user=user, kind="account", name=joined.login, subject_id=joined.github_id)
    assert duplicates.elder_of(asked_again(user, claim=claim)) is None


def test_what_was_asked_without_an_account_is_nobodys_duplicate(user):
    claim = account_claim(user)
    reviewed_by_person(user)
    request = asked_again(user)
    Claim.objects.filter(pk=claim.pk).update(kind="stated", subject_id=None)
    assert duplicates.elder_of(request) is None


def test_a_later_request_never_absorbs_an_earlier_one(user):
    first = submitted_request(user)
    reviewed_by_person(user)
    assert duplicates.elder_of(first) is None


def test_withdrawing_the_earlier_one_brings_the_later_one_back(user):
    elder = reviewed_by_person(user)
    request = asked_again(user)
    request.locate_runs.update(state="done")
    merging.merge_duplicate(request_id=request.pk)
    services.withdraw(by=user, request_id=elder.pk)
    request.refresh_from_db()
    assert (request.state, request.merged_into) == ("submitted", None)
    assert request.due_at > clock.now()
    assert not request.locate_runs.filter(state="done").exists()
    assert elder.reference in request.mails.get(kind="revived").body
    assert request.pk in locating.waiting()


def test_an_earlier_one_that_expires_brings_the_later_one_back(user):
    elder = reviewed_by_person(user)
    request = asked_again(user)
    merging.merge_duplicate(request_id=request.pk)
    services.ask(by=make_reviewer(), request_id=elder.pk, question="Whose is it?")
    services.expire(request_id=elder.pk)
    request.refresh_from_db()
    assert request.state == "submitted"


def test_what_was_merged_follows_when_its_earlier_one_is_merged_further(user):
    middle = submitted_request(user, ["otter-quay/kelp"])
    last = submitted_request(user, ["otter-quay/kelp"])
    services.begin_review(request_id=middle.pk)
    merging.merge_duplicate(request_id=last.pk)
    first = reviewed_by_person(user)
    type(first).objects.filter(pk=first.pk).update(submitted_at=middle.submitted_at - timedelta(days=1))
    merging.merge(request_id=middle.pk, elder_id=first.pk, by=make_reviewer())
    last.refresh_from_db()
    assert last.merged_into == first


def test_a_reviewer_cannot_merge_what_is_not_covered(user):
    elder = reviewed_by_person(user, ["otter-quay/kelp"])
    request = reviewed_by_person(user)
    with pytest.raises(Refused, match="does not cover all"):
        merging.merge(request_id=request.pk, elder_id=elder.pk, by=make_reviewer())


def test_a_draft_is_no_duplicate(user):
    reviewed_by_person(user)
    assert not merging.merge_duplicate(request_id=make_draft(user).pk)


def test_the_second_of_two_accepted_by_rule_is_merged(index, sandbox, user):
    elder = processed_request(user)
    again = submitted_request(user)
    tasks.process(again.pk)
    again.refresh_from_db()
    assert (again.state, again.merged_into) == ("merged", elder)


def test_one_that_waits_for_more_does_not_absorb_one_that_could_be_accepted_by_itself(user):
    elder = reviewed_by_person(user)
    elder.items.update(proof_state="proven", assessment={"guards": ["owner_not_read"]})
    request = asked_again(user)
    request.items.update(proof_state="proven")
    assert not merging.merge_duplicate(request_id=request.pk)
    request.items.update(assessment={"guards": ["owner_not_read", "transferred"]})
    assert merging.merge_duplicate(request_id=request.pk)


def test_an_accepted_part_is_not_lifted_for_an_earlier_one_that_is_still_open(user):
    elder = reviewed_by_person(user)
    request = reviewed_by_person(user)
    request.items.update(state="accepted", proof_state="proven")
    elder.items.update(proof_state="proven")
    assert duplicates.elder_of(request) is None


def test_a_repository_made_anew_under_its_old_name_is_another_one(user):
    elder = reviewed_by_person(user, ["otter-quay/kelp"])
    elder.items.update(repository_id=9001)
    request = asked_again(user, ["otter-quay/kelp"])
    assert duplicates.elder_of(request) == elder
    request.items.update(repository_id=9777)
    assert duplicates.elder_of(request) is None
    assert duplicates.overlapping(request) == [elder]


def test_an_address_given_with_the_later_request_alone_stands_for_both_and_the_mail_says_so(user):
    elder = reviewed_by_person(user)
    request = asked_again(user)
    merging.merge_duplicate(request_id=request.pk)
    elder.refresh_from_db()
    assert elder.email == ADDRESS
    assert "You gave no address with it" in request.mails.get(kind="merged").body


def test_the_address_of_the_earlier_request_stays(user):
    elder = submitted_request(user, email="elder@quay.example")
    services.begin_review(request_id=elder.pk)
    request = asked_again(user)
    merging.merge_duplicate(request_id=request.pk)
    elder.refresh_from_db()
    assert elder.email == "elder@quay.example"
    assert "You gave no address with it" not in request.mails.get(kind="merged").body


def test_what_an_owner_objects_to_is_not_merged_out_of_sight(user):
    reviewed_by_person(user)
    request = asked_again(user)
    claim = account_claim(user)
    Objection.objects.create(
        request=request,
        organisation_id=7700,
        raised_by=make_user(502, "tern-hollow"),
        proof=claim.proofs.get(),
        raised_at=clock.now(),
    )
    assert not merging.merge_duplicate(request_id=request.pk)


def test_letting_the_earlier_one_in_again_brings_the_later_one_back(user):
    elder = reviewed_by_person(user)
    services.decide(by=make_reviewer(), request_id=elder.pk, verdicts={elder.items.get().pk: ACCEPT})
    request = asked_again(user)
    merging.merge_duplicate(request_id=request.pk)
    services.freeze_items(items=elder.items.all(), release="v3", at=clock.now())
    services.opt_back_in(by=user, request_id=elder.pk)
    request.refresh_from_db()
    assert (request.state, request.merged_into) == ("submitted", None)


def test_what_the_timer_declines_of_the_earlier_one_comes_back_by_the_later_one(user):
    elder = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"])
    kelp = elder.items.get(name="otter-quay/kelp")
    of_kelp, of_reef = asked_again(user, ["otter-quay/kelp"]), asked_again(user, ["otter-quay/reef"])
    for request in (of_kelp, of_reef):
        merging.merge_duplicate(request_id=request.pk)
    services.decide(by=make_reviewer(), request_id=elder.pk, verdicts={kelp.pk: ACCEPT})
    services.ask(by=User.objects.get(username="e.thorne"), request_id=elder.pk, question="Is reef yours?")
    services.expire(request_id=elder.pk)
    of_kelp.refresh_from_db()
    of_reef.refresh_from_db()
    assert (of_kelp.state, of_reef.state) == ("merged", "submitted")
    assert "does not stand for it any more" in of_reef.mails.get(kind="revived").body


def test_what_is_brought_back_is_judged_by_what_github_says_now_and_waits_for_it_as_long_as_a_new_one(user):
    elder = reviewed_by_person(user)
    request = asked_again(user)
    merging.merge_duplicate(request_id=request.pk)
    with time_machine.travel(clock.now() + timedelta(days=90)):
        services.withdraw(by=user, request_id=elder.pk)
        request.refresh_from_db()
        assert Facts(request, request.items.all()).since > clock.now() - timedelta(days=1)
        assert not tasks._gives_up(request, Unavailable("no answer"))


@pytest.fixture
def denier() -> User:
    return make_reviewer("d.first")


def appealed_after_two_denials(user: User, denier: User):
    """Two requests for the same, both denied by the same reviewer; the later one appealed, the earlier one reopened."""
    elder = reviewed_by_person(user)
    services.deny(by=denier, request_id=elder.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    request = reviewed_by_person(user)
    services.deny(by=denier, request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    services.appeal(by=user, request_id=request.pk, text="Look again.")
    services.reopen(by=denier, request_id=elder.pk, text="A slip.")
    return elder, request


@pytest.mark.parametrize("who", ["who denied it", "a senior reviewer", "the system"])
def test_an_appeal_is_not_ended_by_a_request_that_may_still_be_denied(user, denier, who):
    elder, request = appealed_after_two_denials(user, denier)
    by = {"who denied it": denier, "a senior reviewer": make_senior(), "the system": None}[who]
    with pytest.raises(Refused) as refused:
        merging.merge(request_id=request.pk, elder_id=elder.pk, by=by)
    request.refresh_from_db()
    assert (refused.value.code, request.state) == ("appealed", "in_review")


def test_an_appeal_ends_in_an_accepted_request_by_who_may_take_the_second_look(user, denier):
    elder, request = appealed_after_two_denials(user, denier)
    services.decide(by=denier, request_id=elder.pk, verdicts={elder.items.get().pk: ACCEPT})
    for by, code in ((denier, "denied_before"), (make_reviewer("a.third"), "needs_senior")):
        with pytest.raises(Forbidden) as forbidden:
            merging.merge(request_id=request.pk, elder_id=elder.pk, by=by)
        assert forbidden.value.code == code
    merging.merge(request_id=request.pk, elder_id=elder.pk, by=make_senior())
    request.refresh_from_db()
    assert request.merged_into == elder


def test_no_reviewer_merges_what_they_asked_for_themselves(user):
    user.groups.add(Group.objects.get(name="reviewer"))
    elder, request = reviewed_by_person(user), reviewed_by_person(user)
    with pytest.raises(Forbidden) as forbidden:
        merging.merge(request_id=request.pk, elder_id=elder.pk, by=User.objects.get(pk=user.pk))
    assert forbidden.value.code == "own_request"
