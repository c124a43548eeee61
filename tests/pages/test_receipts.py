"""The receipt: what was asked, word for word, on paper and for programs."""

import hashlib
import json

from bigcode_optout.removals import services
from tests.builders import submitted_request
from tests.pages.reading import read, text_of


def test_the_paper_has_number_time_person_parts_text_and_fingerprint(requester, client):
    removal = submitted_request(requester, ["otter-quay/kelp", "otter-quay/reef"])
    response = client.get(f"/requests/{removal.reference}/receipt/")
    assert read(response).faults == []
    text = text_of(response)
    assert f"Reference number {removal.reference}" in text
    assert "GitHub account otter-quay, number 501, signed in through GitHub." in text
    assert "2 repositories of otter-quay Files, commits, issues and pull requests" in text
    assert removal.canonical_text in response.content.decode()
    assert removal.canonical_sha256 in text


def test_the_file_is_a_download_whose_fingerprint_can_be_checked(requester, client):
    removal = submitted_request(requester)
    response = client.get(f"/requests/{removal.reference}/receipt.json")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{removal.reference}.json"'
    receipt = json.loads(response.content)
    assert receipt["reference"] == removal.reference
    assert hashlib.sha256(receipt["canonical_text"].encode()).hexdigest() == receipt["canonical_sha256"]


def test_the_receipt_stays_after_a_withdrawal(requester, client):
    removal = submitted_request(requester)
    services.withdraw(by=requester, request_id=removal.pk)
    assert "Withdrawn as of today" in text_of(client.get(f"/requests/{removal.reference}/receipt/"))


def test_nothing_of_it_stays_in_a_shared_cache(requester, client):
    removal = submitted_request(requester)
    for address in ("", "receipt/", "receipt.json"):
        assert "no-store" in client.get(f"/requests/{removal.reference}/{address}").headers["Cache-Control"]
