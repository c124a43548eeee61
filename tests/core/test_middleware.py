"""Request ids, log lines, domain errors as pages, and the headers that every answer has."""

import logging

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.addresses")]


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("refused", 400, "This cannot be &lt;b&gt;taken&lt;/b&gt;."),
        ("forbidden", 403, "You may not."),
        ("missing", 404, "There is none."),
        ("conflict", 409, "It was decided."),
        ("too-many", 429, "Slowly, please."),
        ("unavailable", 503, "It rests."),
    ],
)
def test_a_domain_error_becomes_a_page_with_its_sentence_and_status(client, kind, status, sentence) -> None:
    answer = client.get(f"/test/fail/{kind}/")
    assert answer.status_code == status
    assert sentence in answer.text


def test_too_many_says_when_to_come_back(client) -> None:
    assert client.get("/test/fail/too-many/")["Retry-After"] == "17"


def test_a_bug_stays_a_500_and_shows_nothing_of_itself(client) -> None:
    client.raise_request_exception = False
    answer = client.get("/test/fail/bug/")
    assert answer.status_code == 500
    assert "a bug" not in answer.text


def test_a_harmless_request_id_of_a_proxy_is_kept_and_answered(client) -> None:
    answer = client.get("/test/request-id/", headers={"X-Request-ID": "proxy-4711-abcd"})
    assert (answer.text, answer["X-Request-ID"]) == ("proxy-4711-abcd", "proxy-4711-abcd")


@pytest.mark.parametrize(
    "sent", ["", "short", "x" * 65, "a b c d e f g h", "new\\nline-in-it", "<script>alert(1)"]
)
def test_any_other_request_id_is_replaced(client, sent) -> None:
    first, second = (client.get("/test/request-id/", headers={"X-Request-ID": sent}) for _ in range(2))
    assert first.text == first["X-Request-ID"] != sent
    assert first.text != second.text


def test_a_request_is_logged_by_its_route_without_the_name_that_was_asked_for(client, caplog) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/look-up/", {"name": "quillon-marsh"})
        client.get("/test/fail/missing/")
    lines = [record for record in caplog.records if record.message == "request"]
    assert [(line.method, line.route, line.status) for line in lines] == [
        ("GET", "look-up/", 200),
        ("GET", "test/fail/<str:kind>/", 404),
    ]
    assert "quillon" not in caplog.text


@pytest.mark.parametrize(
    "address", ["/", "/sign-in/", "/nothing-here/", "/test/fail/conflict/", "/admin/login/"]
)
def test_a_browser_may_load_from_us_alone_and_run_nothing_inline(client, settings, address) -> None:
    answer = client.get(address)
    policy = dict(part.split(maxsplit=1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["form-action"] == f"'self' {settings.GITHUB_URL}"
    for inline in ("<style", " style=", "<script>", " onclick="):
        assert inline not in answer.text
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
