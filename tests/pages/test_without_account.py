"""Asking without a GitHub account: written, confirmed by mail, then a request that is never taken for shown."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.removals import services, tasks
from bigcode_optout.removals.models import Decision, OutboxMessage, RemovalRequest, Statement
from bigcode_optout.removals.settling import ItemVerdict
from tests.builders import make_reviewer, make_user, submitted_request
from tests.pages.reading import links_of, read, text_of
from tests.pages.without_account import FORM, WRITE, confirmed, dataset, link_in, send_mails, written
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
# Used by being here.
__all__ = ["dataset"]


def test_each_case_has_its_page(client):
    page = client.get("/without-account/")
    assert read(page).faults == []
    for case in ("lost", "deleted", "deceased", "other_host"):
        response = client.get(f"/without-account/write/?case={case}")
        assert (response.status_code, read(response).faults) == (200, [])
        assert "beginning with https:// or http://" in text_of(response)


@pytest.mark.parametrize("address", ["/without-account/write/", "/without-account/write/?case=mine"])
def test_without_a_case_the_page_asks_for_one(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert "Choose which of these it is." in text_of(response)


def test_nothing_enters_the_queue_before_the_link_was_followed_and_the_button_pressed(client):
    link = written(client)
    assert "Send the request" in text_of(client.get(link))
    assert not RemovalRequest.objects.exists()
    assert not User.objects.exists()


def test_the_page_before_sending_has_it_word_for_word(client):
    response = client.get(written(client, evidence="Look: <b>mine</b>\nsince 2014"))
    text = text_of(response)
    assert read(response).faults == []
    assert "tern-hollow, everything tern-hollow/reed-organ" in text
    assert "Look: <b>mine</b> since 2014 https://tern.example/about" in text
    assert "It counts as not shown." in text
    assert "https://tern.example/about" not in links_of(response)


def test_sending_makes_an_ordinary_request_of_a_person_without_account(client):
    link = written(client)
    response = client.post(link)
    removal = RemovalRequest.objects.get()
    assert response.headers["Location"] == f"/requests/{removal.reference}/sent/"
    assert (removal.state, removal.email) == ("submitted", "tern@hollow.example")
    assert [str(item) for item in removal.items.all()] == [
        "tern-hollow, everything",
        "tern-hollow/reed-organ",
    ]
    user = removal.requester
    assert re.fullmatch("form-[0-9a-f]{16}", user.username)
    assert (user.is_active, user.has_usable_password(), user.identities.count()) == (False, False, 0)
    assert "requester: without a GitHub account\n" in removal.canonical_text
    text = text_of(client.get(response.headers["Location"]))
    assert "You asked without a GitHub account, so it counts as not shown" in text
    assert "at once" not in text


@pytest.mark.parametrize(("case", "ends"), [("lost", False), ("deceased", False), ("deleted", True)])
def test_the_name_of_a_deleted_account_ends_with_the_day_it_was_sent(client, case, ends):
    client.post(f"/without-account/write/?case={case}", FORM)
    client.post(link_in(send_mails()[0]))
    last_days = {item.name_valid_until for item in RemovalRequest.objects.get().items.all()}
    assert last_days == {clock.today() if ends else None}


def test_the_decision_comes_in_the_language_of_the_browser_that_sent_it(client):
    client.post(written(client), headers={"Accept-Language": "de-AT,de;q=0.9"})
    removal = RemovalRequest.objects.get()
    services.begin_review(request_id=removal.pk)
    declined = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)
    verdicts = dict.fromkeys(removal.items.values_list("pk", flat=True), declined)
    services.decide(by=make_reviewer(), request_id=removal.pk, verdicts=verdicts)
    sentence = "Wir konnten nicht sehen"
    assert sentence in send_mails()[-1]
    assert sentence in text_of(client.get(f"/requests/{removal.reference}/"))


def test_the_address_is_kept_once(client):
    confirmed(client)
    assert Statement.objects.get().email == ""


def test_the_link_works_once(client):
    link = written(client)
    client.post(link)
    again = Client().post(link)
    assert (again.status_code, Client().get(link).status_code) == (404, 404)
    assert "was used before, or is too old" in text_of(again)
    assert RemovalRequest.objects.count() == 1


def test_the_link_ends_after_seven_days_and_what_was_written_is_gone(client):
    link = written(client)
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert client.post(link).status_code == 404
        tasks.expire()
    assert not Statement.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_it_is_kept_until_then(client):
    written(client)
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23), tick=False):
        tasks.expire()
    assert Statement.objects.exists()


def test_sending_needs_the_forms_token(client):
    link = written(client)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    assert strict.post(WRITE, FORM).status_code == 403


def test_it_is_located_by_name_and_left_to_a_reviewer_as_not_shown(client, sandbox, tmp_path):
    from tests.builders import make_index

    make_index(tmp_path, [("tern-hollow/reed-organ", 9001, 100), ("somebody/else", 9002, 5)])
    removal = confirmed(client)
    tasks.process(removal.pk)
    removal.refresh_from_db()
    assert removal.state == "in_review"
    for item in removal.items.all():
        assert (item.proof_state, item.owner_id, item.repository_id) == ("unproven", None, None)
        assert "no_account" in item.assessment["guards"]
        assert [row.full_name for row in item.located.all()] == ["tern-hollow/reed-organ"]
    text = text_of(client.get(f"/requests/{removal.reference}/"))
    assert "It was asked for without a GitHub account, so GitHub cannot show whose it is." in text
    assert "Nothing about it is shown by a machine." in text


def test_a_request_without_account_neither_holds_up_nor_shows_itself_to_the_owner(client):
    confirmed(client, names="otter-quay")
    owner = make_user()
    mine = submitted_request(owner)
    assert services.begin_review(request_id=mine.pk).state == "in_review"
    signed_in = Client()
    signed_in.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert RemovalRequest.objects.exclude(pk=mine.pk).get().reference not in text_of(
        signed_in.get("/requests/")
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("names", "", "Name what should be left out."),
        ("names", "tern*", "a wildcard"),
        ("names", "ghost", "nobody’s name"),
        ("names", "settings", "one of GitHub’s own pages"),
        ("names", "me@tern.example", "is an e-mail address"),
        ("names", "\n".join(f"tern-{number}" for number in range(21)), "These are 21 names. Up to 20 fit."),
        ("evidence", "  ", "Write what shows that it is yours"),
        ("evidence", "x" * 4001, "4,001 characters"),
        ("links", "javascript:alert(1)", "is not an address with https:// or http://"),
        ("links", "ftp://tern.example/", "is not an address with https:// or http://"),
        ("links", "https://user:word@tern.example/", "is not an address with https:// or http://"),
        ("email", "tern", "An address has an “@”"),
        ("email", "", "Write your e-mail address."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_in_the_summary(client, field, value, sentence):
    response = client.post(WRITE, FORM | {field: value})
    assert response.status_code == 400
    assert text_of(response).count(sentence) == 2
    assert f"#{field}" in links_of(response)
    assert not Statement.objects.exists()


def test_no_file_can_be_sent(client):
    assert 'type="file"' not in client.get(WRITE).content.decode()
    assert "multipart" not in client.get(WRITE).content.decode()


def test_a_name_one_letter_beside_the_dataset_is_asked_about_once(client, tmp_path):
    from tests.builders import make_index

    make_index(tmp_path, [("tern-hollow/reed-organ", 9001, 100)])
    slip = FORM | {"names": "tern-hollow/reed-orgna"}
    response = client.post(WRITE, slip)
    assert "Did you mean tern-hollow/reed-organ?" in text_of(response)
    assert "The names are right as they stand" in text_of(response)
    assert client.post(WRITE, slip | {"sure": "on"}).status_code == 302
    assert Statement.objects.get().names == ["tern-hollow/reed-orgna"]


def test_reviewers_read_what_was_written_with_links_that_carry_nothing(client):
    removal = confirmed(client)
    services.begin_review(request_id=removal.pk)
    reviewer = Client()
    sign_in(reviewer, make_reviewer())
    page = reviewer.get(f"/admin/removals/removalrequest/{removal.pk}/change/").content.decode()
    assert "I cannot sign in to the account any more" in page
    assert "My site tern.example names the account." in page
    assert 'href="https://tern.example/about" rel="nofollow noopener noreferrer"' in page
    assert "/follow/" not in page
