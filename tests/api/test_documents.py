"""The description, for programs and for people."""

import re

from django.urls import resolve

from bigcode_optout.api import look_up
from bigcode_optout.api.application import description


def test_the_page_for_people_says_every_address_of_the_document(client, db):
    page = client.get("/api/docs")
    text = page.content.decode()
    assert page.status_code == 200
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1") and len(document["paths"]) == 13
    for address, operations in document["paths"].items():
        for method in operations:
            assert f"{method.upper()} {address}" in text
    assert "bigcode-exclusions fetch" in text


def test_the_page_loads_nothing_from_elsewhere_and_runs_no_script(client, db):
    page = client.get("/api/docs")
    text = page.content.decode()
    assert "<script" not in text and " style=" not in text and "<style" not in text
    assert set(re.findall(r'(?:src|href)="(\w+:)?//', text)) == set()
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_every_guarded_address_is_described_with_the_statuses_of_a_token():
    guarded = [
        operation
        for operations in description()["paths"].values()
        for operation in operations.values()
        if "security" in operation
    ]
    assert {operation["operationId"] for operation in guarded} == {
        *("exclusions", "card", "keyed_key", "delta", "send_verification"),
    }
    assert all({401, 403, 404, 409, 429} <= set(operation["responses"]) for operation in guarded)


def test_the_look_up_is_still_answered_by_the_plain_view():
    assert resolve("/api/v1/look-up").func is look_up.look_up


def test_the_description_is_read_only(client, db):
    for address in ("/api/docs", "/api/openapi.json", "/.well-known/bigcode-exclusions-keys.json"):
        assert client.post(address).status_code == 405
        assert client.get(address).status_code == 200


def test_a_key_that_cannot_be_read_is_no_empty_key_set(client, db, settings):
    settings.EXCLUSION_SIGNING_KEY = "not a key"
    page = client.get("/.well-known/bigcode-exclusions-keys.json")
    assert (page.status_code, page.json()["error"]["code"]) == (503, "signing_key_broken")
    assert "not a key" not in page.content.decode()
