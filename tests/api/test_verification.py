"""Reports of a check come in by script: recorded once, refused when they prove nothing."""

import json

import pytest

from bigcode_optout.releases import services
from bigcode_optout.releases.models import Release, Verification
from bigcode_optout.releases.reports import LARGEST
from tests.api.releases import Scope, bearer, token
from tests.releases.proving import as_bytes, found, report_of


@pytest.fixture
def given(unwritten) -> Release:
    """v3.2 in the builders' hands."""
    return services.hand_over(release_id=unwritten.pk, by=None)


def send(client, content: bytes, text: str | None = None, name: str = "v3.2"):
    return client.post(
        f"/api/v1/releases/{name}/verification",
        content,
        content_type="application/json",
        headers=bearer(text) if text else {},
    )


def test_a_clean_report_verifies_the_release_and_sent_again_changes_nothing(client, given):
    text, content = token(Scope.VERIFY), as_bytes(report_of(given))
    for _ in range(2):
        page = send(client, content, text)
        assert page.status_code == 200
        body = page.json()
        assert (body["release"], body["state"], body["has_passed"]) == ("v3.2", "verified", True)
    assert Verification.objects.get().report_sha256 == body["report_sha256"]


def test_a_report_with_findings_fails_the_release(client, given):
    page = send(client, found(given, 0), token(Scope.VERIFY))
    assert page.json() | {"report_sha256": ""} == {
        "release": "v3.2",
        "state": "failed",
        "has_passed": False,
        "rows_left": 2,
        "report_sha256": "",
    }
    assert Release.objects.get(name="v3.2").state == "failed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"list_sha256": "0" * 64}, "other_list"),
        ({"release": "v9\ud800"}, "report_malformed"),
        ({"dataset_version": "v2"}, "other_version"),
        ({"report": "apply"}, "report_malformed"),
        ({"rows_scanned": 0}, "nothing_scanned"),
        ({"rows_scanned": 10**30}, "report_malformed"),
        ({"control": {"agrees": False}, "passed": False}, "control_disagrees"),
    ],
)
def test_a_report_that_proves_nothing_about_this_release_is_refused(client, given, changes, code):
    page = send(client, json.dumps(report_of(given) | changes).encode(), token(Scope.VERIFY))
    assert (page.status_code, page.json()["error"]["code"]) == (400, code)
    assert Release.objects.get(name="v3.2").state == "handed_over" and not Verification.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"report": "verify"}']
)
def test_what_is_no_report_is_refused(client, given, content):
    page = send(client, content, token(Scope.VERIFY))
    assert (page.status_code, page.json()["error"]["code"]) == (400, "report_malformed")


def test_a_character_that_no_database_holds_is_no_server_error(client, given):
    page = send(client, as_bytes(report_of(given, tool={"x": "\x00"})), token(Scope.VERIFY))
    assert page.status_code in (200, 400)


def test_more_than_any_report_is_not_read_to_its_end(client, given):
    page = send(client, b" " * (LARGEST + 1), token(Scope.VERIFY))
    assert (page.status_code, page.json()["error"]["code"]) == (413, "too_large")


def test_only_a_token_for_it_sends_reports(client, given):
    content = as_bytes(report_of(given))
    assert send(client, content).status_code == 401
    assert send(client, content, token(Scope.LIST, Scope.KEYED)).status_code == 403
    assert send(client, content, token(Scope.VERIFY), name="v9").status_code == 404
    assert not Verification.objects.exists()


def test_a_release_that_builders_do_not_have_yet_is_not_verified(client, unwritten):
    page = send(client, as_bytes(report_of(unwritten)), token(Scope.VERIFY))
    assert page.status_code == 409 and not Verification.objects.exists()
