"""Reports of checks over the files: what is taken, what is refused with a sentence, and what follows from it."""

import datetime as dt
import json

import pytest

from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.exclusionlist import KeySet, PublicKey, SigningKey
from bigcode_optout.exclusionlist.receipt import sign_receipt
from bigcode_optout.releases import findings, services, verifying
from bigcode_optout.releases.models import Finding, Verification
from bigcode_optout.removals.models import RequestEvent
from tests.builders import make_release_manager, make_reviewer, make_user
from tests.releases.builders import accepted_request, frozen
from tests.releases.proving import as_bytes, finding, found, handed_over, report_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(index):
    return accepted_request(make_user(), ("otter-quay/kelp", "otter-quay/reef"))


@pytest.fixture
def release(accepted):
    """Handed over, with two rules."""
    return handed_over()


def record(release, changes=(), **more):
    report = report_of(release) | dict(changes) | more
    return verifying.record(release_id=release.pk, report=as_bytes(report), by=None)


def state_of(release):
    release.refresh_from_db()
    return release.state


def test_a_clean_report_verifies_the_release_and_is_kept_word_for_word(release):
    kept = record(release)
    assert state_of(release) == "verified"
    assert kept.report == report_of(release)
    assert (kept.scope_kind, kept.row_count, kept.file_count, kept.has_control) == ("files", 6898, 3, True)
    assert kept.checked_on == dt.date(2026, 11, 20)
    event = release.events.last()
    assert (event.code, event.data["report_sha256"]) == ("verify", kept.report_sha256)


def test_the_same_report_is_kept_once(release):
    first = record(release)
    again = record(release)
    assert again == first
    assert (Verification.objects.count(), release.events.filter(code="verify").count()) == (1, 1)


def test_reports_over_other_kinds_of_records_are_kept_beside(release):
    record(release)
    assert record(release, schema="commits").scope_kind == "commits"
    assert (release.verifications.count(), state_of(release)) == (2, "verified")


def test_a_report_with_findings_fails_the_release_and_leads_to_the_requests(release, accepted):
    kept = verifying.record(release_id=release.pk, report=found(release, 1), by=None)
    assert state_of(release) == "failed"
    [one] = findings.findings_of(release, limit=10)
    assert (one.finding.exclusion.name, one.finding.row_count) == ("otter-quay/reef", 2)
    assert one.finding.first_shard == "part-00000.parquet"
    assert [request.reference for request in one.requests] == [accepted.reference]
    assert findings.concerned_references(kept) == [accepted.reference]


def test_the_requester_reads_of_what_was_left_once_and_gets_no_mail(release, accepted):
    verifying.record(release_id=release.pk, report=found(release, 0), by=None)
    verifying.record(release_id=release.pk, report=found(release, 0, 1), by=None)
    event = RequestEvent.objects.get(request=accepted, code="found_left")
    assert event.data["release"] == "v3.1" and not event.is_internal
    assert not accepted.mails.filter(kind="fulfilled").exists()


def test_a_finding_after_a_clean_report_fails_it_too_and_more_findings_are_gathered(release):
    record(release)
    verifying.record(release_id=release.pk, report=found(release, 0), by=None)
    verifying.record(release_id=release.pk, report=found(release, 1), by=None)
    assert (state_of(release), Finding.objects.count()) == ("failed", 2)


def test_no_clean_report_makes_a_failed_release_good_again(release):
    verifying.record(release_id=release.pk, report=found(release, 0), by=None)
    with pytest.raises(Conflict, match="plan a patch release"):
        record(release)
    assert state_of(release) == "failed"


@pytest.mark.parametrize("prepare", [lambda: frozen("v3.1")], ids=["frozen"])
def test_before_the_hand_over_no_report_is_taken(accepted, prepare):
    release = prepare()
    with pytest.raises(Conflict, match="is frozen; a release is verified after it was handed over"):
        record(release)
    assert not Verification.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"list_sha256": "0" * 64}, "not of the list that was frozen for v3.1"),
        ({"release": "v3.0"}, "is of the list of v3.0"),
        ({"dataset_version": "v4"}, "of the dataset version v4; the list is for v3.1"),
        ({"dataset_version": None}, "Run verify with --dataset-version"),
        ({"report": "apply"}, "The report of apply proves nothing"),
        ({"report_version": 2}, "not one of version 1"),
        ({"schema": "v9"}, "a schema that is not known"),
        ({"files": 0, "rows_scanned": 0}, "over no rows"),
        ({"rows_left": 3}, "contradicts itself"),
        ({"passed": False}, "contradicts itself"),
        ({"control": {"agrees": False}, "passed": False}, "The control does not agree"),
        ({"rows_scanned": -1}, "below 0"),
        ({"rows_scanned": 2**63}, "or too large"),
        ({"rows_scanned": True}, "no proper “rows_scanned”"),
        ({"rows_scanned": "many"}, "no proper “rows_scanned”"),
        ({"findings": None}, "no proper “findings”"),
        ({"findings": ["x"], "rows_left": 1, "passed": False}, "is not an object"),
        ({"date": "yesterday"}, "is not a day"),
        ({"data_date": "2023-99-06"}, "is not a day"),
    ],
)
def test_what_proves_nothing_about_this_list_is_refused_and_changes_nothing(release, more, sentence):
    with pytest.raises(Refused, match=sentence.replace("(", r"\(")):
        record(release, more)
    assert (state_of(release), Verification.objects.count()) == ("handed_over", 0)


@pytest.mark.parametrize(
    "tool",
    [r'"a\u0000b"', r'"\ud800"', "NaN", "1e999"],
    ids=["code 0", "half a character", "NaN", "infinite"],
)
def test_what_no_database_keeps_is_refused(release, tool):
    content = as_bytes(report_of(release, tool={"x": "HERE"})).replace(b'"HERE"', tool.encode())
    with pytest.raises(Refused, match=r"not JSON|no text has"):
        verifying.record(release_id=release.pk, report=content, by=None)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"verify"', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(release, content):
    with pytest.raises(Refused, match=r"not JSON|not a report"):
        verifying.record(release_id=release.pk, report=content, by=None)


def test_a_key_that_stands_twice_is_refused(release):
    content = as_bytes(report_of(release))[:-1] + b', "passed": true}'
    with pytest.raises(Refused, match="cut off or changed"):
        verifying.record(release_id=release.pk, report=content, by=None)


def test_findings_about_rules_that_the_list_has_not_are_refused(release):
    [rule, _] = services.rules_of(release)
    other = {**finding(0, rule), "name_key": "somebody/else"}
    for row in (other, finding(7, rule)):
        with pytest.raises(Refused, match="is no rule of the list"):
            record(release, findings=[row], rows_left=2, passed=False)
    assert (state_of(release), Finding.objects.count()) == ("handed_over", 0)


def test_a_report_that_was_recorded_for_another_release_is_refused(release):
    record(release)
    later = handed_over("v3.2")
    with pytest.raises(Refused, match=r"recorded for v3\.1 before"):
        verifying.record(release_id=later.pk, report=as_bytes(report_of(release)), by=None)


def test_a_report_over_files_that_kept_shared_content_is_refused_for_a_list_that_drops_it(release):
    from bigcode_optout.releases.exporting import export

    export(release=release, format="jsonl", by=None)
    with pytest.raises(Refused, match="shared content as 'keep'; the list says drop"):
        record(release, shared_content="keep")


def test_only_release_managers_and_scripts_record(release):
    content = as_bytes(report_of(release))
    with pytest.raises(Forbidden):
        verifying.record(release_id=release.pk, report=content, by=make_reviewer("somebody"))
    manager = make_release_manager()
    assert verifying.record(release_id=release.pk, report=content, by=manager).recorded_by == manager


@pytest.fixture
def verifier(settings, tmp_path):
    """A key of somebody who verifies, which the desk trusts."""
    key = SigningKey.generate()
    keys = KeySet([PublicKey.of(key.public_pem, valid_from=dt.date(2026, 1, 1))])
    (tmp_path / "verifiers.json").write_bytes(keys.to_json())
    settings.VERIFIER_KEYS_FILE = str(tmp_path / "verifiers.json")
    return key


def test_a_signed_report_is_taken_with_its_key_when_the_signature_fits(release, verifier):
    signed = sign_receipt(report_of(release), verifier)
    kept = verifying.record(release_id=release.pk, report=as_bytes(signed), by=None)
    assert kept.key_id == verifier.key_id


@pytest.mark.parametrize("change", [{"rows_scanned": 7}, {"files": 4}])
def test_a_signed_report_that_was_changed_is_refused(release, verifier, change):
    signed = sign_receipt(report_of(release), verifier) | change
    with pytest.raises(Refused, match="was changed after it was signed"):
        verifying.record(release_id=release.pk, report=as_bytes(signed), by=None)


def test_a_signature_of_a_stranger_or_without_any_trusted_key_is_refused(release, verifier, settings):
    signed = as_bytes(sign_receipt(report_of(release), SigningKey.generate()))
    with pytest.raises(Refused, match="is not in the key set"):
        verifying.record(release_id=release.pk, report=signed, by=None)
    settings.VERIFIER_KEYS_FILE = ""
    with pytest.raises(Refused, match="no keys of verifiers are configured"):
        verifying.record(release_id=release.pk, report=signed, by=None)
    assert json.loads(signed)["signature"] and not Verification.objects.exists()
