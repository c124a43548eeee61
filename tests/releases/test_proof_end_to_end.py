"""From the frozen list to the receipt, with the tools that builders run, over the sample shards."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from bigcode_optout.catalog import services as catalog
from bigcode_optout.exclusionlist import KeySet, SigningKey
from bigcode_optout.exclusionlist.receipt import check_receipt
from bigcode_optout.releases import planning, receipts
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.signing import served_keys
from tests.builders import make_user, the_stack
from tests.releases.builders import accepted_request
from tests.releases.proving import (
    DATA_DATE,
    NUMBER,
    SHARDS,
    WHO,
    applied,
    handed_over,
    put_back_one_row,
    verified,
)

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def accepted(db, settings):
    """An accepted request for everything of somebody in the sample, and a key to sign with."""
    from datetime import date

    settings.EXCLUSION_SIGNING_KEY = SigningKey.generate().to_pem().decode()
    catalog.build_index(
        dataset="the-stack",
        version="v2.1",
        schema="v2",
        data_date=date.fromisoformat(DATA_DATE),
        inputs=[SHARDS],
    )
    return accepted_request(make_user(NUMBER, WHO), email="quillon@saltmarsh.example")


def test_what_was_applied_and_verified_is_published_fulfilled_and_proven_by_the_receipt(accepted, tmp_path):
    release = handed_over()
    applied(release, tmp_path)
    report = verified(release, tmp_path)
    recorded = run("record_verification", "v3.1", str(report))
    assert (recorded["state"], recorded["passed"], recorded["findings"]) == ("verified", True, 0)
    published = run("publish_release", "v3.1", "--version", "v3.1", "--without", "commits")
    assert (published["state"], published["done"], published["fulfilled"]) == ("published", 1, 1)
    accepted.refresh_from_db()
    assert accepted.state == "fulfilled"
    mail = accepted.mails.get(kind="fulfilled")
    assert "v3.1 is out without it" in mail.subject and f"- {WHO}, everything" in mail.body

    receipt = receipts.receipt_of(accepted)
    assert check_receipt(receipt, KeySet(served_keys().keys)) == receipt["signature"]["key_id"]
    [listed] = receipt["releases"]
    assert (listed["published_version"], listed["kinds_not_in_version"]) == ("v3.1", ["commits"])
    [search] = listed["searches"]
    stored = json.loads(report.read_bytes())
    assert (search["files"], search["rows"]) == (3, stored["rows_scanned"])
    assert (search["rows_found_of_this_request"], search["control_agreed"]) == (0, True)
    assert receipt["items"][0]["fulfilled_at"] == listed["published_at"]


def test_a_row_that_was_left_over_fails_the_release_and_a_patch_release_takes_its_place(accepted, tmp_path):
    release = handed_over()
    put_back_one_row(applied(release, tmp_path))
    report = verified(release, tmp_path, code=1)
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("record_verification", "v3.1", str(report), "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert stopped.value.code == 3
    assert (said["state"], said["passed"], said["requests"]) == ("failed", False, [accepted.reference])
    with pytest.raises(Exception, match="plan a patch release"):
        run("publish_release", "v3.1", "--version", "v3.1", "--without", "commits")

    failed = Release.objects.get(name="v3.1")
    assert planning.patch_name(failed) == "v3.1.1"
    planned = run("plan_release", "v3.1.1", "--replaces", "v3.1")
    assert (planned["state"], planned["replaces"]) == ("open", "v3.1")
    patch = handed_over(release=Release.objects.get(name="v3.1.1"))
    applied(patch, tmp_path / "again")
    run("record_verification", "v3.1.1", str(verified(patch, tmp_path / "again")))
    published = run("publish_release", "v3.1.1", "--version", "v3.1", "--without", "commits")
    assert published["fulfilled"] == 1
    lists = {one["release"]: one for one in receipts.receipt_of(accepted)["releases"]}
    assert lists["v3.1"]["searches"][0]["rows_found_of_this_request"] == 1
    assert (lists["v3.1.1"]["replaces"], lists["v3.1.1"]["published_version"]) == ("v3.1", "v3.1")
    assert the_stack().releases.count() == 2
