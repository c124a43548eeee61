"""The seven days in which the owners of a large organisation may object, and what follows from them."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import Claim
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import objecting, outbox, owners, reassessing, services, tasks, windows
from bigcode_optout.removals.models import ObjectionWindow, OutboxMessage, RemovalRequest
from tests.builders import make_persona, make_reviewer, processed_request, submitted_request
from tests.removals.owning import NORRVIK, make_owner, owner_claim_of

pytestmark = pytest.mark.django_db
SKERRY = "skerry-archive"


@pytest.fixture
def world(sandbox, settings):
    """The stand-in; any organisation is large, whatever was located."""
    settings.LARGE_ORGANISATION_REPOSITORIES = 0
    return sandbox


def owner(world, login):
    user = make_persona(world, login)
    owner_claim_of(user, organisation_id=world.world.account(SKERRY).id, name=SKERRY)
    return user


def asked_by(user, **options) -> RemovalRequest:
    return processed_request(user, claim=Claim.objects.get(user=user, kind="organisation"), **options)


def known_by_mail(world, login="tobin-ashgrove", email="tobin@ashgrove.example"):
    """A co-owner who gave an address with a request of their own, about something else."""
    user = owner(world, login)
    submitted_request(user, email=email)
    return user


def pass_days(request: RemovalRequest, days: int = 8) -> None:
    """Let the mails leave, and look again after so many days."""
    for message_id in outbox.unsent():
        outbox.send(message_id)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days)):
        tasks.watch_owners()
    request.refresh_from_db()


def guards(request: RemovalRequest) -> list[str]:
    return request.items.get().assessment["guards"]


def test_a_large_organisations_known_owners_are_told_what_is_asked_and_not_who_asks(world):
    tobin = known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"), email="maren@holloway.example")
    assert guards(request) == ["large_organisation"]
    window = request.windows.get()
    assert (window.notified, window.outcome) == ([tobin.pk], "")
    assert window.ends_at - window.opened_at == dt.timedelta(days=7)
    mail = window.notices.get()
    assert (mail.address, mail.kind) == ("tobin@ashgrove.example", "co_owner_notice")
    assert "skerry-archive, everything" in mail.body
    assert "/organisations/31208877/" in mail.body
    assert "maren" not in mail.subject + mail.body and request.reference not in mail.body


def test_when_nobody_objects_in_time_the_guard_falls_and_a_reviewer_or_the_policy_goes_on(world):
    known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    pass_days(request, days=6)
    assert guards(request) == ["large_organisation"]
    pass_days(request)
    assert request.windows.get().outcome == ObjectionWindow.Outcome.PASSED
    assert (guards(request), request.state) == ([], "in_review")


def test_with_its_switch_on_the_policy_accepts_by_the_rule_of_the_window(world, settings):
    settings.POLICY_ACCEPTS = {**settings.POLICY_ACCEPTS, "large_organisation": True}
    known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    pass_days(request)
    assert request.state == "accepted"
    assert request.items.get().decisions.get().rule == owners.WINDOW_RULE


def test_where_no_other_owner_is_known_no_window_opens(world):
    request = asked_by(owner(world, "maren-holloway"))
    assert guards(request) == ["large_organisation"]
    assert not request.windows.exists()
    pass_days(request)
    assert guards(request) == ["large_organisation"]


def test_a_window_of_which_no_owner_could_be_told_by_mail_is_not_enough(world):
    tobin = owner(world, "tobin-ashgrove")
    request = asked_by(owner(world, "maren-holloway"))
    assert request.windows.get().notified == [tobin.pk]
    pass_days(request)
    assert request.windows.get().outcome == ObjectionWindow.Outcome.NOBODY_TOLD
    assert guards(request) == ["large_organisation"]


def test_a_mail_that_never_left_told_nobody(world, settings):
    known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    OutboxMessage.objects.update(lease_until=dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    pass_days(request)
    assert request.windows.get().outcome == ObjectionWindow.Outcome.NOBODY_TOLD


def test_an_objection_closes_the_window_and_no_rule_accepts(world, settings):
    settings.POLICY_ACCEPTS = {**settings.POLICY_ACCEPTS, "large_organisation": True}
    tobin = known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    organisation_id = request.items.get().claim.subject_id
    objecting.raise_objection(
        by=tobin, request_id=request.pk, organisation_id=organisation_id, reason="Not all of it."
    )
    assert request.windows.get().outcome == ObjectionWindow.Outcome.OBJECTED
    pass_days(request)
    assert request.state == "in_review"
    assert guards(request) == ["large_organisation"]


def test_a_request_that_ends_before_needs_no_window_any_more(world):
    known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    services.withdraw(by=request.requester, request_id=request.pk)
    tasks.watch_owners()
    assert request.windows.get().outcome == ObjectionWindow.Outcome.NOT_NEEDED


def test_closing_twice_and_opening_twice_change_nothing(world):
    known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    assert windows.open_where_needed(request_id=request.pk) == []
    pass_days(request)
    events = request.events.count()
    windows.close(window_id=request.windows.get().pk)
    tasks.watch_owners()
    assert request.events.count() == events


def test_what_a_reviewer_has_asked_about_no_rule_accepts_later(world, settings):
    settings.POLICY_ACCEPTS = {**settings.POLICY_ACCEPTS, "large_organisation": True}
    known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    services.ask(by=make_reviewer(), request_id=request.pk, question="Do the others know?")
    services.answer(by=request.requester, request_id=request.pk, text="Yes.")
    pass_days(request)
    assert (request.state, guards(request)) == ("in_review", [])


def test_a_sign_in_is_no_news_and_news_that_nobody_rang_for_is_found(world):
    request = asked_by(owner(world, "maren-holloway"))
    assert reassessing.waiting() == []
    owner_claim_of(request.requester, organisation_id=request.items.get().claim.subject_id, name=SKERRY)
    assert reassessing.waiting() == [request.pk]
    tasks.watch_owners()
    assert reassessing.waiting() == []
    assert request.events.get(code="new_evidence").data["what"] == "membership"


def test_owners_of_another_organisation_are_told_nothing(world):
    other = make_owner(777, "reed-bank", organisation_id=NORRVIK)
    submitted_request(other, email="reed@bank.example")
    request = asked_by(owner(world, "maren-holloway"))
    assert not request.windows.exists()
    assert not OutboxMessage.objects.filter(kind="co_owner_notice").exists()


def test_an_owner_who_turns_out_to_be_the_one_who_asks_was_not_another_one(world):
    tobin = known_by_mail(world)
    request = asked_by(owner(world, "maren-holloway"))
    tobin.same_person_as = request.requester
    tobin.save()
    pass_days(request)
    assert request.windows.get().outcome == "nobody_told"


def test_a_request_under_the_former_name_of_a_large_organisation_is_told_to_its_owners(world):
    tobin = known_by_mail(world)
    maren = owner(world, "maren-holloway")
    present = Claim.objects.get(user=maren, kind="organisation")
    former = claim_former_login(by=maren, claim_id=present.pk, name=parse_owner("old-skerry"))
    request = processed_request(maren, claim=former)
    assert "large_organisation" in guards(request)
    assert (request.windows.get().claim, request.windows.get().notified) == (present, [tobin.pk])
