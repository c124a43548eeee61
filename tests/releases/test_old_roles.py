"""Roles that were shown long ago stand; their people are asked once to show them again."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.core import clock
from bigcode_optout.releases import preparing, readiness, services, tasks
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_persona, make_reviewer, processed_request
from tests.releases.builders import planned
from tests.removals.owning import make_owner, owner_claim_of, request_over

pytestmark = pytest.mark.django_db
ORGANISATION = "norrvik-instruments"
LATER = dt.timedelta(days=181)


@pytest.fixture
def accepted(sandbox, settings):
    """A request over an organisation of the stand-in, accepted by a reviewer."""
    settings.SITE_URL = "https://optout.example"
    number = sandbox.world.account(ORGANISATION).id
    user = make_owner(501, "otter-quay", organisation_id=number, name=ORGANISATION)
    request = request_over(user, email="otter@quay.example")
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    verdicts = {item.pk: accept for item in request.items.all()}
    return removals.decide(by=make_reviewer(), request_id=request.pk, verdicts=verdicts)


def prepare(release):
    last = preparing.begin(release_id=release.pk, by=None)
    tasks.prepare(last.pk)
    last.refresh_from_db()
    assert last.finished_at
    return last


def test_an_old_role_is_listed_and_its_person_is_asked_once(accepted):
    with time_machine.travel(clock.now() + LATER):
        release = planned()
        prepare(release)
        role = readiness.old_roles_of(release)[0]
        assert (role.proof.claim.name, role.item.request, role.is_invited) == (ORGANISATION, accepted, True)
        mail = accepted.mails.get(kind="invite_to_confirm")
        assert mail.subject == f"Please show your role once more for your request {accepted.reference}"
        assert f"- {ORGANISATION}, organisation\n" in mail.body
        assert f"https://optout.example/requests/new/organisation/?name={ORGANISATION}\n" in mail.body
        assert "If you do nothing, nothing changes." in mail.body
        prepare(release)
    assert accepted.mails.filter(kind="invite_to_confirm").count() == 1
    accepted.refresh_from_db()
    assert accepted.state == "accepted"


def test_the_same_old_role_behind_two_requests_is_asked_about_once(accepted):
    second = request_over(accepted.requester, email="otter@quay.example")
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    verdicts = {item.pk: accept for item in second.items.all()}
    removals.decide(by=make_reviewer("m.okafor"), request_id=second.pk, verdicts=verdicts)
    with time_machine.travel(clock.now() + LATER):
        prepare(planned())
    assert [one.mails.filter(kind="invite_to_confirm").count() for one in (accepted, second)] == [1, 0]


def test_a_role_that_was_shown_again_is_not_old(accepted, sandbox):
    number = sandbox.world.account(ORGANISATION).id
    with time_machine.travel(clock.now() + LATER):
        owner_claim_of(accepted.requester, organisation_id=number, name=ORGANISATION)
        release = planned()
        prepare(release)
        assert readiness.old_roles_of(release) == []
    assert not accepted.mails.filter(kind="invite_to_confirm").exists()


def test_a_sign_in_of_long_ago_is_no_role(sandbox):
    request = processed_request(make_persona(sandbox, "quillon-marsh"), email="quillon@saltmarsh.example")
    if request.state != "accepted":
        accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
        verdicts = {item.pk: accept for item in request.items.all()}
        removals.decide(by=make_reviewer(), request_id=request.pk, verdicts=verdicts)
    with time_machine.travel(clock.now() + LATER):
        assert Proof.objects.filter(method="sign_in", expires_at__lt=clock.now()).exists()
        release = planned()
        prepare(release)
        assert readiness.old_roles_of(release) == []
    assert not request.mails.filter(kind="invite_to_confirm").exists()


def test_the_list_has_what_stands_on_an_old_role(accepted):
    with time_machine.travel(clock.now() + LATER):
        release = planned()
        prepare(release)
        services.freeze(release_id=release.pk, by=None)
    assert release.exclusions.filter(kind="owner", name=ORGANISATION).exists()
    assert Claim.objects.filter(kind="organisation").count() == 1
