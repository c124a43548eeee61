"""Each mail says what happened, what is next, where to look, and whom to write to."""

import pytest

from bigcode_optout.releases import services as releases
from bigcode_optout.removals import services, two_people
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, make_user, reviewed_by_person, submitted_request, the_stack
from tests.two_reviewers import make_senior

pytestmark = pytest.mark.django_db
ADDRESS = "otter@quay.example"
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DECLINE = ItemVerdict(
    Decision.Verdict.DECLINE, Decision.Reason.NO_AUTHORITY, "Only <owners> may, & you're not one."
)


@pytest.fixture
def user(settings):
    settings.SITE_URL = "https://optout.example"
    return make_user()


def mail_of(removal, kind):
    mail = removal.mails.get(kind=kind)
    assert mail.address == ADDRESS
    assert removal.reference in mail.subject
    assert f"https://optout.example/requests/{removal.reference}/\n" in mail.body
    assert "contact@bigcode-project.org" in mail.body
    assert "What happens next: " in mail.body
    assert "\n\n\n" not in mail.body
    assert "!" not in mail.subject + mail.body
    return mail


def test_received_has_number_scope_due_date_and_fingerprint(user):
    removal = submitted_request(user, ["otter-quay/kelp", "otter-quay/reef"], email=ADDRESS)
    mail = mail_of(removal, "received")
    assert mail.subject == f"We have your request {removal.reference}"
    assert "\n- otter-quay/kelp\n- otter-quay/reef\n\n" in mail.body
    assert f"You get a decision by {removal.due_at.day} {removal.due_at:%B %Y}." in mail.body
    assert removal.canonical_sha256 in mail.body


def test_many_parts_are_counted(user):
    removal = submitted_request(user, [f"otter-quay/r{number:03}" for number in range(45)], email=ADDRESS)
    body = mail_of(removal, "received").body
    assert "- otter-quay/r019\n- and 25 more, all of them named on the receipt\n" in body
    assert "otter-quay/r020" not in body


def test_a_question_is_given_as_it_was_written(user):
    removal = reviewed_by_person(user, email=ADDRESS)
    services.ask(
        by=make_reviewer(), request_id=removal.pk, question="Isn't this <yours> & theirs?\nBcc: x@y.example"
    )
    mail = mail_of(removal, "question")
    assert "Isn't this <yours> & theirs?\nBcc: x@y.example\n" in mail.body
    assert "\n" not in mail.subject


def test_accepted_tells_both_what_is_left_out_and_what_is_not(user):
    removal = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"], email=ADDRESS)
    kelp, reef = removal.items.all()
    services.decide(by=make_reviewer(), request_id=removal.pk, verdicts={kelp.pk: ACCEPT, reef.pk: DECLINE})
    body = mail_of(removal, "accepted").body
    assert body.startswith("We leave this out of the coming versions of The Stack:\n- otter-quay/kelp\n\n")
    assert "We do not leave this out:\n- otter-quay/reef: Only <owners> may, & you're not one.\n\n" in body


def test_denied_has_the_reason_and_the_way_to_a_second_look(user):
    removal = reviewed_by_person(user, email=ADDRESS)
    services.deny(by=make_reviewer(), request_id=removal.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    body = mail_of(removal, "denied").body
    assert "- otter-quay, everything: We could not see that this account or repository is yours." in body
    assert "You can ask once for a second look" in body


def test_in_release_names_the_release(user):
    release = releases.plan(dataset=the_stack(), name="v3.1")
    removal = reviewed_by_person(user, email=ADDRESS)
    verdicts = {item.pk: ACCEPT for item in removal.items.all()}
    services.decide(by=make_reviewer(), request_id=removal.pk, verdicts=verdicts)
    releases.freeze(release_id=release.pk, by=None)
    releases.hand_over(release_id=release.pk, by=None)
    mail = mail_of(removal, "in_release")
    assert mail.subject == f"Your request {removal.reference} is in the list for v3.1"
    assert "- otter-quay, everything\n" in mail.body


def test_in_release_names_what_the_list_holds_not_what_was_accepted_later(user):
    removal = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"], email=ADDRESS)
    kelp, reef = removal.items.all()
    reviewer = make_reviewer()
    services.decide(by=reviewer, request_id=removal.pk, verdicts={kelp.pk: ACCEPT})
    release = releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    proposal = two_people.propose(by=reviewer, request_id=removal.pk, verdicts={reef.pk: ACCEPT})
    two_people.confirm(by=make_reviewer("m.orr"), request_id=removal.pk, proposal_id=proposal.pk)
    releases.hand_over(release_id=release.pk, by=None)
    body = mail_of(removal, "in_release").body
    assert "otter-quay/kelp" in body
    assert "otter-quay/reef" not in body


def test_in_release_does_not_promise_later_lists_to_whoever_opted_back_in(user):
    removal = reviewed_by_person(user, email=ADDRESS)
    services.decide(by=make_reviewer(), request_id=removal.pk, verdicts={removal.items.get().pk: ACCEPT})
    release = releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    services.opt_back_in(by=user, request_id=removal.pk)
    releases.hand_over(release_id=release.pk, by=None)
    body = mail_of(removal, "in_release").body
    assert "every later version" not in body
    assert "goes on no list after v3.1" in body


def test_a_second_denial_does_not_offer_a_second_look_again(user):
    removal = reviewed_by_person(user, email=ADDRESS)
    reviewer = make_reviewer()
    services.deny(by=reviewer, request_id=removal.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    services.appeal(by=user, request_id=removal.pk, text="Please look again.")
    services.deny(by=make_senior(), request_id=removal.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    assert "You can ask once" not in removal.mails.filter(kind="denied").last().body


def test_a_mail_says_which_kinds_were_asked_for_unless_all_were(user):
    removal = submitted_request(user, email=ADDRESS, files=False, issues=False)
    assert "- otter-quay, everything (commits only)\n" in mail_of(removal, "received").body
