"""The receipt: what was asked, word for word, on paper and for programs."""

import base64
import hashlib
import json

import pytest

from bigcode_optout.core import clock
from bigcode_optout.exclusionlist import SigningKey
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.signing import public_key_from_pem
from bigcode_optout.releases import fulfilling, planning, publishing, verifying
from bigcode_optout.releases import services as services_of_releases
from bigcode_optout.releases.signing import served_keys
from bigcode_optout.removals import locating, services
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import make_user, submitted_request, the_stack
from tests.pages.reading import read, text_of
from tests.releases.builders import accepted_request
from tests.releases.proving import as_bytes, found, handed_over, report_of

pytestmark = pytest.mark.once


def day_of(moment):
    return f"{moment.day} {moment:%B %Y}"


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
    text = text_of(client.get(f"/requests/{removal.reference}/receipt/"))
    assert f"Withdrawn on {day_of(clock.now())}" in text


def test_nothing_of_it_stays_in_a_shared_cache(requester, client):
    removal = submitted_request(requester)
    for address in ("", "receipt/", "receipt.json"):
        assert "no-store" in client.get(f"/requests/{removal.reference}/{address}").headers["Cache-Control"]


@pytest.fixture
def published(requester):
    """A request whose version is out, verified, with a failed release before it."""
    planned = services_of_releases.plan(dataset=the_stack(), name="v3.1")
    removal = accepted_request(requester, ("otter-quay/kelp",))
    locating.search(removal)
    accepted_request(make_user(502, "tern-hollow"))
    failed = handed_over(release=planned)
    mine = [rule.name for rule in services_of_releases.rules_of(failed)].index("otter-quay/kelp")
    verifying.record(release_id=failed.pk, report=found(failed, mine), by=None)
    failed.refresh_from_db()
    patch = handed_over(release=planning.plan(dataset=the_stack(), name="v3.1.1", replaces=failed))
    report = report_of(patch, dataset_version="v3.1")
    verifying.record(release_id=patch.pk, report=as_bytes(report), by=None)
    publication = publishing.publish(
        release_id=patch.pk, version="v3.1", absent_kinds=["commits"], by=None, with_bell=False
    )
    fulfilling.work(publication_id=publication.pk)
    removal.refresh_from_db()
    return removal


def test_the_paper_says_what_was_decided_by_what_and_what_each_version_held(published, client):
    text = text_of(client.get(f"/requests/{published.reference}/receipt/"))
    assert "Accepted on" in text and "by a reviewer" in text and "Left out and verified since" in text
    run = published.locate_runs.first()
    assert f"{run.version.name} " in text and f" {run.repository_count} {run.file_count} " in text


def test_the_paper_says_what_was_searched_and_found_for_each_list(published, client):
    response = client.get(f"/requests/{published.reference}/receipt/")
    assert read(response).faults == []
    text = text_of(response)
    assert "The list for v3.1 Frozen on" in text and "a new list takes its place" in text
    assert "in the place of the list for v3.1" in text
    assert "v3.1 was published on" in text and "It has no commits." in text
    assert "3 6,898 2 rows" in text, "what the failed one found of this request"
    assert "3 6,898 Nothing" in text
    assert "found what had been taken out" in text


def test_the_paper_says_when_it_was_printed_and_where_to_look_again(published, client):
    text = text_of(client.get(f"/requests/{published.reference}/receipt/"))
    address = f"http://testserver/requests/{published.reference}/receipt/"
    assert f"Printed on {day_of(clock.now())} from {address}." in text


def test_the_paper_says_where_to_read_how_a_signature_is_checked(published, client, settings):
    settings.EXCLUSION_SIGNING_KEY = SigningKey.generate().to_pem().decode()
    text = text_of(client.get(f"/requests/{published.reference}/receipt/"))
    assert "http://testserver/for-dataset-builders/#receipts" in text


def test_the_paper_says_what_stays_elsewhere(published, client):
    text = text_of(client.get(f"/requests/{published.reference}/receipt/"))
    for sentence in (
        "cannot be recalled",
        "Copies of these versions",
        "Models that were trained",
        "is noted",
    ):
        assert sentence in text


def test_who_could_not_be_searched_for_reads_what_may_stand_elsewhere(requester, client):
    removal = accepted_request(requester, ("otter-quay/kelp",))
    text = text_of(client.get(f"/requests/{removal.reference}/receipt/"))
    assert "not searched to the end, so some of it may stand there" in text
    assert "Copies of these versions" in text and "Models that were trained" in text


def test_without_a_key_paper_and_file_say_that_nothing_is_signed(published, client):
    assert "not signed: this desk has no key" in text_of(
        client.get(f"/requests/{published.reference}/receipt/")
    )
    stored = json.loads(client.get(f"/requests/{published.reference}/receipt.json").content)
    assert stored["signature"] is None


def test_the_signed_file_is_checked_offline_with_the_tool_and_a_changed_one_is_not(
    published, client, settings, tmp_path, capsys
):
    key = SigningKey.generate()
    settings.EXCLUSION_SIGNING_KEY = key.to_pem().decode()
    assert key.key_id in text_of(client.get(f"/requests/{published.reference}/receipt/"))
    content = client.get(f"/requests/{published.reference}/receipt.json").content
    file, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    file.write_bytes(content)
    keys.write_bytes(served_keys().to_json())
    assert main(["check-receipt", str(file), "--keys", str(keys)]) == 0
    file.write_bytes(content.replace(b'"fulfilled"', b'"withdrawn"'))
    assert main(["check-receipt", str(file), "--keys", str(keys)]) == 1
    assert "changed after it was signed" in capsys.readouterr().err


def test_the_signature_is_over_the_rest_as_canonical_json(published, client, settings):
    key = SigningKey.generate()
    settings.EXCLUSION_SIGNING_KEY = key.to_pem().decode()
    stored = json.loads(client.get(f"/requests/{published.reference}/receipt.json").content)
    signature = stored.pop("signature")
    body = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    public = public_key_from_pem(key.public_pem)
    public.verify(base64.b64decode(signature["value"]), body)
    assert (signature["algorithm"], signature["key_id"]) == ("ed25519", key.key_id)


def test_nobody_reads_of_findings_about_others(published, client):
    other = RemovalRequest.objects.exclude(pk=published.pk).get()
    client.force_login(other.requester)
    stored = json.loads(client.get(f"/requests/{other.reference}/receipt.json").content)
    failed = stored["releases"][0]["searches"][0]
    assert (failed["nothing_excluded_found"], failed["rows_found_of_this_request"]) == (False, 0)
    assert client.get(f"/requests/{published.reference}/receipt.json").status_code == 404


def test_a_request_that_is_on_no_list_says_so(requester, client):
    removal = submitted_request(requester)
    text = text_of(client.get(f"/requests/{removal.reference}/receipt/"))
    assert "On no frozen list yet." in text and "Not decided" in text
