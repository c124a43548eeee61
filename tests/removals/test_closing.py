"""Retention: of whom nothing is kept any more, GitHub's number and login go."""

import datetime as dt

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount

from bigcode_optout.accounts import merging
from bigcode_optout.accounts.models import GitHubIdentity, PersonMerge, User
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.removals import audit, closing, services, tasks
from bigcode_optout.removals.models import (
    Decision,
    Erasure,
    Objection,
    OwnerConfirmation,
    OwnerInvitation,
    RemovalRequest,
)
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of, request_over

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)


def days_later(days: float):
    return time_machine.travel(NOW + dt.timedelta(days=days), tick=False)


def erase_after(days: float) -> None:
    with days_later(days):
        tasks.erase()


def withdrawn(user: User):
    request = reviewed_by_person(user)
    return services.withdraw(by=user, request_id=request.pk)


def is_closed(user: User) -> bool:
    user.refresh_from_db()
    return not user.is_active


def kept_of(user: User) -> str:
    """Everything that the rows of the person say."""
    rows = [
        *User.objects.filter(pk=user.pk).values_list("username", "email", "first_name", "last_name"),
        *GitHubIdentity.objects.filter(user=user).values_list("github_id", "login"),
        *SocialAccount.objects.filter(user=user).values_list("uid", "extra_data"),
        *Claim.objects.filter(user=user).values_list("name", "name_key", "subject_id"),
        *Proof.objects.filter(claim__user=user).values_list("evidence", "sentence"),
        *PersonMerge.objects.filter(target=user).values_list("github_ids"),
    ]
    return str(rows)


def test_with_the_last_request_the_number_and_the_login_go_and_the_history_stays():
    user = make_user(987654, "otter-quay")
    owner_claim_of(user)
    SocialAccount.objects.create(user=user, provider="github", uid="987654")
    request = withdrawn(user)
    erase_after(364)
    assert not is_closed(user)
    assert all(word in kept_of(user) for word in ("987654", "otter-quay", "norrvik", str(NORRVIK)))
    erase_after(366)
    assert Erasure.objects.get().request == request
    assert is_closed(user)
    said = kept_of(user)
    assert not [word for word in ("987654", "otter-quay", "norrvik", str(NORRVIK)) if word in said]
    assert user.claims.count() == 2 and Proof.objects.filter(claim__user=user).exists()
    request.refresh_from_db()
    assert request.requester == user
    assert audit.verify().findings == []


def test_who_signed_in_and_never_asked_is_closed_as_well():
    user = make_user()
    erase_after(364)
    assert not is_closed(user)
    erase_after(366)
    assert is_closed(user)
    assert not GitHubIdentity.objects.exists()


def test_who_signed_in_since_is_kept():
    user = make_user()
    withdrawn(user)
    GitHubIdentity.objects.update(seen_at=NOW + dt.timedelta(days=300))
    erase_after(366)
    assert Erasure.objects.exists()
    assert not is_closed(user)
    erase_after(666)
    assert is_closed(user)


def test_who_has_a_draft_or_a_request_that_stands_or_is_on_a_list_is_kept():
    drafting, standing, listed = make_user(1, "ada"), make_user(2, "bea"), make_user(3, "cleo")
    make_draft(drafting)
    for user in (standing, listed):
        request = reviewed_by_person(user)
        verdicts = dict.fromkeys(request.items.values_list("pk", flat=True), ACCEPT)
        services.decide(by=make_reviewer(f"r.{user.pk}"), request_id=request.pk, verdicts=verdicts)
        if user == listed:
            services.freeze_items(items=list(request.items.all()), release="v3.1", at=NOW)
            services.opt_back_in(by=listed, request_id=request.pk)
    erase_after(2000)
    assert [is_closed(user) for user in (drafting, standing, listed)] == [False, False, False]
    assert GitHubIdentity.objects.count() == 3


def test_whoever_is_kept_costs_no_query_of_their_own(django_assert_num_queries):
    for number in (1, 2, 3):
        make_draft(make_user(number, f"person-{number}"))
    with days_later(366), django_assert_num_queries(1):
        assert closing.due_people() == []


def test_staff_their_marked_sign_ins_and_the_blocked_are_kept():
    staff, marked, blocked = make_reviewer(), make_user(1, "ada"), make_user(2, "bea")
    marked.same_person_as = staff
    marked.save()
    User.objects.filter(pk=blocked.pk).update(is_active=False)
    erase_after(2000)
    assert GitHubIdentity.objects.count() == 2
    assert (is_closed(staff), is_closed(marked)) == (False, False)


def confirm(request: RemovalRequest, owner: User) -> None:
    """The owner's yes, as the link leaves it behind."""
    claim = request.items.get().claim
    invitation = OwnerInvitation.objects.create(
        request=request, claim=claim, seed="x", made_at=NOW, expires_at=NOW
    )
    OwnerConfirmation.objects.create(
        request=request,
        claim=claim,
        invitation=invitation,
        confirmed_by=owner,
        proof=Proof.objects.filter(claim__user=owner).first(),
        github_id=987654,
        confirmed_at=NOW,
    )


@pytest.mark.parametrize("spoke", ["objected", "confirmed"])
def test_an_owner_who_spoke_about_a_request_is_kept_as_long_as_that_request(spoke):
    asker, owner = make_owner(1, "ada"), make_owner(2, "bea")
    request = request_over(asker)
    proof = Proof.objects.filter(claim__user=owner).first()
    if spoke == "objected":
        Objection.objects.create(
            request=request, organisation_id=NORRVIK, raised_by=owner, proof=proof, raised_at=NOW
        )
    else:
        confirm(request, owner)
    erase_after(1000)
    assert not is_closed(owner)
    services.withdraw(by=asker, request_id=request.pk)
    erase_after(2000)
    assert is_closed(owner)
    assert "bea" not in kept_of(owner)
    assert not OwnerConfirmation.objects.filter(github_id=987654).exists()


def test_what_was_confirmed_before_two_people_became_one_keeps_the_one_they_became():
    asker, owner, other = make_owner(1, "ada"), make_owner(2, "bea"), make_user(3, "cleo")
    request = request_over(asker)
    confirm(request, owner)
    merging.merge_people(by=other, source_id=owner.pk, github_id=2)
    erase_after(1000)
    assert not is_closed(other)
    services.withdraw(by=asker, request_id=request.pk)
    erase_after(2000)
    assert is_closed(other)


def test_who_was_made_one_with_somebody_is_forgotten_with_them():
    first, second = make_user(987654, "ada"), make_user(123456, "bea")
    merging.merge_people(by=second, source_id=first.pk, github_id=987654)
    erase_after(366)
    assert is_closed(second)
    said = kept_of(first) + kept_of(second)
    assert not [word for word in ("987654", "123456", "ada", "bea") if word in said]
    assert PersonMerge.objects.get().source == first


def test_who_comes_back_meanwhile_is_not_closed_and_nobody_is_closed_twice():
    user = make_user()
    with days_later(366):
        assert closing.due_people() == [user.pk]
        GitHubIdentity.objects.update(seen_at=NOW + dt.timedelta(days=366))
        assert not closing.close_person(user_id=user.pk)
        assert GitHubIdentity.objects.exists()
    with days_later(800):
        assert closing.close_person(user_id=user.pk)
        assert not closing.close_person(user_id=user.pk)


def test_who_comes_back_later_is_somebody_new(sandbox):
    from tests.accounts.browser import Browser

    once = Browser()
    once.sign_in("quillon-marsh")
    before = once.user
    erase_after(366)
    assert is_closed(before)
    assert not once.user.is_authenticated
    again = Browser()
    assert again.sign_in("quillon-marsh").status_code == 302
    assert again.user.is_authenticated and again.user != before
    assert again.user.username == f"gh-{sandbox.world.account('quillon-marsh').id}"
