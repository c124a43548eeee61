"""Freeze, export, hand over."""

import datetime as dt
import json
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from bigcode_optout.accounts.models import User
from bigcode_optout.claims.models import RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.exclusionlist import FORMATS, read
from bigcode_optout.releases import exporting, queries, services
from bigcode_optout.releases.models import Exclusion
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import Decision, ScopeItem
from tests.builders import (
    make_index,
    make_release_manager,
    make_reviewer,
    make_user,
    reviewed_by_person,
    submitted_request,
    the_stack,
)
from tests.releases.builders import accepted_request, frozen, planned

pytestmark = pytest.mark.django_db


def names_in(release):
    return sorted((one.kind, one.name_key) for one in release.exclusions.all())


def test_a_freeze_takes_what_is_accepted_and_nothing_else(index):
    accepted_request(make_user())
    submitted_request(make_user(502, "tern-hollow"))
    denied = reviewed_by_person(make_user(503, "fen-walker"))
    removals.deny(
        by=User.objects.get(username="e.thorne"),
        request_id=denied.pk,
        reason=Decision.Reason.INSUFFICIENT_PROOF,
    )
    release = frozen()
    assert names_in(release) == [("owner", "otter-quay")]
    assert (release.state, release.rule_count) == ("frozen", 1)
    assert ScopeItem.objects.filter(frozen_at__isnull=False).count() == 1


def test_a_withdrawal_before_the_freeze_takes_it_out_of_the_list(index):
    user = make_user()
    request = accepted_request(user)
    removals.withdraw(by=user, request_id=request.pk)
    assert names_in(frozen()) == []


def test_after_the_freeze_a_request_cannot_be_withdrawn_but_opted_back_in_for_later(index):
    user = make_user()
    request = accepted_request(user)
    first = frozen("v3.1")
    with pytest.raises(Conflict, match="frozen"):
        removals.withdraw(by=user, request_id=request.pk)
    with pytest.raises(Conflict, match="frozen"):
        removals.reopen(by=User.objects.get(username="e.thorne"), request_id=request.pk, text="")
    removals.opt_back_in(by=user, request_id=request.pk)
    assert names_in(first) == [("owner", "otter-quay")]
    assert names_in(frozen("v3.2")) == []


def test_a_standing_exclusion_stays_in_every_later_list_with_the_release_that_had_it_first(index):
    accepted_request(make_user())
    frozen("v3.1")
    accepted_request(make_user(502, "tern-hollow"))
    later = frozen("v3.2")
    assert {one.name: one.since_release for one in later.exclusions.all()} == {
        "otter-quay": "v3.1",
        "tern-hollow": "v3.2",
    }
    assert later.previous.name == "v3.1"


def test_parts_accepted_in_a_request_that_is_still_open_are_taken(index):
    request = reviewed_by_person(make_user(), ["otter-quay/kelp", "otter-quay/reef"])
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    kelp = request.items.get(name="otter-quay/kelp")
    removals.decide(by=make_reviewer(), request_id=request.pk, verdicts={kelp.pk: accept})
    assert names_in(frozen()) == [("repository", "otter-quay/kelp")]


def test_two_people_over_one_repository_make_one_rule_and_each_lifts_only_their_own(index):
    first, second = make_user(), make_user(502, "tern-hollow")
    mine = accepted_request(first, ("otter-quay/kelp",))
    item = mine.items.get()
    theirs = accepted_request(second)
    theirs.items.update(
        kind="repository", name="otter-quay/kelp", name_key="otter-quay/kelp", owner_id=item.owner_id
    )
    release = frozen("v3.1")
    assert names_in(release) == [("repository", "otter-quay/kelp")]
    assert release.exclusions.get().items.count() == 2
    removals.opt_back_in(by=first, request_id=mine.pk)
    assert names_in(frozen("v3.2")) == [("repository", "otter-quay/kelp")]


def test_known_repository_numbers_stand_beside_the_owner_and_former_names_end_with_the_data(index, tmp_path):
    user = make_user()
    make_index(tmp_path, [("otter-old/kelp", 9001, 5)], version="v1.9", data_date=dt.date(2022, 3, 31))
    for number, name in ((9001, "otter-quay/kelp"), (9002, "otter-quay/reef")):
        RepositoryFact.objects.create(
            full_name_key="", repository_id=number, owner_id=501, full_name=name, learned_at=clock.now()
        )
    request = submitted_request(user)
    from bigcode_optout.removals import locating

    locating.search(request)
    removals.begin_review(request_id=request.pk)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    removals.decide(by=make_reviewer(), request_id=request.pk, verdicts={request.items.get().pk: accept})
    rules = {(one.kind, one.name_key, one.repo_id, one.name_valid_until) for one in frozen().exclusions.all()}
    assert rules == {
        ("owner", "otter-quay", None, None),
        ("repository", "otter-quay/kelp", 9001, None),
        ("repository", "otter-quay/reef", 9002, None),
        ("repository", "otter-old/kelp", 9001, dt.date(2022, 3, 31)),
    }


def test_a_release_is_frozen_once(index):
    release = frozen()
    with pytest.raises(Conflict, match="does not change"):
        services.freeze(release_id=release.pk, by=None)


def test_one_release_is_open_at_a_time(index):
    planned("v3.1")
    with pytest.raises(Conflict, match="still open"):
        services.plan(dataset=the_stack(), name="v3.2")


def test_what_was_added_behind_the_freeze_stops_every_export(index):
    accepted_request(make_user())
    release = frozen()
    Exclusion.objects.create(
        release=release,
        kind="owner",
        name="somebody",
        name_key="somebody",
        files=True,
        commits=True,
        issues=True,
        since_release="v3.1",
    )
    with pytest.raises(Conflict, match="not the ones that were frozen"):
        exporting.export(release=release, format="csv", by=None)


def test_the_database_refuses_a_rule_that_excludes_nothing(index):
    with pytest.raises(IntegrityError), transaction.atomic():
        Exclusion.objects.create(
            release=frozen(),
            kind="owner",
            name="x",
            name_key="x",
            files=False,
            commits=False,
            issues=False,
            since_release="v3.1",
        )


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_is_written_once_and_gives_the_same_bytes_again(index, tmp_path, format):
    accepted_request(make_user())
    release = frozen()
    one, two = tmp_path / "one", tmp_path / "two"
    exporting.export(release=release, format=format, by=None, output=one)
    exporting.export(release=release, format=format, by=None, output=two)
    release.exports.get(format=format).delete()
    again = exporting.export(release=release, format=format, by=None)
    kept = Path(settings.EXPORT_DIR) / again.path
    assert contents(one) == contents(two) == contents(kept)
    assert json.loads((one / "manifest.json").read_text())["release"] == "v3.1"


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_export_reads_back_as_the_frozen_rules(index, tmp_path):
    accepted_request(make_user())
    release = frozen()
    exporting.export(release=release, format="parquet", by=None, output=tmp_path / "out")
    assert list(read(tmp_path / "out").rules) == services.rules_of(release)


def test_the_legacy_list_has_every_spelling_of_the_index_and_the_one_typed(index):
    accepted_request(make_user(login="Otter-quay"))
    kept = exporting.export(release=frozen(), format="legacy-json", by=None)
    [file] = (Path(settings.EXPORT_DIR) / kept.path).glob("data/*.json")
    columns = json.loads(file.read_text())
    assert set(columns) == {"otter-quay", "Otter-Quay", "OTTER-QUAY", "Otter-quay"}
    assert all("all" in words for words in columns.values())


def test_files_alone_are_written_as_repositories_never_as_all_and_counted(index):
    from tests.builders import make_draft

    user = make_user()
    request = removals.submit(by=user, draft_id=make_draft(user, commits=False, issues=False).pk)
    removals.begin_review(request_id=request.pk)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    removals.decide(by=make_reviewer(), request_id=request.pk, verdicts={request.items.get().pk: accept})
    kept = exporting.export(release=frozen(), format="legacy-json", by=None)
    [file] = (Path(settings.EXPORT_DIR) / kept.path).glob("data/*.json")
    columns = json.loads(file.read_text())
    assert kept.manifest["lossy_rules"] == 1
    written = {word for words in columns.values() for word in words}
    assert written == {"otter-quay/kelp", "Otter-Quay/Reef", "OTTER-QUAY/kelp-fork"}


def test_an_export_does_not_write_into_a_folder_that_has_something(index, tmp_path):
    (tmp_path / "precious.txt").write_text("keep me")
    with pytest.raises(Refused, match="not empty"):
        exporting.export(release=frozen(), format="csv", by=None, output=tmp_path)
    assert (tmp_path / "precious.txt").read_text() == "keep me"


def test_an_open_release_is_neither_exported_nor_handed_over(index):
    release = planned()
    with pytest.raises(Conflict, match="still open"):
        exporting.export(release=release, format="csv", by=None)
    with pytest.raises(Conflict, match="only a frozen release"):
        services.hand_over(release_id=release.pk, by=None)


def test_handing_over_tells_every_requester_once_and_leaves_the_request_accepted(index):
    request = accepted_request(make_user(), email="otter@quay.example")
    release = frozen()
    services.hand_over(release_id=release.pk, by=None)
    request.refresh_from_db()
    assert request.state == "accepted"
    assert [event.code for event in request.events.all()][-2:] == ["freeze", "hand_over"]
    assert "v3.1" in request.mails.get(kind="in_release").body
    assert [one.name for one in queries.releases_with(request)] == ["v3.1"]
    with pytest.raises(Conflict):
        services.hand_over(release_id=release.pk, by=None)


def test_only_release_managers_freeze_export_and_hand_over(index):
    release, reviewer, manager = planned(), make_reviewer(), make_release_manager()
    with pytest.raises(Forbidden):
        services.freeze(release_id=release.pk, by=reviewer)
    services.freeze(release_id=release.pk, by=manager)
    release.refresh_from_db()
    with pytest.raises(Forbidden):
        exporting.export(release=release, format="csv", by=reviewer)
    with pytest.raises(Forbidden):
        services.hand_over(release_id=release.pk, by=reviewer)
    assert release.frozen_by == manager


def test_a_person_sees_what_is_excluded_for_their_account_by_number(index):
    user = make_user()
    accepted_request(user)
    frozen()
    assert [one.name for one in queries.exclusions_for(user, "the-stack")] == ["otter-quay"]
    assert queries.exclusions_for(make_user(502, "tern-hollow"), "the-stack") == []
    assert queries.left_out_owner_count("the-stack") == 1
