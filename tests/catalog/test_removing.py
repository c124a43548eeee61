"""Old folders go after the grace period, rows stay, and nothing that is not ours is touched."""

import datetime as dt
import os
import shutil
import time
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from bigcode_optout.catalog import indexes, queries, removing, services, tasks
from bigcode_optout.catalog.indexes import folder_of, index_of
from bigcode_optout.catalog.models import IndexBuild
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.datasetindex import IndexBroken
from bigcode_optout.names import parse
from tests.builders import make_index

pytestmark = pytest.mark.django_db
ROWS = [("tern/notes", None, 1)]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    """Indexes of other tests are not this test's to remove."""
    settings.INDEX_DIR = tmp_path / "indexes"


@pytest.fixture
def two_builds(tmp_path):
    first = make_index(tmp_path, ROWS).current_build
    return first, make_index(tmp_path, ROWS).current_build


def grow_old(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    for each in [*path.rglob("*"), path]:
        os.utime(each, (then, then))


def later(hours):
    return time_machine.travel(clock.now() + dt.timedelta(hours=hours), tick=True)


def test_a_retired_build_goes_after_the_grace_period_with_all_beside_it_and_its_row_stays(two_builds):
    first, second = two_builds
    beside = [folder_of(build).with_name(f"{build.name}.copies") for build in two_builds]
    for folder in beside:
        folder.mkdir(parents=True)
    with later(hours=23):
        tasks.remove_old_builds()
    assert folder_of(first).exists()
    with later(hours=25):
        tasks.remove_old_builds()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.removed_at is not None and second.removed_at is None
    assert [folder.exists() for folder in (folder_of(first), beside[0])] == [False, False]
    assert [folder.exists() for folder in (folder_of(second), beside[1])] == [True, True]
    assert queries.look_up("the-stack", parse("tern")).is_in


def test_the_build_that_was_gone_back_to_stays(two_builds):
    first, second = two_builds
    with later(hours=20):
        services.switch_index(build_id=first.pk)
    with later(hours=30):
        assert removing.remove_retired() == 0
    with later(hours=46):
        assert removing.remove_retired() == 1
    assert folder_of(first).exists() and not folder_of(second).exists()
    with pytest.raises(Conflict, match="was removed"):
        services.switch_index(build_id=second.pk)


def test_a_deletion_that_was_killed_after_its_mark_is_finished_by_the_next_run(two_builds):
    first, _ = two_builds
    IndexBuild.objects.filter(pk=first.pk).update(removed_at=clock.now(), retired_at=clock.now())
    grow_old(folder_of(first), hours=30)
    tasks.remove_old_builds()
    assert not folder_of(first).exists()


def test_what_nobody_registered_goes_when_it_is_old_and_silent(two_builds):
    _, second = two_builds
    place = folder_of(second).parent
    names = (
        "20260101T000000-aaaaaaaa",
        ".20260101T000000-bbbbbbbb.building-x1",
        f".{second.name}.copies.building-x2",
    )
    for name in names:
        (place / name).mkdir()
        (place / name / "part").write_text("x")
    tasks.remove_old_builds()
    assert all((place / name).exists() for name in names)
    for name in names:
        grow_old(place / name, hours=25)
    (place / names[0] / "part").touch()
    assert removing.remove_leftovers() == 2
    assert [(place / name).exists() for name in names] == [True, False, False]


def test_what_is_not_named_like_a_build_is_never_touched(two_builds):
    _, second = two_builds
    others = [folder_of(second).parent / "notes", Path(settings.INDEX_DIR) / "the-stack" / "README"]
    for path in others:
        path.mkdir()
        grow_old(path, hours=1000)
    assert removing.remove_leftovers() == 0
    assert all(path.exists() for path in others)


def test_an_index_folder_that_was_never_made_is_no_error(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "nothing"
    tasks.remove_old_builds()
    assert not settings.INDEX_DIR.exists()


def test_an_open_index_is_closed_when_nobody_asked_for_it_for_the_grace_period(
    two_builds, settings, monkeypatch
):
    first, second = two_builds
    held = index_of(first)
    assert held.owner_totals("tern").repositories == 1 and index_of(first) is held
    index_of(second)
    assert held.owner_totals("tern").repositories == 1
    monkeypatch.setattr(indexes.time, "monotonic", lambda: time.perf_counter() + 90_000)
    index_of(second)
    with pytest.raises(IndexBroken, match="closed"):
        list(held.find(owners=["tern"]))
    assert index_of(second).owner_totals("tern").repositories == 1


def test_a_folder_that_somebody_deleted_is_told(two_builds):
    _, second = two_builds
    shutil.rmtree(folder_of(second))
    with pytest.raises(IndexBroken):
        index_of(second)
