"""Asking without a GitHub account: confirmed by mail, followed by a private link, never taken for shown."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from bigcode_optout.accounts.models import User
from bigcode_optout.core import clock
from bigcode_optout.removals import outbox, services, statements, tasks
from bigcode_optout.removals.models import OutboxMessage, RemovalRequest, Statement
from tests.builders import make_reviewer, make_user, submitted_request, the_stack
from tests.pages.reading import links_of, read, text_of

pytestmark = pytest.mark.django_db
WRITE = "/without-account/write/?case=lost"
FORM = {
    "names": "tern-hollow\ntern-hollow/reed-organ",
    "evidence": "My site tern.example names the account.",
    "links": "https://tern.example/about",
    "email": "tern@hollow.example",
}


@pytest.fixture(autouse=True)
def dataset(db):
    return the_stack()


def send_mails() -> list[str]:
    """Let what waits leave; the bodies of what left now."""
    mail.outbox.clear()
    for number in outbox.unsent():
        outbox.send(number)
    return [message.body for message in mail.outbox]


def link_in(body: str) -> str:
    return re.search(r"http://localhost:8000(/without-account/\S+)", body)[1]


def written(client, **changes) -> str:
    """Write the form; the path of the link that was mailed."""
    response = client.post(WRITE, FORM | changes)
    assert response.headers["Location"] == "/without-account/mailed/"
    return link_in(send_mails()[0])


def confirmed(client, **changes) -> RemovalRequest:
    """A request that was sent by the link."""
    client.post(written(client, **changes))
    return RemovalRequest.objects.get()


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
        ("email", "", "An address has an “@”"),
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
    staff.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
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


def test_the_private_link_goes_to_nobody_elses_mail(client):
    removal = confirmed(client)
    from bigcode_optout.removals.private_links import FOLLOW_MARK, body_of

    message = OutboxMessage(
        request=removal, kind="x", address="owner@else.example", subject="x", body=FOLLOW_MARK
    )
    assert body_of(message) == FOLLOW_MARK


def test_reviewers_read_what_was_written_with_links_that_carry_nothing(client):
    removal = confirmed(client)
    services.begin_review(request_id=removal.pk)
    reviewer = Client()
    reviewer.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    page = reviewer.get(f"/admin/removals/removalrequest/{removal.pk}/change/").content.decode()
    assert "I cannot sign in to the account any more" in page
    assert "My site tern.example names the account." in page
    assert 'href="https://tern.example/about" rel="nofollow noopener noreferrer"' in page
    assert "/follow/" not in page


def test_one_mailbox_is_counted_once_however_it_is_spelled(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"statement-address": "1/day"}
    for email in ("ann@b.example", "ann+1@b.example", "Ann+2@b.example"):
        assert client.post(WRITE, FORM | {"email": email}).status_code == 302
    assert Statement.objects.count() == 1


def test_names_cannot_be_looked_up_through_the_form_without_end(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"look-up": "2/minute"}
    answers = [client.post(WRITE, FORM | {"names": f"a/b{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]


def test_whoever_knew_the_browsers_session_before_is_not_let_in_with_it(client):
    session = client.session
    session.save()
    client.post(written(client))
    assert "private_requests" in client.session
    assert client.session.session_key != session.session_key
