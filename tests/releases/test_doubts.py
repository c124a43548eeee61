"""What speaks against publishing has to be said yes to, and nobody is told what the desk itself knows to be untrue."""

import datetime as dt

import pytest

from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.releases import fulfilling, publishing, verifying
from bigcode_optout.releases.elsewhere import stays_elsewhere
from bigcode_optout.releases.sweeping import sweep
from bigcode_optout.removals import services as removals
from bigcode_optout.removals import triggers
from bigcode_optout.removals.models import Decision
from tests.builders import make_draft, make_index, make_reviewer, make_user
from tests.releases.builders import accepted_request
from tests.releases.proving import as_bytes, handed_over, report_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2023, 9, 6)


def record(release, **more):
    return verifying.record(release_id=release.pk, report=as_bytes(report_of(release, **more)), by=None)


def verified(**more):
    """Handed over, with clean reports over files and commits; `more` is what the one over commits says."""
    release = handed_over()
    record(release)
    record(release, schema="commits", **more)
    return release


def publish(release, **more):
    given = {"version": "v3.1", "by": None, "with_bell": False, **more}
    publication = publishing.publish(release_id=release.pk, **given)
    return fulfilling.work(publication_id=publication.pk)


def out(tmp_path, rows, **more):
    """The version with an index of its own, swept."""
    version = make_index(tmp_path, rows, version="v3.1", **{"data_date": DAY, **more})
    sweep(version_id=version.pk)
    return version


def states(*requests):
    for request in requests:
        request.refresh_from_db()
    return [request.state for request in requests]


def test_a_version_that_our_own_search_finds_them_in_is_not_published_without_a_word(index, tmp_path):
    mine, other = accepted_request(make_user()), accepted_request(make_user(502, "tern-hollow"))
    release = verified()
    out(tmp_path, [("otter-quay/kelp", 9001, 1)])
    with pytest.raises(Conflict, match="found 1 excluded repositories in it"):
        publish(release)
    assert states(mine, other) == ["accepted", "accepted"]
    publish(release, despite=["back"])
    assert states(mine, other) == ["accepted", "fulfilled"], "nobody is told what we know to be untrue"
    assert mine.items.get().fulfilled_at is None
    assert release.events.get(code="publish").data["despite"] == ["back"]


def test_what_stands_in_another_version_does_not_stop_this_one(index, tmp_path):
    request = accepted_request(make_user())
    release = verified()
    later = make_index(tmp_path, [("otter-quay/kelp", 9001, 1)], version="v9", data_date=dt.date(2026, 1, 1))
    sweep(version_id=later.pk)
    publish(release)
    assert states(request) == ["fulfilled"]


def test_a_check_without_its_control_is_published_only_knowingly(index):
    request = accepted_request(make_user())
    release = handed_over()
    record(release, control=None)
    record(release, schema="commits")
    with pytest.raises(Conflict, match=r"No report over the files of v3\.1 was made with its control"):
        publish(release)
    publish(release, despite=["no-control"])
    assert states(request) == ["fulfilled"]


def test_a_check_of_a_few_rows_is_published_only_knowingly(index, tmp_path):
    accepted_request(make_user(), ("otter-quay/kelp",))
    release = handed_over()
    record(release, schema="v2", rows_scanned=2, files=1)
    record(release, schema="commits")
    out(tmp_path, [(f"gull/nest-{number}", number, 1) for number in range(5)])
    with pytest.raises(Conflict, match=r"read 2 rows in all; the index of v3\.1 has 5 files"):
        publish(release)
    publish(release, despite=["few-rows"])


def test_reports_in_parts_are_added_up(index, tmp_path):
    accepted_request(make_user(), ("otter-quay/kelp",))
    release = handed_over()
    record(release, schema="v2", rows_scanned=2)
    record(release, schema="v2", rows_scanned=1)
    record(release, schema="commits")
    out(tmp_path, [(f"gull/nest-{number}", number, 1) for number in range(5)])
    assert publish(release).finished_at


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"date": "2999-01-01"}, "day_to_come"),
        ({"data_date": "2999-01-01"}, "day_to_come"),
        ({"data_date": "2023-09-07"}, "other_data_date"),
    ],
)
def test_a_report_of_a_made_up_day_is_refused(index, tmp_path, changes, code):
    accepted_request(make_user(), ("otter-quay/kelp",))
    release = handed_over()
    out(tmp_path, [("gull/nest", 9, 1)])
    with pytest.raises(Refused) as refused:
        record(release, **changes)
    assert refused.value.code == code
    assert record(release).has_passed


def test_a_report_without_a_data_date_is_refused_where_names_have_a_last_day(index):
    accepted_request(make_user(), ("otter-quay/kelp",))
    release = handed_over()
    assert record(release, data_date=None).has_passed
    with triggers.lifted():
        release.exclusions.update(name_valid_until=DAY)
    with pytest.raises(Refused, match="names with a last day"):
        record(release, data_date=None, rows_scanned=7000)


def test_a_report_made_for_another_day_than_the_index_says_later_does_not_count(index, tmp_path):
    accepted_request(make_user(), ("otter-quay/kelp",))
    release = verified(data_date="2024-01-01")
    out(tmp_path, [("gull/nest", 9, 1)])
    with pytest.raises(Conflict, match=r"No clean report covers the commits of v3\.1"):
        publish(release)


@pytest.fixture
def only_commits(index):
    """A request for everything of an owner, as to commits alone."""
    user = make_user()
    draft = make_draft(user, files=False, issues=False)
    request = removals.submit(by=user, draft_id=draft.pk)
    removals.begin_review(request_id=request.pk)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    return removals.decide(
        by=make_reviewer(), request_id=request.pk, verdicts={request.items.get().pk: accept}
    )


def test_commits_that_name_nobody_show_nothing_about_an_owner(only_commits):
    whole = accepted_request(make_user(502, "tern-hollow"), email="tern@hollow.example")
    single = accepted_request(make_user(503, "sand-ward"), ("sand-ward/dune",))
    publish(verified(rows_without_login=6898))
    assert states(only_commits, whole, single) == ["accepted", "fulfilled", "fulfilled"]
    assert only_commits.items.get().fulfilled_at is None
    for request in (only_commits, whole):
        assert "authors_unknown" in {each.code for each in stays_elsewhere(request)}
    assert "authors_unknown" not in {each.code for each in stays_elsewhere(single)}
    assert "The commits of v3.1 do not name who made them" in whole.mails.get(kind="fulfilled").body


def test_commits_that_name_their_authors_do(only_commits):
    publish(verified())
    assert states(only_commits) == ["fulfilled"]


def test_more_rows_without_a_login_than_rows_is_no_report(index):
    accepted_request(make_user(), ("otter-quay/kelp",))
    with pytest.raises(Refused, match="contradicts itself"):
        record(handed_over(), rows_without_login=7000)
