"""Releases in the admin: planned, frozen once, exported, handed over."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from bigcode_optout.core import clock
from bigcode_optout.releases import services
from bigcode_optout.releases.models import Release
from bigcode_optout.removals.models import OutboxMessage, RequestEvent
from tests.builders import make_user, the_stack
from tests.review.cases import decide, messages_of, text_of, waiting_request

pytestmark = pytest.mark.usefixtures("index")
LIST = reverse("admin:releases_release_changelist")
ADD = reverse("admin:releases_release_add")


def step(release: Release, name: str, *more: str) -> str:
    return reverse(f"admin:releases_release_{name}", args=[release.pk, *more])


@pytest.fixture
def accepted(desk):
    """An accepted request."""
    request = waiting_request(email="otter@example.org")
    decide(desk, request, "accept")
    return request


@pytest.fixture
def planned(accepted):
    """The open release that it is in."""
    return services.plan(dataset=the_stack(), name="v3.1", freeze_planned_at=clock.now() + timedelta(days=30))


@pytest.fixture
def frozen(planned):
    return services.freeze(release_id=planned.pk, by=None)


def test_a_release_is_planned(releases):
    data = {
        "dataset": the_stack().pk,
        "name": "v3.1",
        "freeze_planned_at_0": "2027-01-15",
        "freeze_planned_at_1": "12:00",
        "shared_content": "keep",
    }
    assert releases.post(ADD, data).status_code == 302
    release = Release.objects.get()
    assert (release.name, release.state, release.freeze_planned_at.day) == ("v3.1", "open", 15)
    assert release.shared_content == "keep"


@pytest.mark.parametrize("name", ["../v3", "v 3", ".", "-v3", "v3/1", "ⅴ3"])
def test_a_name_that_is_no_folder_is_refused_at_the_form(releases, name):
    page = releases.post(ADD, {"dataset": the_stack().pk, "name": name})
    assert "letters, digits, dots" in text_of(page) and not Release.objects.exists()


def test_a_second_open_release_is_refused_at_the_form(releases, planned):
    page = releases.post(ADD, {"dataset": the_stack().pk, "name": "v3.2"})
    assert "Another release of this dataset is still open." in text_of(page)


def test_the_planned_freeze_moves_and_nothing_else(releases, planned):
    data = {
        "freeze_planned_at_0": "2027-02-01",
        "freeze_planned_at_1": "08:00",
        "shared_content": "drop",
        "name": "v9",
        "state": "frozen",
    }
    assert releases.post(step(planned, "change"), data).status_code == 302
    planned.refresh_from_db()
    assert (planned.name, planned.state, planned.freeze_planned_at.month) == ("v3.1", "open", 2)


def test_the_freeze_is_asked_about_with_what_is_in_it(releases, manager, planned):
    page = text_of(releases.get(step(planned, "freeze")))
    assert "cannot be undone" in page and "1 owner with everything" in page
    assert Release.objects.get().state == "open"
    answer = releases.post(step(planned, "freeze"), {"unprepared": "on"})
    assert "v3.1 is frozen." in messages_of(releases, answer)
    release = Release.objects.get()
    assert (release.state, release.frozen_by) == ("frozen", manager)
    assert release.exclusions.filter(kind="owner", name="otter-quay").exists()


def test_nothing_is_added_after_the_freeze(releases, desk, frozen):
    before = services.rules_of(frozen)
    decide(desk, waiting_request(make_user(888, "reef-keeper")), "accept")
    assert "frozen before" in messages_of(releases, releases.post(step(frozen, "freeze")))
    assert releases.post(step(frozen, "change"), {"freeze_planned_at_0": "2027-02-01"}).status_code == 403
    assert services.rules_of(Release.objects.get()) == before


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "legacy-json"])
def test_each_format_is_written_once_and_downloaded(releases, frozen, format):
    assert releases.get(step(frozen, "download", format)).status_code == 404
    releases.post(step(frozen, "export", format))
    releases.post(step(frozen, "export", format))
    assert frozen.exports.filter(format=format).count() == 1
    response = releases.get(step(frozen, "download", format))
    assert f"the-stack-v3.1-{format}.zip" in response["Content-Disposition"]
    packed = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    folder = f"the-stack-v3.1-{format}"
    manifest = json.loads(packed.read(f"{folder}/manifest.json"))
    assert manifest["release"] == "v3.1" and manifest["format"] == format
    assert {f"{folder}/{one['path']}" for one in manifest["files"]} < set(packed.namelist())


def test_an_unknown_format_is_not_there(releases, frozen):
    assert releases.post(step(frozen, "export", "xml")).status_code == 404


def test_an_open_release_is_not_exported(releases, planned):
    answer = releases.post(step(planned, "export", "csv"))
    assert answer.status_code == 302 and not planned.exports.exists()


def test_handing_over_is_asked_about_and_tells_the_requesters(releases, frozen, accepted):
    assert "cannot be undone" in text_of(releases.get(step(frozen, "hand_over")))
    releases.post(step(frozen, "hand_over"))
    assert Release.objects.get().state == "handed_over"
    assert RequestEvent.objects.filter(request=accepted, code="hand_over").exists()
    assert OutboxMessage.objects.filter(request=accepted, kind="in_release").exists()
    assert "only a frozen release" in messages_of(releases, releases.post(step(frozen, "hand_over")))


def test_a_reviewer_reads_releases_and_does_nothing_to_them(desk, planned):
    page = text_of(desk.get(step(planned, "change")))
    assert "What the freeze would take now" in page and "Freeze v3.1" not in page
    assert desk.get(ADD).status_code == 403
    for name in ("freeze", "hand_over"):
        assert desk.get(step(planned, name)).status_code == 403
        assert desk.post(step(planned, name)).status_code == 403
    assert desk.post(step(planned, "export", "csv")).status_code == 403
    assert desk.get(step(planned, "download", "csv")).status_code == 403
    assert Release.objects.get().state == "open"


def test_nobody_deletes_a_release(boss, planned):
    assert boss.get(reverse("admin:releases_release_delete", args=[planned.pk])).status_code == 403


def test_the_pages_of_a_release_take_fewer_than_twenty_queries(
    releases, frozen, django_assert_max_num_queries
):
    for address in (LIST, step(frozen, "change")):
        with django_assert_max_num_queries(19):
            assert releases.get(address).status_code == 200
