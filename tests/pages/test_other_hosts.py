"""Code on another host than GitHub: noted, answered honestly, and forgotten after a year."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bigcode_optout.core import clock
from bigcode_optout.removals import statements
from bigcode_optout.removals.models import RemovalRequest, Statement
from tests.builders import make_reviewer
from tests.pages.reading import text_of
from tests.pages.without_account import FORM, WRITE, confirmed, dataset, link_in, send_mails
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
# Used by being here.
__all__ = ["dataset"]


def test_code_on_another_host_is_noted_with_an_honest_answer(client):
    response = client.post(
        "/without-account/write/?case=other_host", FORM | {"names": "gitlab.com/tern/organ"}
    )
    assert response.status_code == 302
    link = link_in(send_mails()[0])
    text = text_of(client.post(link))
    assert "No version was taken from another host, so there is nothing of this to leave out." in text
    assert not RemovalRequest.objects.exists()
    [body] = send_mails()
    assert "The Stack is made from repositories on github.com" in body
    page = client.get(link_in(body))
    assert "gitlab.com/tern/organ" in text_of(page)
    client.post(link_in(body).replace("/follow/", "/take-back/"))
    assert not Statement.objects.exists()


def test_staff_read_notes_but_nothing_that_was_not_confirmed(client):
    client.post("/without-account/write/?case=other_host", FORM | {"names": "gitlab.com/tern/organ"})
    client.post(link_in(send_mails()[0]))
    client.post(WRITE, FORM | {"evidence": "Not confirmed yet.", "email": "unconfirmed@tern.example"})
    staff = Client()
    sign_in(staff, make_reviewer())
    assert "gitlab.com/tern/organ" in staff.get("/admin/removals/statement/").content.decode()
    note, unconfirmed = Statement.objects.order_by("pk")
    assert staff.get(f"/admin/removals/statement/{note.pk}/change/").status_code == 200
    assert staff.get(f"/admin/removals/statement/{unconfirmed.pk}/change/").status_code == 302
    assert "Please confirm" not in staff.get("/admin/removals/outboxmessage/").content.decode()


def test_a_note_is_kept_for_a_year(client):
    client.post("/without-account/write/?case=other_host", FORM | {"names": "gitlab.com/tern/organ"})
    client.post(link_in(send_mails()[0]))
    with time_machine.travel(clock.now() + timedelta(days=364), tick=False):
        statements.forget()
    assert Statement.objects.exists()
    with time_machine.travel(clock.now() + timedelta(days=366), tick=False):
        statements.forget()
    assert not Statement.objects.exists()


def test_another_host_beside_a_copy_on_github_is_noted_with_the_request(client):
    removal = confirmed(client, names="codeberg.org/tern/organ\ntern-hollow/reed-organ")
    assert [item.name for item in removal.items.all()] == ["tern-hollow/reed-organ"]
    assert "codeberg.org/tern/organ" in text_of(client.get(f"/requests/{removal.reference}/"))
    assert "- codeberg.org/tern/organ" in removal.mails.get(kind="received").body


def test_a_name_without_host_is_no_address_on_another_one(client):
    response = client.post("/without-account/write/?case=other_host", FORM | {"names": "tern/organ"})
    assert "does not say on which host" in text_of(response)
