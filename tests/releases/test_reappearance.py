"""A new version is swept for what should be left out: what stands there again is found, told apart and listed once."""

import datetime as dt

import pytest

from bigcode_optout.catalog.indexes import folder_of
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Missing, Unavailable
from bigcode_optout.releases import queries, tasks
from bigcode_optout.releases.models import Exclusion, Reappearance, VersionSweep
from bigcode_optout.releases.sweeping import due, sweep
from bigcode_optout.removals import services as removals
from bigcode_optout.removals import triggers
from tests.builders import DATA_DATE, make_index, make_user, submitted_request, the_stack
from tests.releases.builders import accepted_request, frozen

pytestmark = pytest.mark.django_db
AGAIN = [
    ("otter-quay/kelp", 9001, 100),
    ("OTTER-QUAY/reef", 9002, 10),
    ("gull/borrowed-name", 9003, 5),
    ("tern-hollow/notes", 9100, 7),
]
LATER = dt.date(2025, 1, 1)


def know_number(number, name, owner_id=501):
    RepositoryFact.objects.create(
        full_name_key="", repository_id=number, owner_id=owner_id, full_name=name, learned_at=clock.now()
    )


def found_in(version):
    rows = Reappearance.objects.filter(sweep__version=version)
    return {
        (row.full_name, row.found_by, row.excluded_since and row.excluded_since.name, row.is_unexpected)
        for row in rows
    }


@pytest.fixture
def excluded(index):
    """Everything of otter-quay stands on the frozen list for v3.1."""
    request = accepted_request(make_user())
    frozen("v3.1")
    return request


def test_a_later_version_shows_what_is_back_and_by_what_it_was_found(excluded, tmp_path):
    know_number(9003, "otter-quay/lent")
    version = make_index(tmp_path, AGAIN, version="v2.2", data_date=LATER)
    done = sweep(version_id=version.pk)
    assert found_in(version) == {
        ("otter-quay/kelp", "name", "v3.1", True),
        ("OTTER-QUAY/reef", "spelling", "v3.1", True),
        ("gull/borrowed-name", "number", "v3.1", True),
    }
    assert (done.state, done.found_count, done.rule_count) == ("done", 3, 2)
    assert queries.unexpected_count("the-stack") == 3


def test_a_version_from_before_the_list_holds_what_it_holds_and_nothing_is_unexpected(excluded, index):
    sweep(version_id=index.pk)
    assert {row[0] for row in found_in(index)} == {
        "otter-quay/kelp", "Otter-Quay/Reef", "OTTER-QUAY/kelp-fork"
    }  # fmt: skip
    assert queries.unexpected_count("the-stack") == 0


def test_an_older_version_that_is_registered_late_is_not_taken_for_a_new_one(excluded, tmp_path):
    late = make_index(tmp_path, AGAIN, version="v1.2", data_date=dt.date(2022, 3, 31))
    sweep(version_id=late.pk)
    assert found_in(late) and queries.unexpected_count("the-stack") == 0


def test_the_version_with_the_lists_name_is_bound_by_it_also_with_the_same_crawl(excluded, tmp_path):
    version = make_index(tmp_path, AGAIN, version="V3.1", data_date=dt.date(2022, 1, 1))
    sweep(version_id=version.pk)
    assert queries.unexpected_count("the-stack") == 2


def test_what_is_accepted_and_on_no_list_yet_is_found_and_expected(index, tmp_path):
    accepted_request(make_user(), ("otter-quay/kelp",))
    submitted_request(make_user(502, "tern-hollow"))
    version = make_index(tmp_path, AGAIN, version="v2.2", data_date=LATER)
    sweep(version_id=version.pk)
    assert found_in(version) == {("otter-quay/kelp", "name", None, False)}


def test_a_name_covers_data_up_to_its_last_day_and_a_number_covers_all(excluded, tmp_path):
    with triggers.lifted():
        Exclusion.objects.update(name_valid_until=DATA_DATE)
    know_number(9002, "otter-quay/reef")
    version = make_index(tmp_path, AGAIN, version="v2.2", data_date=LATER)
    sweep(version_id=version.pk)
    assert found_in(version) == {("OTTER-QUAY/reef", "number", "v3.1", True)}


def test_whoever_opted_back_in_or_asked_for_issues_only_is_not_listed(excluded, tmp_path):
    other = accepted_request(make_user(502, "tern-hollow"))
    other.items.update(files=False)
    removals.opt_back_in(by=excluded.requester, request_id=excluded.pk)
    version = make_index(tmp_path, AGAIN, version="v2.2", data_date=LATER)
    sweep(version_id=version.pk)
    assert found_in(version) == set()


def test_two_people_over_one_repository_have_a_row_each_and_it_counts_once(index, tmp_path):
    accepted_request(make_user(), ("otter-quay/kelp",))
    accepted_request(make_user(777, "co-owner"), ("co-owner/kelp",)).items.update(
        name="otter-quay/kelp", name_key="otter-quay/kelp"
    )
    frozen("v3.1")
    version = make_index(tmp_path, AGAIN, version="v2.2", data_date=LATER)
    sweep(version_id=version.pk)
    assert Reappearance.objects.count() == 2 and queries.unexpected_count("the-stack") == 1


def test_a_new_build_replaces_what_the_one_before_had(excluded, tmp_path):
    version = make_index(tmp_path, AGAIN, version="v2.2", data_date=LATER)
    sweep(version_id=version.pk)
    assert version.pk not in due()
    make_index(tmp_path, AGAIN[:1], version="v2.2", data_date=LATER)
    assert version.pk in due()
    sweep(version_id=version.pk)
    sweep(version_id=version.pk)
    assert {row[0] for row in found_in(version)} == {"otter-quay/kelp"}
    assert VersionSweep.objects.filter(version=version).count() == 1


def test_the_periodic_task_finds_new_builds_and_old_sweeps_whatever_the_broker_lost(index, monkeypatch):
    monkeypatch.setattr(tasks.sweep_version, "apply_async", lambda args, retry: tasks.sweep_version(*args))
    accepted_request(make_user())
    tasks.sweep_versions()
    assert found_in(index) and due() == []
    frozen("v3.1")
    assert due() == [index.pk]
    tasks.sweep_versions()
    assert {row[2] for row in found_in(index)} == {"v3.1"}


def test_a_worker_that_died_is_followed_by_another_when_its_lease_is_over(excluded, index):
    sweep(version_id=index.pk)
    running = VersionSweep.objects.filter(version=index)
    running.update(state="running", lease_until=clock.now() + dt.timedelta(minutes=5))
    assert due() == []
    with pytest.raises(Conflict, match="being swept"):
        sweep(version_id=index.pk)
    running.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert due() == [index.pk]
    assert sweep(version_id=index.pk).number == 2


def test_a_worker_that_was_overtaken_lists_nothing(excluded, index, monkeypatch):
    from bigcode_optout.releases import sweeping

    def overtaken(*_, **__):
        VersionSweep.objects.update(number=99)
        return iter(())

    monkeypatch.setattr(sweeping, "find", overtaken)
    with pytest.raises(Conflict, match="Another worker"):
        sweep(version_id=index.pk)
    assert VersionSweep.objects.get().state == "running"


def test_an_index_that_cannot_be_read_is_told_and_tried_again_later(excluded, index):
    for file in folder_of(index.current_build).rglob("*.parquet"):
        file.write_bytes(b"")
    tasks.sweep_version(index.pk)
    failed = VersionSweep.objects.get(version=index)
    assert failed.state == "failed" and failed.failure and failed.next_attempt_at > clock.now()
    assert due() == []
    with pytest.raises(Unavailable, match="could not be swept"):
        sweep(version_id=index.pk)
    assert VersionSweep.objects.get(version=index).failure_count == 2


def test_a_version_without_an_index_cannot_be_swept(index):
    type(index).objects.update(current_build=None)
    with pytest.raises(Missing):
        sweep(version_id=index.pk)
    assert due() == []


def test_nothing_that_stands_makes_an_empty_sweep(index):
    done = sweep(version_id=index.pk)
    assert (done.state, done.rule_count, done.found_count) == ("done", 0, 0)
    assert the_stack().versions.count() == 1
