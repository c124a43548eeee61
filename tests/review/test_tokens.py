"""Tokens for scripts in the admin: made by release managers, shown once, revoked by a button."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from bigcode_optout.core import clock
from bigcode_optout.releases import access
from bigcode_optout.releases.models import AccessToken
from tests.review.cases import messages_of, text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
LIST = reverse("admin:releases_accesstoken_changelist")
ADD = reverse("admin:releases_accesstoken_add")


def filled(**changes):
    day = clock.today() + timedelta(days=30)
    return {"holder": "Kelp Lab", "scopes": ["list"], "last_day": day.isoformat()} | changes


def address(token: AccessToken, name: str) -> str:
    return reverse(f"admin:releases_accesstoken_{name}", args=[token.pk])


@pytest.fixture
def made(releases):
    """The page that shows a new token, and the row."""
    page = releases.post(ADD, filled(scopes=["list", "keyed"], has_accepted_terms="on"))
    return page, AccessToken.objects.get()


def test_a_token_is_shown_once_and_works(releases, manager, made):
    page, token = made
    text = page.context["text"]
    assert text in text_of(page) and "no-store" in page.headers["Cache-Control"]
    assert access.token_for(text) == token
    assert (token.created_by, token.scopes) == (manager, ("list", "keyed"))
    secret = text.removeprefix(token.prefix)
    for again in (releases.get(LIST), releases.get(address(token, "change")), releases.get(ADD)):
        assert again.status_code == 200 and secret not in text_of(again)
    assert secret not in str(dict(releases.session)) + str(list(LogEntry.objects.values()))


def test_the_list_shows_who_has_which_token_and_when_it_was_used(releases, made):
    assert access.token_for(made[0].context["text"]) is not None
    page = text_of(releases.get(LIST))
    assert made[1].prefix in page and "Kelp Lab" in page and "list, keyed" in page
    assert AccessToken.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scopes": ["keyed"]}, "accepted the terms"),
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["everything"]}, "not one of the available choices"),
        ({"holder": " "}, "This field is required"),
        ({"last_day": "2020-01-01"}, "within a year"),
        ({"last_day": "2099-01-01"}, "within a year"),
        ({"last_day": "soon"}, "Enter a valid date"),
    ],
)
def test_what_is_refused_is_said_at_the_form(releases, changes, sentence):
    page = releases.post(ADD, filled(**changes))
    assert page.status_code == 200 and sentence in text_of(page)
    assert not AccessToken.objects.exists()


def test_a_revoked_token_is_refused_at_once(releases, manager, made):
    page, token = made
    assert "Revoke this token" in text_of(releases.get(address(token, "change")))
    assert releases.get(address(token, "revoke")).status_code == 405
    answer = releases.post(address(token, "revoke"))
    assert "is revoked" in messages_of(releases, answer)
    assert access.token_for(page.context["text"]) is None
    assert AccessToken.objects.get().revoked_by == manager
    assert "Revoke this token" not in text_of(releases.get(address(token, "change")))


def test_nobody_else_makes_sees_or_revokes_tokens(desk, made):
    _, token = made
    for page in (
        desk.get(LIST),
        desk.get(ADD),
        desk.post(ADD, filled()),
        desk.post(address(token, "revoke")),
    ):
        assert page.status_code == 403
    assert AccessToken.objects.get().revoked_at is None


def test_tokens_are_neither_edited_nor_deleted(boss, made):
    _, token = made
    assert boss.post(address(token, "change"), {"holder": "Somebody"}).status_code == 403
    assert boss.post(reverse("admin:releases_accesstoken_delete", args=[token.pk])).status_code == 403
    assert AccessToken.objects.get().holder == "Kelp Lab"


def test_the_password_is_asked_for_again_before_a_token_is_made(client, manager):
    sign_in(client, manager, is_password_fresh=False)
    page = client.post(ADD, filled())
    assert page.status_code == 302 and "password" in page.url
    assert not AccessToken.objects.exists()
