"""A release after its hand-over in the admin: checklist, reports, patch release, publication."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bigcode_optout.core import clock
from bigcode_optout.exclusionlist import SigningKey
from bigcode_optout.releases import fulfilling, services, verifying
from bigcode_optout.releases.models import Publication, Release
from bigcode_optout.releases.sweeping import sweep
from bigcode_optout.removals import services as removals
from bigcode_optout.removals import triggers
from tests.builders import make_index, make_release_manager, make_user, submitted_request, the_stack
from tests.releases.builders import accepted_request
from tests.releases.proving import as_bytes, found, report_of
from tests.review.cases import messages_of, text_of
from tests.staff import sign_in

pytestmark = pytest.mark.usefixtures("index")


def step(release: Release, name: str) -> str:
    return reverse(f"admin:releases_release_{name}", args=[release.pk])


def point(page, title: str):
    [one] = [one for one in page.context["points"] if one.title == title]
    return one


@pytest.fixture
def accepted(db):
    return accepted_request(make_user())


@pytest.fixture
def planned(accepted):
    """The open release that it is in."""
    return services.plan(dataset=the_stack(), name="v3.1", freeze_planned_at=clock.now() + timedelta(days=40))


@pytest.fixture
def release(planned):
    """Handed over."""
    services.freeze(release_id=planned.pk, by=None)
    return services.hand_over(release_id=planned.pk, by=None)


def upload(browser, release, content: bytes):
    file = SimpleUploadedFile("R.json", content, content_type="application/json")
    return browser.post(step(release, "record"), {"report": file})


def verify(release, **more):
    verifying.record(release_id=release.pk, report=as_bytes(report_of(release, **more)), by=None)


def test_the_checklist_of_an_open_release_says_what_waits_and_what_is_to_do(boss, planned):
    submitted_request(make_user(502, "tern-hollow"))
    page = boss.get(step(planned, "checklist"))
    waiting = point(page, "What still waits")
    assert waiting.mark.word == "Look at it" and waiting.sentence.startswith("Received: 1.")
    assert boss.get(waiting.links[0][1]).status_code == 200
    assert point(page, "Public facts, asked again").mark.word == "To do"
    assert point(page, "Contradictions").mark.word == "Done"
    assert "Planned for" in point(page, "Freeze").sentence
    assert point(page, "Signing key").sentence.startswith("No key is configured")
    assert point(page, "Published").mark.word == "Later"


def test_a_release_manager_reads_the_checklist_without_links_into_the_queue(releases, planned):
    submitted_request(make_user(502, "tern-hollow"))
    assert point(releases.get(step(planned, "checklist")), "What still waits").links == ()


def test_a_configured_key_is_named(releases, planned, settings):
    key = SigningKey.generate()
    settings.EXCLUSION_SIGNING_KEY = key.to_pem().decode()
    assert key.key_id in point(releases.get(step(planned, "checklist")), "Signing key").sentence


def test_while_it_is_open_the_parts_that_came_and_went_since_the_list_before_are_shown(releases, release):
    user = make_user(502, "tern-hollow")
    accepted_request(user)
    gone = release.exclusions.get().items.get().request
    removals.opt_back_in(by=gone.requester, request_id=gone.pk)
    later = services.plan(dataset=the_stack(), name="v3.2")
    came = releases.get(step(later, "checklist")).context["diff"]
    assert [(row.name, row.kind) for row in came.rows] == [("tern-hollow", "owner")]
    assert [(title, total) for _, title, total in came.totals] == [("Came", 1), ("Went", 1), ("Changed", 0)]
    went = releases.get(step(later, "checklist") + "?show=went").context["diff"]
    assert [(row.name, row.note) for row in went.rows] == [("otter-quay", "opted back in")]


def test_of_a_frozen_release_counts_and_rules_stand_against_the_list_before(releases, release):
    for number in range(60):
        accepted_request(make_user(7000 + number, f"person-{number:02}"))
    gone = release.exclusions.get().items.get().request
    removals.opt_back_in(by=gone.requester, request_id=gone.pk)
    later = services.freeze(release_id=services.plan(dataset=the_stack(), name="v3.2").pk, by=None)
    page = releases.get(step(later, "checklist"))
    counts = {one.title: (one.now, one.before, one.difference) for one in page.context["counts"]}
    assert counts["Owners"] == (60, 1, "+59")
    assert counts["Repositories"] == (0, 0, "")
    assert len(page.context["diff"].rows) == 50
    second = releases.get(step(later, "checklist") + "?show=came&page=2").context["diff"]
    assert [row.name for row in second.rows] == [f"person-{number}" for number in range(50, 60)]
    went = releases.get(step(later, "checklist") + "?show=went").context["diff"]
    assert [row.name for row in went.rows] == ["otter-quay"]


def test_a_rule_that_asks_for_more_than_before_is_changed(releases, release):
    with triggers.lifted():
        release.exclusions.update(commits=False, issues=False)
    later = services.freeze(release_id=services.plan(dataset=the_stack(), name="v3.2").pk, by=None)
    diff = releases.get(step(later, "checklist") + "?show=changed").context["diff"]
    assert [row.name for row in diff.rows] == ["otter-quay"]
    assert [total for _, _, total in diff.totals] == [0, 0, 1]


def test_a_clean_report_is_uploaded_and_the_release_can_be_published(releases, manager, release):
    answer = upload(releases, release, as_bytes(report_of(release)))
    assert "v3.1 is verified" in messages_of(releases, answer)
    page = text_of(releases.get(step(release, "change")))
    assert "v3.1 is published" in page and "A clean report recorded" in page
    assert release.verifications.get().recorded_by == manager


def test_a_report_with_findings_names_rules_and_requests_and_offers_a_patch_release(boss, release, accepted):
    answer = upload(boss, release, found(release, 0))
    assert "v3.1 failed" in messages_of(boss, answer)
    page = text_of(boss.get(step(release, "change")))
    assert "1 rule still covers" in page and accepted.reference in page
    assert "is published</a>" not in page and 'value="v3.1.1"' in page
    answer = boss.post(step(release, "patch"), {"name": "v3.1.1"})
    patch = Release.objects.get(name="v3.1.1")
    assert answer["Location"] == step(patch, "change") and patch.replaces == release
    assert "v3.1.1</a> stands in its place" in text_of(boss.get(step(release, "change")))


@pytest.mark.parametrize("content", [b"", b"{}", b"not json"])
def test_what_is_no_report_is_refused_with_a_sentence(releases, release, content):
    said = messages_of(releases, upload(releases, release, content))
    assert "report" in said.lower()
    release.refresh_from_db()
    assert release.state == "handed_over"


def test_what_speaks_against_publishing_is_shown_and_has_to_be_ticked(releases, release, accepted):
    verify(release, control=None)
    verify(release, schema="commits", rows_without_login=3)
    page = text_of(releases.get(step(release, "publish")))
    assert "No report over the files of v3.1 was made with its control" in page
    assert "without a control" in page and "3 rows name nobody" in page and "data of" in page
    answer = releases.post(step(release, "publish"), {"version": "v3.1"})
    assert "with its control" in messages_of(releases, answer)
    assert not Publication.objects.exists()
    releases.post(step(release, "publish"), {"version": "v3.1", "despite": ["no-control"]})
    assert Publication.objects.get().release == release


def test_the_checklist_says_what_was_not_compared_and_what_is_not_needed(releases, release):
    verify(release)
    page = releases.get(step(release, "checklist"))
    assert point(page, "Verification of commits").mark.word == "To do"
    releases.post(step(release, "publish"), {"version": "v3.1", "absent": ["commits"]})
    now = point(releases.get(step(release, "checklist")), "Verification of commits")
    assert (now.mark.word, now.sentence) == ("Done", "Not needed: it was published as having none.")


def test_the_checklist_says_that_authors_were_not_compared(releases, release):
    verify(release, schema="commits", rows_without_login=3)
    now = point(releases.get(step(release, "checklist")), "Verification of commits")
    assert now.mark.word == "Look at it" and "only repositories were compared" in now.sentence


def test_the_checklist_names_what_our_own_search_found_in_this_version(releases, release, tmp_path):
    version = make_index(tmp_path, [("otter-quay/kelp", 9001, 1)], version="v3.1")
    sweep(version_id=version.pk)
    now = point(releases.get(step(release, "checklist")), "Excluded, and in this version")
    assert now.sentence.startswith("1 repositories stand in v3.1 itself")


def test_without_a_file_nothing_happens(releases, release):
    assert "Choose the report" in messages_of(releases, releases.post(step(release, "record")))


def test_publishing_is_asked_about_says_what_was_searched_and_is_done_once(releases, manager, release):
    verify(release)
    page = text_of(releases.get(step(release, "publish")))
    assert "Nothing found in 6,898 rows of 3 files" in page and "cannot be undone" in page
    without = messages_of(releases, releases.post(step(release, "publish"), {"version": "v3.1"}))
    assert "No clean report covers the commits" in without
    data = {"version": "v3.1", "absent": ["commits"]}
    assert "v3.1 is out" in messages_of(releases, releases.post(step(release, "publish"), data))
    publication = Publication.objects.get()
    assert (publication.published_by, publication.absent_kinds) == (manager, ["commits"])
    fulfilling.work(publication_id=publication.pk)
    page = text_of(releases.get(step(release, "change")))
    assert "1 of 1, 1 became fulfilled" in page
    again = messages_of(releases, releases.post(step(release, "publish"), data))
    assert "only a verified release is published" in again


def test_publishing_asks_for_the_password_once_more(client, release):
    verify(release)
    browser = sign_in(client, make_release_manager(), is_password_fresh=False)
    answer = browser.post(step(release, "publish"), {"version": "v3.1", "absent": ["commits"]})
    assert answer.status_code == 302 and "password" in answer["Location"]
    assert not Publication.objects.exists()


def test_a_version_of_another_name_is_refused_at_the_form(releases, release):
    verify(release)
    page = releases.post(step(release, "publish"), {"version": "v9", "absent": ["commits"]})
    assert page.status_code == 200 and "v9 is not one of the available choices" in text_of(page)


def test_a_reviewer_reads_the_checklist_and_does_nothing(desk, release):
    verify(release)
    assert desk.get(step(release, "checklist")).status_code == 200
    assert upload(desk, release, as_bytes(report_of(release))).status_code == 403
    assert desk.get(step(release, "publish")).status_code in (302, 403)
    assert desk.post(step(release, "patch"), {"name": "v3.1.1"}).status_code == 403
    release.refresh_from_db()
    assert release.state == "verified"


def test_the_pages_take_fewer_than_twenty_queries(releases, release, django_assert_max_num_queries):
    verify(release)
    for name in ("checklist", "change"):
        with django_assert_max_num_queries(19):
            assert releases.get(step(release, name)).status_code == 200
