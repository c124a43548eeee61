"""The private link of who asked without an account: what it opens, for how long, and for nobody else."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bigcode_optout.core import clock
from bigcode_optout.removals import services
from bigcode_optout.removals.models import OutboxMessage, RemovalRequest, Statement
from tests.builders import make_reviewer, make_user, submitted_request
from tests.pages.reading import read, text_of
from tests.pages.without_account import confirmed, dataset, link_in, send_mails, written

pytestmark = pytest.mark.django_db
# Used by being here.
__all__ = ["dataset"]


@pytest.mark.parametrize("kind", ["confirm", "follow"])
def test_no_row_holds_a_link_that_works(client, kind):
    link = written(client)
    if kind == "follow":
        client.post(link)
        link = link_in(send_mails()[0])
    code = link.rstrip("/").rpartition("/")[2]
    assert re.fullmatch("[0-9a-f]{64}", code)
    statement = Statement.objects.get()
    stored = [str(value) for value in vars(statement).values()]
    stored += [message.body for message in OutboxMessage.objects.all()]
    stored += [str(client.session.items())]
    assert not any(code in text for text in stored)


def test_a_guessed_link_is_nothing(client):
    link = written(client)
    statement = Statement.objects.get()
    for path in (
        f"/without-account/{statement.pk}/confirm/{'0' * 64}/",
        f"/without-account/{statement.pk}/confirm/-/",
    ):
        assert client.post(path).status_code == 404
    assert client.post(link.replace("/confirm/", "/follow/")).status_code == 405
    assert client.get(link.replace("/confirm/", "/follow/")).status_code == 404
    assert not RemovalRequest.objects.exists()


def test_the_private_link_opens_that_request_and_nothing_else(client):
    removal = confirmed(client)
    other = submitted_request(make_user())
    link = link_in(send_mails()[0])
    sender = Client()
    response = sender.get(link)
    assert response.headers["Location"] == f"/requests/{removal.reference}/"
    page = sender.get(response.headers["Location"])
    assert (page.status_code, read(page).faults) == (200, [])
    for address in ("receipt/", "receipt.json", "withdraw/", "sent/", "progress/"):
        assert sender.get(f"/requests/{removal.reference}/{address}").status_code in (200, 286)
    assert sender.get(f"/requests/{other.reference}/").headers["Location"].startswith("/sign-in/")
    assert sender.get("/requests/").headers["Location"].startswith("/sign-in/")
    assert sender.get("/account/").headers["Location"].startswith("/sign-in/")


def test_somebody_signed_in_keeps_their_own_pages_beside_it(client):
    removal = confirmed(client)
    mine = submitted_request(make_user())
    client.force_login(mine.requester, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(link_in(send_mails()[0]))
    assert client.get(f"/requests/{removal.reference}/").status_code == 200
    assert client.get(f"/requests/{mine.reference}/").status_code == 200
    assert removal.reference not in text_of(client.get("/requests/"))


def test_a_browser_is_let_in_for_twelve_hours_or_until_it_is_closed(client):
    removal = confirmed(client)
    page = f"/requests/{removal.reference}/"
    with time_machine.travel(clock.now() + timedelta(hours=13), tick=False):
        assert client.get(page).status_code == 302
    assert client.get(page).status_code == 200
    client.post(f"{page}leave/")
    assert client.get(page).status_code == 302


def test_the_sender_answers_a_question_and_withdraws(client):
    removal = confirmed(client)
    services.begin_review(request_id=removal.pk)
    services.ask(by=make_reviewer(), request_id=removal.pk, question="Which key?")
    body = next(body for body in send_mails() if "Which key?" in body)
    assert "/follow/" in link_in(body)
    page = f"/requests/{removal.reference}/"
    assert "Which key?" in text_of(client.get(page))
    client.post(f"{page}answer/", {"answer": "The one of 2014."})
    removal.refresh_from_db()
    assert removal.state == "in_review"
    client.post(f"{page}withdraw/")
    removal.refresh_from_db()
    assert removal.state == "withdrawn"


def test_a_stranger_can_do_nothing_to_it(client):
    removal = confirmed(client)
    stranger = Client()
    signed_in = make_user()
    for _ in range(2):
        for address in ("withdraw/", "answer/", "appeal/", "opt-back-in/"):
            response = stranger.post(
                f"/requests/{removal.reference}/{address}", {"answer": "x", "appeal": "x"}
            )
            assert response.status_code in (302, 404)
        stranger.force_login(signed_in, backend="allauth.account.auth_backends.AuthenticationBackend")
    removal.refresh_from_db()
    assert removal.state == "submitted"


def test_a_new_link_is_mailed_and_the_old_one_and_its_sessions_end(client):
    removal = confirmed(client)
    old = link_in(send_mails()[0])
    response = Client().post(
        "/without-account/new-link/", {"reference": removal.reference.lower(), "email": "TERN@hollow.example"}
    )
    assert "If there is such a request" in text_of(response)
    new = link_in(send_mails()[0])
    assert new != old
    assert Client().get(old).status_code == 404
    assert client.get(f"/requests/{removal.reference}/").status_code == 302
    assert Client().get(new).status_code == 302


def test_the_private_link_goes_to_nobody_elses_mail(client):
    removal = confirmed(client)
    from bigcode_optout.removals.private_links import FOLLOW_MARK, body_of

    message = OutboxMessage(
        request=removal, kind="x", address="owner@else.example", subject="x", body=FOLLOW_MARK
    )
    assert body_of(message) == FOLLOW_MARK


def test_whoever_knew_the_browsers_session_before_is_not_let_in_with_it(client):
    session = client.session
    session.save()
    client.post(written(client))
    assert "private_requests" in client.session
    assert client.session.session_key != session.session_key
