"""Owners at the same moment, on two real connections of PostgreSQL: what works once works once."""

import pytest

from bigcode_optout.claims import challenges
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Challenge, Proof
from bigcode_optout.names import parse
from bigcode_optout.releases import services as releases
from bigcode_optout.releases.models import Exclusion
from bigcode_optout.removals import inviting, objecting, services
from bigcode_optout.removals.doubting import Doubt, contradict
from bigcode_optout.removals.models import Decision, Objection, OwnerInvitation
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_persona, make_reviewer, make_user, reviewed_by_person, the_stack
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of, request_over
from tests.removals.test_races import _groups, _two_connections, at_once, errors

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
# Used by being here: the same two conditions as for the other races.
__all__ = ["_groups", "_two_connections"]


def asked_by_member():
    requester = make_user(501, "otter-quay")
    owner_claim_of(requester, role="member")
    return request_over(requester)


def test_of_two_owners_with_one_link_one_confirms_and_the_other_is_told():
    request = asked_by_member()
    made = inviting.invite(
        by=request.requester, reference=request.reference, claim_id=request.items.get().claim_id
    )
    code, one, two = inviting.code_of(made), make_owner(502, "tern-hollow"), make_owner(503, "gull-light")
    results = at_once(
        lambda: inviting.confirm(by=one, code=code), lambda: inviting.confirm(by=two, code=code)
    )
    assert [error.code for error in errors(results)] == ["link_used"]
    assert request.confirmations.count() == 1


def test_two_presses_for_a_link_leave_one_that_works():
    request = asked_by_member()
    claim_id = request.items.get().claim_id
    at_once(
        *[lambda: inviting.invite(by=request.requester, reference=request.reference, claim_id=claim_id)] * 3
    )
    assert OwnerInvitation.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_an_objection_beside_the_freeze_either_comes_in_time_or_is_refused(attempt):
    requester, tern = make_owner(501, "otter-quay"), make_owner(502, "tern-hollow")
    request = request_over(requester)
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    services.decide(by=make_reviewer(), request_id=request.pk, verdicts={request.items.get().pk: accept})
    release = releases.plan(dataset=the_stack(), name="v3.1")
    results = at_once(
        lambda: objecting.raise_objection(
            by=tern, request_id=request.pk, organisation_id=NORRVIK, reason="No."
        ),
        lambda: releases.freeze(release_id=release.pk, by=None),
    )
    request.refresh_from_db()
    stands = Exclusion.objects.filter(release=release).exists()
    if errors(results):
        assert (request.state, stands, Objection.objects.count()) == ("accepted", True, 0)
    else:
        assert (request.state, stands, Objection.objects.count()) == ("in_review", False, 1)


def test_two_presses_raise_one_objection():
    requester, tern = make_owner(501, "otter-quay"), make_owner(502, "tern-hollow")
    request = request_over(requester)
    results = at_once(
        *[
            lambda: objecting.raise_objection(
                by=tern, request_id=request.pk, organisation_id=NORRVIK, reason="No."
            )
        ]
        * 2
    )
    assert [error.code for error in errors(results)] == ["objected_already"]
    assert Objection.objects.count() == 1


def test_two_workers_that_find_one_code_make_one_proof_and_two_presses_give_one_code(sandbox):
    ansel = make_persona(sandbox, "ansel-thorncroft")
    claim = claims.make_claim(by=ansel, name=parse("harrow-and-pine"))
    at_once(*[lambda: challenges.issue_for_profile(by=ansel, claim_id=claim.pk)] * 2)
    challenge = Challenge.objects.get()
    sandbox.world.edit_profile("harrow-and-pine", description=challenge.code)
    at_once(*[lambda: challenges.check(challenge_id=challenge.pk)] * 3)
    assert Proof.objects.filter(method=Proof.Method.PROFILE_CODE).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_contradiction_beside_the_freeze_is_on_the_list_and_in_doubt_or_not_on_it(attempt):
    request = reviewed_by_person(make_user(), ["otter-quay/kelp"])
    item = request.items.get()
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    services.decide(by=make_reviewer(), request_id=request.pk, verdicts={item.pk: accept})
    release = releases.plan(dataset=the_stack(), name="v3.1")
    doubt = Doubt(item.pk, item.name, 9001, 777)
    results = at_once(
        lambda: contradict(request_id=request.pk, doubts=[doubt]),
        lambda: releases.freeze(release_id=release.pk, by=None),
    )
    assert errors(results) == []
    request.refresh_from_db()
    item.refresh_from_db()
    is_listed = Exclusion.objects.filter(release=release).exists()
    assert (request.state, item.state) == ("in_review", "open")
    assert is_listed is (item.frozen_at is not None) is release.exclusions.exists()
    codes = list(request.events.values_list("code", flat=True))
    assert codes.count("contradict") == 1
    assert codes.count("freeze") == is_listed
