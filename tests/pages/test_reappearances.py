"""A requester reads what a later version holds of what is theirs, and of nobody else's."""

import datetime as dt

import pytest

from bigcode_optout.releases import fulfilling, publishing, verifying
from bigcode_optout.releases.sweeping import sweep
from bigcode_optout.removals import services as removals
from tests.builders import make_index, make_user
from tests.pages.reading import text_of
from tests.releases.builders import accepted_request, frozen
from tests.releases.proving import as_bytes, handed_over, report_of

pytestmark = pytest.mark.django_db
LATER = dt.date(2025, 1, 1)
AGAIN = [("otter-quay/kelp", 9001, 1), ("OTTER-QUAY/Reef", 9002, 1), ("otter-quay/sand", 1, 1)]


@pytest.fixture
def user(desk_index, client):
    person = make_user()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def page(client, request):
    return text_of(client.get(f"/requests/{request.reference}/"))


def swept(tmp_path, rows=AGAIN, version="v2.2"):
    made = make_index(tmp_path, rows, version=version, data_date=LATER)
    sweep(version_id=made.pk)
    return made


def test_what_stands_there_although_it_is_excluded_is_said_with_names_and_spellings(client, user, tmp_path):
    request = accepted_request(user)
    frozen("v3.1")
    swept(tmp_path)
    text = page(client, request)
    assert "3 repositories stand in v2.2 although they are excluded from v3.1 on." in text
    assert "OTTER-QUAY/Reef in another spelling" in text
    assert "You need do nothing." in text


def test_who_was_told_that_it_is_left_out_reads_no_longer_that_nothing_of_it_was_there(
    client, user, tmp_path
):
    request = accepted_request(user)
    release = handed_over("v3.1")
    for schema in ("v3", "commits"):
        report = as_bytes(report_of(release, schema=schema))
        verifying.record(release_id=release.pk, report=report, by=None)
    done = publishing.publish(release_id=release.pk, version="v3.1", by=None, with_bell=False)
    fulfilling.work(publication_id=done.pk)
    assert "nothing of it was there" in page(client, request)
    swept(tmp_path, version="v3.1")
    text = page(client, request)
    assert "although they are excluded" in text and "nothing of it was there" not in text
    assert "some of it stands in a version: see below" in text


def test_a_version_that_came_after_an_accepted_request_is_told_without_alarm(client, user, tmp_path):
    request = accepted_request(user, ("otter-quay/kelp",))
    swept(tmp_path)
    text = page(client, request)
    assert "v2.2 came after your request. It holds 1 repository of it." in text
    assert "although" not in text


def test_the_versions_of_the_requests_own_search_are_not_told_twice(client, user):
    from bigcode_optout.catalog.models import DatasetVersion

    request = accepted_request(user)
    for version in DatasetVersion.objects.all():
        sweep(version_id=version.pk)
    assert "came after your request" not in page(client, request)


def test_nobody_reads_what_is_another_persons(client, user, tmp_path):
    mine = accepted_request(user, ("otter-quay/kelp",))
    accepted_request(make_user(502, "norrvik"), ("norrvik/gauge",))
    frozen("v3.1")
    swept(tmp_path, [("norrvik/gauge", 7001, 1)])
    assert "norrvik" not in page(client, mine) and "v2.2" not in page(client, mine)


def test_whoever_lets_the_code_in_again_reads_nothing_of_it(client, user, tmp_path):
    request = accepted_request(user)
    frozen("v3.1")
    swept(tmp_path)
    removals.opt_back_in(by=user, request_id=request.pk)
    assert "although" not in page(client, request)
