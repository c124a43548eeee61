"""Step 2: everything optional, and what is wrong is said where it is."""

import pytest

from bigcode_optout.removals.drafting import draft_of
from tests.builders import make_draft, the_stack
from tests.pages.reading import read, text_of

PAGE = "/requests/new/details/"


@pytest.fixture
def draft(requester):
    return make_draft(requester)


def test_without_a_draft_one_is_sent_to_step_one(requester, client):
    assert client.get(PAGE).headers["Location"] == "/requests/new/"
    assert client.post(PAGE, {}).headers["Location"] == "/requests/new/"


def test_all_of_it_may_be_left_empty(draft, client, requester):
    assert read(client.get(PAGE)).faults == []
    assert (
        client.post(PAGE, {"ground": "", "message": "", "email": ""}).headers["Location"]
        == "/requests/new/check/"
    )
    assert client.post(PAGE, {}).headers["Location"] == "/requests/new/check/"


def test_what_was_written_is_kept_and_shown_again(draft, client, requester):
    fields = {"ground": "licence", "message": " One\r\nTwo ", "email": " otter@quay.example "}
    client.post(PAGE, fields)
    kept = draft_of(requester, the_stack())
    assert (kept.ground, kept.message, kept.email) == ("licence", "One\nTwo", "otter@quay.example")
    page = client.get(PAGE)
    assert "One\nTwo" in page.content.decode()
    checked = [
        attributes["value"]
        for tag, attributes in read(page).tags
        if tag == "input" and "checked" in attributes
    ]
    assert checked == ["licence"]


def test_a_message_is_measured_without_the_browsers_line_ends(draft, client):
    assert client.post(PAGE, {"message": "a\r\n" * 1000}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "quillon.saltmarsh.example", "An address has an “@”, as in name@example.org."),
        ("email", "a@b", "This is not an e-mail address. One looks like name@example.org."),
        ("email", "a@b.example\nBcc: c@d.example", "This is not an e-mail address."),
        ("message", "x" * 2001, "This has 2,001 characters. Up to 2,000 fit."),
        ("ground", "because", "Choose one of the reasons, or none."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_above(draft, client, requester, field, value, sentence):
    response = client.post(PAGE, {field: value})
    assert response.status_code == 400
    assert text_of(response).count(sentence) == 2
    found = read(response)
    assert found.faults == []
    assert f"#{field}" in [attributes.get("href") for tag, attributes in found.tags if tag == "a"]
    assert field in [attributes.get("id") for _, attributes in found.tags]
    assert "Error: Anything we should know?" in text_of(response)
    assert draft_of(requester, the_stack()).email == ""


def test_two_wrong_things_are_counted(draft, client):
    text = text_of(client.post(PAGE, {"email": "x", "message": "x" * 2001}))
    assert "Two things need another look" in text
