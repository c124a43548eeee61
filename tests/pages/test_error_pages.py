"""What went wrong is said in a page of ours, with the way on."""

import pytest
from django.test import Client
from django.urls import include, path

from bigcode_optout.core import errors
from tests.builders import make_user
from tests.pages.reading import links_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.once]


def refuse(request, kind):
    kinds = {
        "refused": errors.Refused,
        "forbidden": errors.Forbidden,
        "missing": errors.Missing,
        "conflict": errors.Conflict,
    }
    raise kinds[kind]("code", "This is the <b>sentence</b>.")


def too_many(request):
    raise errors.TooMany("code", "Please wait.", retry_after=42)


def broken(request):
    raise RuntimeError("a secret of ours")


urlpatterns = [
    path("provoke/too-many/", too_many),
    path("provoke/broken/", broken),
    path("provoke/<str:kind>/", refuse),
    path("", include("bigcode_optout.urls")),
]


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("refused", 400, "We could not do that"),
        ("forbidden", 403, "You may not do this"),
        ("missing", 404, "There is nothing here"),
        ("conflict", 409, "This is not possible any more"),
    ],
)
def test_a_domain_error_shows_its_sentence_with_its_status(client, kind, status, title):
    page = client.get(f"/provoke/{kind}/")
    assert page.status_code == status
    assert f"{title} This is the <b>sentence</b>." in text_of(page)
    assert b"<b>sentence" not in page.content


def test_too_many_says_when_to_come_back(client):
    page = client.get("/provoke/too-many/")
    assert (page.status_code, page["Retry-After"]) == (429, "42")
    assert "Please wait." in text_of(page)


def test_an_unknown_address_is_a_page_with_the_way_on(client):
    page = client.get("/there/is/no/such/page")
    assert page.status_code == 404
    assert "There is no such page" in text_of(page)
    assert {"/", "/sign-in/"} <= set(links_of(page))
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert "/requests/" in links_of(client.get("/there/is/no/such/page"))


def test_a_fault_of_ours_says_so_and_nothing_of_its_inside():
    page = Client(raise_request_exception=False).get("/provoke/broken/")
    assert page.status_code == 500
    assert "Something broke on our side" in text_of(page)
    assert "contact@bigcode-project.org" in text_of(page)
    assert b"secret of ours" not in page.content


def test_a_form_without_its_token_is_told_what_to_do():
    page = Client(enforce_csrf_checks=True).post("/sign-out/")
    assert page.status_code == 403
    assert "This page was open too long" in text_of(page)


def test_a_strange_host_is_refused_in_a_page_of_ours(client):
    page = client.get("/", headers={"host": "somebody-else.example"})
    assert page.status_code == 400
    assert "We could not read that" in text_of(page)
