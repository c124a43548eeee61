"""What an owner sees of the requests of others over the organisation, and objecting."""

import pytest
from django.test import Client

from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision, Objection
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, make_user
from tests.pages.reading import links_of, read, text_of
from tests.removals.owning import NORRVIK, make_owner, request_over

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = f"/organisations/{NORRVIK}/"


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def asked():
    return request_over(make_owner(501, "otter-quay"), email="otter@quay.example")


@pytest.fixture
def tern(asked):
    return browser(make_owner(502, "tern-hollow"))


def objecting(asked) -> str:
    return f"{PAGE}requests/{asked.pk}/object/"


def test_an_owner_is_told_on_the_first_page_and_sees_scope_and_date_but_not_who(asked, tern):
    home = tern.get("/requests/")
    assert read(home).faults == []
    assert "1 request of somebody else over norrvik." in text_of(home)
    assert PAGE in links_of(home)
    page = tern.get(PAGE)
    assert read(page).faults == []
    assert "Everything under norrvik" in text_of(page)
    for response in (home, page, tern.get(objecting(asked))):
        for word in ("otter", asked.reference, "501"):
            assert word not in response.content.decode()


def test_who_asks_and_who_has_nothing_to_do_with_it_see_no_such_page(asked):
    assert "of somebody else" not in text_of(browser(asked.requester).get("/requests/"))
    assert "Nobody else asks" in text_of(browser(asked.requester).get(PAGE))
    stranger = browser(make_user(503, "gull-light"))
    assert stranger.get(PAGE).status_code == 404
    assert text_of(stranger.get(PAGE)) == text_of(stranger.get("/organisations/4/"))
    assert stranger.get(objecting(asked)).status_code == 404
    assert stranger.post(objecting(asked), {"reason": "x"}).status_code == 404
    assert Client().get(PAGE).headers["Location"].startswith("/sign-in/")


def test_an_objection_is_sent_seen_and_taken_back(asked, tern):
    empty = tern.post(objecting(asked), {"reason": " "})
    assert empty.status_code == 400 and read(empty).faults == []
    assert text_of(empty).count("Write why you object.") == 2
    done = tern.post(objecting(asked), {"reason": "It is ours together."}, follow=True)
    assert "We have your objection." in text_of(done)
    again = tern.get(objecting(asked))
    assert again.status_code == 409
    status = text_of(browser(asked.requester).get(f"/requests/{asked.reference}/"))
    assert "Another owner objected" in status
    assert "together" not in status and "tern" not in status
    objection = Objection.objects.get()
    back = tern.post(f"/objections/{objection.pk}/take-back/", follow=True)
    assert "Your objection is taken back." in text_of(back)
    assert "The objection was taken back" in text_of(
        browser(asked.requester).get(f"/requests/{asked.reference}/")
    )


def test_nobody_takes_back_somebody_elses_objection(asked, tern):
    tern.post(objecting(asked), {"reason": "No."})
    objection = Objection.objects.get()
    assert browser(asked.requester).post(f"/objections/{objection.pk}/take-back/").status_code == 404
    assert tern.get(f"/objections/{objection.pk}/take-back/").status_code == 405


def test_an_accepted_request_is_shown_as_such_until_the_freeze(asked, tern):
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    services.decide(by=make_reviewer(), request_id=asked.pk, verdicts={asked.items.get().pk: accept})
    assert "Accepted" in text_of(tern.get(PAGE))
    assert "it is open again" in text_of(tern.get(objecting(asked)))
    asked.items.update(frozen_at=asked.submitted_at)
    assert "Nobody else asks" in text_of(tern.get(PAGE))
    assert tern.get(objecting(asked)).status_code == 404


def test_forms_of_other_sites_and_too_many_are_refused(asked, tern, settings):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_owner(505, "reed-bank"), backend=BACKEND)
    assert strict.post(objecting(asked), {"reason": "x"}).status_code == 403
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "owners": "2/hour"}
    assert [tern.post(objecting(asked), {"reason": ""}).status_code for _ in range(3)] == [400, 400, 429]
    assert not Objection.objects.exists()


def test_the_page_costs_the_same_for_one_request_as_for_many(client, django_assert_max_num_queries):
    owner = make_owner(502, "tern-hollow")
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    for number in range(5):
        request_over(make_owner(600 + number, f"asker-{number}"))
    with django_assert_max_num_queries(14):
        response = client.get(f"/organisations/{NORRVIK}/")
    assert response.status_code == 200
