"""A second owner through a link: who may use it, once, and what their yes does."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import Claim
from bigcode_optout.core.errors import Conflict, Forbidden, Missing
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import inviting, owners, reassessing, services
from bigcode_optout.removals.models import OwnerInvitation, RemovalRequest
from tests.builders import make_user
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of, request_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> RemovalRequest:
    """A member of norrvik, not an owner, asks for it."""
    requester = make_user(501, "otter-quay")
    owner_claim_of(requester, role="member")
    return request_over(requester)


@pytest.fixture
def tern() -> User:
    return make_owner(502, "tern-hollow")


def link(request: RemovalRequest) -> str:
    claim = request.items.get().claim
    made = inviting.invite(by=request.requester, reference=request.reference, claim_id=claim.pk)
    return inviting.code_of(made)


def guards(request: RemovalRequest) -> list[str]:
    return request.items.get().assessment["guards"]


def test_another_owners_yes_puts_an_owner_behind_the_request_and_it_is_judged_anew(asked, tern):
    assert "role_not_proven" in guards(asked)
    inviting.confirm(by=tern, code=link(asked))
    confirmation = asked.confirmations.get()
    assert (confirmation.github_id, confirmation.proof.claim.user) == (502, tern)
    assert reassessing.waiting() == [asked.pk]
    reassessing.reassess(request_id=asked.pk)
    assert "role_not_proven" not in guards(asked)
    assert reassessing.waiting() == []
    event = asked.events.get(code="confirm_owner")
    assert (event.by_role, event.by) == ("co_owner", tern)


def test_the_yes_is_for_this_request_only(asked, tern):
    inviting.confirm(by=tern, code=link(asked))
    services.withdraw(by=asked.requester, request_id=asked.pk)
    later = request_over(asked.requester, claim=asked.items.get().claim)
    assert "role_not_proven" in guards(later)


def test_a_link_works_once(asked, tern):
    code = link(asked)
    inviting.confirm(by=tern, code=code)
    other = make_owner(503, "gull-light")
    with pytest.raises(Conflict, match="was used"):
        inviting.confirm(by=other, code=code)
    assert asked.confirmations.count() == 1


def test_a_link_ends_after_seven_days_and_when_a_newer_one_is_made(asked, tern):
    old = link(asked)
    new = link(asked)
    with pytest.raises(Conflict, match="newer link"):
        inviting.confirm(by=tern, code=old)
    with (
        time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=7, minutes=1)),
        pytest.raises(Conflict, match="seven days"),
    ):
        inviting.confirm(by=tern, code=new)
    assert not asked.confirmations.exists()


def test_a_link_cannot_be_guessed_from_another(asked, tern):
    code = link(asked)
    number, _, digest = code.partition("-")
    for wrong in (
        "",
        "x",
        "1",
        f"{number}-",
        f"{int(number) + 1}-{digest}",
        f"{number}-{digest[:-1]}0x",
        "٣-abc",
    ):
        with pytest.raises(Missing):
            inviting.invitation_by(wrong)
    assert len(digest) == 40
    assert digest not in str(OwnerInvitation.objects.values().get())


def test_who_is_no_owner_by_githubs_fresh_word_cannot_confirm(asked):
    member = make_user(504, "wren-small")
    owner_claim_of(member, role="member")
    elsewhere = make_owner(505, "moss-low", organisation_id=8800, name="low-tide")
    nobody = make_user(506, "gull-light")
    code = link(asked)
    for person in (member, elsewhere, nobody):
        with pytest.raises(Forbidden, match="has not told us today"):
            inviting.confirm(by=person, code=code)
    earlier = make_owner(507, "fen-wick")
    with (
        time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2)),
        pytest.raises(Forbidden, match="has not told us today"),
    ):
        inviting.confirm(by=earlier, code=code)
    assert OwnerInvitation.objects.get().ended_at is None


def test_who_asked_is_no_second_owner_by_any_of_their_accounts(asked):
    code = link(asked)
    owner_claim_of(asked.requester)
    with pytest.raises(Forbidden, match="your own request"):
        inviting.confirm(by=asked.requester, code=code)
    second_row = make_owner(508, "otter-desk")
    User.objects.filter(pk=second_row.pk).update(same_person_as=asked.requester)
    second_row.refresh_from_db()
    with pytest.raises(Forbidden, match="your own request"):
        inviting.confirm(by=second_row, code=code)
    moved = make_owner(509, "otter-bay")
    GitHubIdentity.objects.filter(user=moved).update(user=asked.requester)
    with pytest.raises(Forbidden, match="belongs to the person who asked"):
        inviting.confirm(by=moved, code=code)


def test_two_rows_that_turn_out_to_be_one_human_are_one_owner(asked, tern):
    inviting.confirm(by=tern, code=link(asked))
    claim = asked.items.get().claim
    assert owners.Agreement(asked).is_consented(claim)
    User.objects.filter(pk=tern.pk).update(same_person_as=asked.requester)
    assert not owners.Agreement(RemovalRequest.objects.get(pk=asked.pk)).is_consented(claim)
    User.objects.filter(pk=tern.pk).update(same_person_as=None)
    GitHubIdentity.objects.filter(user=tern).update(user=asked.requester)
    assert not owners.Agreement(RemovalRequest.objects.get(pk=asked.pk)).is_consented(claim)


def test_the_same_owner_confirms_once(asked, tern):
    inviting.confirm(by=tern, code=link(asked))
    with pytest.raises(Conflict, match="already"):
        inviting.confirm(by=tern, code=link(asked))


def test_only_the_requester_makes_links_and_only_for_an_open_request(asked, tern):
    claim = asked.items.get().claim
    with pytest.raises(Missing):
        inviting.invite(by=tern, reference=asked.reference, claim_id=claim.pk)
    own = Claim.objects.get(user=asked.requester, kind="account")
    with pytest.raises(Conflict):
        inviting.invite(by=asked.requester, reference=asked.reference, claim_id=own.pk)
    code = link(asked)
    services.withdraw(by=asked.requester, request_id=asked.pk)
    with pytest.raises(Conflict):
        inviting.invite(by=asked.requester, reference=asked.reference, claim_id=claim.pk)
    with pytest.raises(Conflict, match="does not wait"):
        inviting.confirm(by=tern, code=code)


def test_the_database_keeps_one_live_link_and_one_yes_a_link(asked, tern):
    inviting.confirm(by=tern, code=link(asked))
    confirmation = asked.confirmations.get()
    link(asked)
    live = OwnerInvitation.objects.get(ended_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        live.pk = None
        live.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        confirmation.pk, confirmation.github_id = None, 999
        confirmation.save()


def test_two_owners_by_name_satisfy_a_large_organisation_one_does_not(tern):
    requester = make_owner(501, "otter-quay")
    request = request_over(requester)
    claim = Claim.objects.get(user=requester, kind="organisation", subject_id=NORRVIK)
    assert owners.Agreement(request).large_rule(claim) == ""
    inviting.confirm(by=tern, code=link(request))
    assert owners.Agreement(request).large_rule(claim) == owners.TWO_OWNERS_RULE


def test_a_member_with_one_owner_behind_them_is_still_one_owner(asked, tern):
    claim = asked.items.get().claim
    inviting.confirm(by=tern, code=link(asked))
    assert owners.Agreement(asked).large_rule(claim) == ""
    inviting.confirm(by=make_owner(503, "gull-light"), code=link(asked))
    assert owners.Agreement(asked).large_rule(claim) == owners.TWO_OWNERS_RULE


def test_another_owner_speaks_for_the_organisation_under_its_former_name_as_well(tern):
    requester = make_user(501, "otter-quay")
    present = owner_claim_of(requester, role="member")
    former = claim_former_login(by=requester, claim_id=present.pk, name=parse_owner("old-norrvik"))
    request = request_over(requester, claim=former)
    assert inviting.invitable_claims(request) == [present]
    assert inviting.invitable_requests(requester, present) == [request]
    made = inviting.invite(by=requester, reference=request.reference, claim_id=present.pk)
    inviting.confirm(by=tern, code=inviting.code_of(made))
    assert owners.Agreement(request).is_consented(former)
