"""A reviewer who asked through GitHub is the same human: neither decides nor reads along."""

import pytest
from django.urls import reverse

from bigcode_optout.core.errors import Forbidden
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, make_user, reviewed_by_person
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)


@pytest.fixture
def request_of_a_reviewer():
    person, reviewer = make_user(), make_reviewer()
    reviewer.same_person_as = person
    reviewer.save()
    return reviewed_by_person(person), reviewer


def test_nobody_decides_on_what_they_asked_under_their_other_sign_in(request_of_a_reviewer):
    request, reviewer = request_of_a_reviewer
    with pytest.raises(Forbidden, match="own request"):
        services.decide(by=reviewer, request_id=request.pk, verdicts={request.items.get().pk: ACCEPT})
    with pytest.raises(Forbidden):
        services.add_note(by=reviewer, request_id=request.pk, text="Fine by me.")


def test_nobody_withdraws_for_their_other_sign_in(request_of_a_reviewer):
    request, reviewer = request_of_a_reviewer
    with pytest.raises(Forbidden):
        services.withdraw(by=reviewer, request_id=request.pk)


def test_internal_notes_are_hidden_from_who_asked(request_of_a_reviewer, client):
    request, reviewer = request_of_a_reviewer
    services.add_note(by=make_reviewer("j.amadi"), request_id=request.pk, text="Looks like a colleague.")
    sign_in(client, reviewer)
    page = client.get(reverse("admin:removals_removalrequest_change", args=[request.pk])).content.decode()
    assert "This is your own request" in page
    assert "Looks like a colleague." not in page


def test_a_staff_session_ends_after_a_working_day(client):
    make_reviewer()
    client.post(
        reverse("admin:login"), {"username": "e.thorne", "password": "a long pass phrase", "next": "/admin/"}
    )
    assert client.session.get_expiry_age() <= 8 * 3600


def test_tries_on_one_user_name_are_counted_wherever_they_come_from(client):
    make_reviewer()
    answers = [
        client.post(
            reverse("admin:login"),
            {"username": "E.Thorne", "password": "wrong"},
            REMOTE_ADDR=f"203.0.113.{number}",
        ).status_code
        for number in range(31)
    ]
    assert answers[-1] == 429 and set(answers[:-1]) == {200}
