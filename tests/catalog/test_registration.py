"""Which build answers for a version: the later registration, or the one that was gone back to; and what is said."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.catalog import queries, services
from bigcode_optout.catalog.indexes import folder_of
from bigcode_optout.catalog.models import IndexBuild
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.datasetindex import IndexBroken, IndexBuildError
from bigcode_optout.names import parse
from tests.builders import DATA_DATE, make_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_builds(tmp_path):
    """The earlier and the later build of v2.1; only the later one has gull."""
    first = make_index(tmp_path, [("tern/notes", None, 1)]).current_build
    second = make_index(tmp_path, [("tern/notes", None, 1), ("gull/one", 5, 1)]).current_build
    first.refresh_from_db()
    return first, second


def command(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_both_builds_are_kept_and_the_newest_is_current(two_builds):
    first, second = two_builds
    assert first.retired_at is not None and second.retired_at is None
    assert second.version.current_build == second
    assert second.version.has_repository_ids
    assert second.remarks == []


def test_an_earlier_build_takes_over_again_with_its_facts(two_builds):
    first, second = two_builds
    assert "answers for v2.1 now" in command("switch_index", "v2.1", first.name, "--verify")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.version.current_build == first and not first.version.has_repository_ids
    assert first.retired_at is None and second.retired_at is not None
    assert not queries.look_up("the-stack", parse("gull")).is_in


def test_without_a_build_the_builds_are_listed(two_builds):
    first, second = two_builds
    listed = command("switch_index", "v2.1")
    assert f"{second.name}\tcurrent" in listed and f"{first.name}\ton disk" in listed


def test_what_is_not_there_is_not_switched_to(two_builds):
    first, second = two_builds
    for arguments, words in ((("v9", "x"), "no version"), (("v2.1", "20010101T000000-x"), "no build")):
        with pytest.raises(CommandError, match=words):
            command("switch_index", *arguments)
    IndexBuild.objects.filter(pk=first.pk).update(removed_at=clock.now())
    with pytest.raises(Conflict, match="was removed"):
        services.switch_index(build_id=first.pk)
    assert second.version.builds.count() == 2


def test_a_build_that_was_damaged_does_not_take_over(two_builds):
    first, second = two_builds
    file = next(folder_of(first).rglob("*.parquet"))
    file.chmod(0o644)
    file.write_bytes(b"nothing")
    with pytest.raises(IndexBroken):
        services.switch_index(build_id=first.pk)
    second.refresh_from_db()
    assert second.version.current_build == second and second.retired_at is None


def test_other_facts_about_a_version_are_allowed_and_said(tmp_path, two_builds):
    _, second = two_builds
    version = make_index(tmp_path, [("tern/notes", None, 1)], data_date=dt.date(2023, 10, 1))
    [remark] = version.current_build.remarks
    assert "The data date of v2.1 was 2023-09-06 and is 2023-10-01 now" in remark
    assert version.data_date == dt.date(2023, 10, 1)
    services.switch_index(build_id=second.pk)
    version.refresh_from_db()
    assert version.data_date == DATA_DATE


def test_the_later_of_two_builds_at_once_serves_and_says_so(tmp_path, monkeypatch):
    real, done = services.build, []

    def overtaken(*arguments, **options):
        manifest = real(*arguments, **options)
        if not done:
            done.append(True)
            done.append(make_index(tmp_path, [("gull/one", 5, 1)]).current_build)
        return manifest

    make_index(tmp_path, [("old/one", 5, 1)])
    monkeypatch.setattr(services, "build", overtaken)
    version = make_index(tmp_path, [("tern/notes", None, 1)])
    assert version.current_build.remarks == [
        f"Another build of v2.1, {done[1].name}, was registered while this one ran. "
        "This one came later, so it serves now; switch_index goes back."
    ]
    assert version.builds.count() == 3
    assert folder_of(done[1]).exists() and folder_of(version.current_build) != folder_of(done[1])


def test_a_build_from_what_looks_like_a_wrong_folder_does_not_serve_until_somebody_says_so(tmp_path):
    before = make_index(tmp_path, [(f"tern/{number}", None, 1) for number in range(5)]).current_build
    make_index(tmp_path, [("gull/one", 5, 1), ("gull/two", 6, 1)], version="v0")
    arguments = ("build_index", "--version", "v2.1", "--data-date", "2023-09-06", "--schema", "v2")
    arguments += (str(tmp_path / "v0.parquet"),)
    with pytest.raises(CommandError, match="does not serve") as told:
        command(*arguments)
    made, _ = before.version.builds.all()
    assert f"manage.py switch_index v2.1 {made.name}" in str(told.value)
    assert not made.is_current and made.retired_at is not None
    assert made.remarks == [f"It has 2 of 5 repositories that {before.name} has. Were all inputs named?"]
    assert queries.look_up("the-stack", parse("tern")).is_in
    assert f"Build {made.name} answers for v2.1 now." in command("switch_index", "v2.1", made.name)
    assert queries.look_up("the-stack", parse("gull")).is_in
    services.switch_index(build_id=before.pk)
    assert "answers for v2.1 now" in command(*arguments, "--may-shrink")


def test_a_version_without_an_index_is_said_to_have_none_when_its_first_build_fails(tmp_path):
    with pytest.raises(CommandError, match=r"no file or folder.*The version has no index yet"):
        command("build_index", "--version", "v2.1", "--data-date", "2023-09-06", str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["../v2.1", "v2/1", "", ".hidden", "v2.1\n"])
def test_a_version_that_cannot_name_a_folder_is_refused_before_anything_is_read(name, tmp_path):
    with pytest.raises(IndexBuildError, match="cannot name a folder"):
        services.build_index(
            dataset="the-stack", version=name, schema="v2", data_date=DATA_DATE, inputs=[tmp_path / "none"]
        )


def test_the_command_refuses_a_data_date_in_the_future_and_says_what_serves(tmp_path):
    make_index(tmp_path, [("tern/notes", None, 1)])
    day = (clock.today() + dt.timedelta(days=2)).isoformat()
    source = str(tmp_path / "v2.1.parquet")
    with pytest.raises(CommandError, match=r"in the future.*The index that served before still serves"):
        command("build_index", "--version", "v2.1", "--data-date", day, source)
    assert IndexBuild.objects.count() == 1


def test_the_command_takes_limits_and_reports_what_was_left_out(tmp_path):
    make_index(tmp_path, [("tern/notes", None, 1), ("a/b/c", None, 1)], version="v2.0")
    said = command(
        *("build_index", "--version", "v2.1", "--data-date", "2023-09-06", "--schema", "v2"),
        *("--memory-limit", "300MB", "--threads", "1", str(tmp_path / "v2.0.parquet")),
    )
    assert "v2.1: 1 repository of 1 owner, 1 file" in said
    assert "Left out as too_many_slashes: 1 malformed name on 1 row." in said
    build = IndexBuild.objects.get(version__name="v2.1")
    assert f"Build {build.name} answers for v2.1 now." in said


def test_copies_of_a_deduplicated_version_are_refused_and_the_index_serves(tmp_path):
    make_index(tmp_path, [("tern/notes", None, 1)], version="v2.0")
    with pytest.raises(
        CommandError, match=r"The index serves\. Copies elsewhere were not counted: .*deduplicated"
    ):
        command(
            *("build_index", "--version", "v2.1", "--data-date", "2023-09-06", "--schema", "v2"),
            *("--copies", str(tmp_path / "v2.0.parquet")),
        )
    assert queries.look_up("the-stack", parse("tern")).is_in
