"""The form without an account tells nobody what there is, and is not written or tried without end."""

import pytest
from django.test import Client

from bigcode_optout.removals.models import Statement
from tests.builders import make_user
from tests.pages.reading import text_of
from tests.pages.without_account import FORM, WRITE, confirmed, dataset, send_mails

pytestmark = pytest.mark.django_db
# Used by being here.
__all__ = ["dataset"]


def test_nobody_learns_by_asking_for_a_link_whether_there_is_a_request(client):
    removal = confirmed(client)
    send_mails()
    real = {"reference": removal.reference, "email": "tern@hollow.example"}
    answers = {
        text_of(Client().post("/without-account/new-link/", real | changes))
        for changes in ({}, {"email": "else@hollow.example"}, {"reference": "OPT-2222-2222"})
    }
    assert len(answers) == 1
    assert len(send_mails()) == 1


def test_the_answer_is_the_same_whether_anything_exists_or_not(client):
    make_user(777, "tern-hollow")
    first = Client().post(WRITE, FORM)
    second = Client().post(WRITE, FORM | {"names": "nobody-has-this-name"})
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])


def test_one_address_is_mailed_a_few_times_a_day_and_the_page_does_not_tell(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"statement-address": "1/day"}
    answers = [client.post(WRITE, FORM | {"email": email}) for email in ("a@b.example", "A@B.example")]
    assert [answer.headers["Location"] for answer in answers] == ["/without-account/mailed/"] * 2
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(("kind", "other"), [("statement", "127.0.0.1"), ("statement-network", "127.0.0.77")])
def test_one_connection_and_one_network_write_so_often(client, settings, kind, other):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {kind: "1/hour"}
    assert client.post(WRITE, FORM).status_code == 302
    assert client.post(WRITE, FORM, REMOTE_ADDR=other).status_code == 429
    assert client.post(WRITE, FORM, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_one_mailbox_is_counted_once_however_it_is_spelled(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"statement-address": "1/day"}
    for email in ("ann@b.example", "ann+1@b.example", "Ann+2@b.example"):
        assert client.post(WRITE, FORM | {"email": email}).status_code == 302
    assert Statement.objects.count() == 1


def test_names_cannot_be_looked_up_through_the_form_without_end(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"look-up": "2/minute"}
    answers = [client.post(WRITE, FORM | {"names": f"a/b{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
