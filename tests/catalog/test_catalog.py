"""Registering builds, looking names up over all versions."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.catalog import queries, services
from bigcode_optout.catalog.indexes import folder_of
from bigcode_optout.catalog.models import DatasetVersion, IndexBuild
from bigcode_optout.core.errors import Missing, Unavailable
from bigcode_optout.datasetindex import IndexBuildError
from bigcode_optout.names import parse
from tests.builders import DATA_DATE, make_index

pytestmark = pytest.mark.django_db
ROWS = [
    ("Otter-Quay/Kelp", 1, 10),
    ("otter-quay/reef", 2, 20),
    ("otter-quay/reef", 2, 5),
    ("tern/notes", None, 1),
]


@pytest.fixture
def version(tmp_path):
    return make_index(tmp_path, ROWS)


def test_a_build_is_registered_with_its_counts_and_becomes_the_current_one(version):
    build = version.current_build
    assert (build.repository_count, build.owner_count, build.file_count, build.byte_count) == (3, 2, 4, 36)
    assert version.has_repository_ids and version.deduplicated == "exact"
    assert (folder_of(build) / "manifest.json").exists()


def contents_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_build_takes_over_and_the_first_stays_as_it_was(version, tmp_path):
    first = version.current_build
    before = contents_of(folder_of(first))
    make_index(tmp_path, [*ROWS, ("gull/one", 5, 1)])
    version.refresh_from_db()
    assert version.current_build != first
    assert version.current_build.repository_count == 4
    assert contents_of(folder_of(first)) == before
    assert queries.look_up("the-stack", parse("gull")).is_in


def test_a_broken_build_leaves_the_old_one_in_place(version, tmp_path):
    first = version.current_build
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(IndexBuildError, match="broken"):
        services.build_index(
            dataset="the-stack", version="v2.1", schema="v2", data_date=DATA_DATE, inputs=[broken]
        )
    version.refresh_from_db()
    assert version.current_build == first
    assert IndexBuild.objects.count() == 1
    assert queries.look_up("the-stack", parse("otter-quay")).is_in


@pytest.mark.parametrize(
    "text", ["otter-quay", "OTTER-QUAY", "https://github.com/Otter-quay?tab=repositories"]
)
def test_an_owner_is_found_in_any_letter_case(version, text):
    answer = queries.look_up("the-stack", parse(text))
    [held] = answer.versions
    assert (held.repository_count, held.file_count, held.byte_count) == (2, 3, 35)
    assert [row.full_name for row in answer.rows] == ["otter-quay/reef", "Otter-Quay/Kelp"]


def test_versions_are_put_together_by_repository_newest_figures_first(version, tmp_path):
    make_index(tmp_path, [("OTTER-QUAY/KELP", None, 1)], version="v2.0")
    answer = queries.look_up("the-stack", parse("otter-quay/kelp"))
    [row] = answer.rows
    assert row.version_names == {"v2.1", "v2.0"}
    assert (row.full_name, row.latest.bytes) == ("Otter-Quay/Kelp", 10)
    assert [held.version.name for held in answer.versions] == ["v2.1", "v2.0"]


def test_a_name_that_nobody_has_is_in_no_version(version):
    answer = queries.look_up("the-stack", parse("tern-hollow"))
    assert not answer.is_in and answer.rows == [] and answer.newest is None


def test_narrowing_cuts_the_list_and_never_the_totals(version, monkeypatch):
    answer = queries.look_up("the-stack", parse("otter-quay"), name_contains="KEL")
    assert [row.short_name for row in answer.rows] == ["Kelp"]
    assert answer.versions[0].repository_count == 2
    monkeypatch.setattr(queries, "LIST_LIMIT", 1)
    assert queries.look_up("the-stack", parse("otter-quay")).is_cut


def test_a_repository_in_two_spellings_is_one_row_with_the_files_of_both(tmp_path):
    make_index(tmp_path, [("Otter-Quay/Kelp", 1, 10), ("otter-quay/kelp", None, 5)])
    [row] = queries.look_up("the-stack", parse("otter-quay")).rows
    assert (row.latest.files, row.latest.bytes) == (2, 15)


def test_an_index_that_cannot_be_read_is_told_and_never_taken_for_nothing_found(version):
    for file in folder_of(version.current_build).rglob("*.parquet"):
        file.write_bytes(b"")
    with pytest.raises(Unavailable, match="cannot look into v2"):
        queries.look_up("the-stack", parse("otter-quay"))


def test_an_index_that_breaks_between_two_questions_is_told_too(version):
    answer = queries.look_up("the-stack", parse("otter-quay"))
    type(version.current_build).objects.update(path="the-stack/v2/20010101T000000-00000000")
    answer.newest.version.current_build.refresh_from_db()
    with pytest.raises(Unavailable, match="cannot look into v2"):
        queries.languages_of(answer)
    with pytest.raises(Unavailable, match="cannot look into v2"):
        queries.holdings("the-stack", owner="otter-quay", repository_ids=[1])
    with pytest.raises(CommandError, match="cannot look into v2"):
        call_command("locate", "otter-quay")


def test_a_place_where_no_index_can_be_written_is_said(version, settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.INDEX_DIR = tmp_path / "file"
    with pytest.raises(IndexBuildError, match="could not be written: Not a directory"):
        services.build_index(
            dataset="the-stack",
            version="v2",
            schema="v2",
            data_date=DATA_DATE,
            inputs=[tmp_path / "v2.1.parquet"],
        )


def test_a_version_without_an_index_is_not_asked(version):
    DatasetVersion.objects.create(
        dataset=version.dataset, name="v3", schema="v3", data_date=DATA_DATE, deduplicated="no"
    )
    assert [held.name for held in queries.versions("the-stack")] == ["v2.1"]
    with pytest.raises(Missing):
        list(queries.find(DatasetVersion.objects.get(name="v3"), owners=["a"]))


def test_the_locate_command_answers_per_version(version):
    out = StringIO()
    call_command("locate", "OTTER-QUAY/reef", "tern-hollow", "--json", stdout=out)
    found, nothing = json.loads(out.getvalue())
    assert found["versions"] == [{"version": "v2.1", "repositories": 1, "files": 2, "bytes": 25}]
    assert found["repositories"][0]["repo_id"] == 2
    assert nothing["repositories"] == []


def test_the_locate_command_refuses_what_is_no_name(version):
    with pytest.raises(CommandError):
        call_command("locate", "otter quay")


def test_the_build_command_builds_registers_and_says_what_it_counted(tmp_path):
    make_index(tmp_path, ROWS)
    out = StringIO()
    arguments = ["--dataset", "the-stack", "--version", "v2.2", "--schema", "v2", "--data-date", "2023-09-06"]
    call_command("build_index", *arguments, str(tmp_path / "v2.1.parquet"), stdout=out)
    assert "3 repositories of 2 owners, 4 files" in out.getvalue()
    assert DatasetVersion.objects.filter(name="v2.2", current_build__isnull=False).exists()


def test_the_build_command_fails_with_a_sentence(tmp_path):
    with pytest.raises(CommandError):
        call_command(
            "build_index",
            "--dataset",
            "the-stack",
            "--version",
            "v2.2",
            "--data-date",
            "2023-09-06",
            str(Path(tmp_path) / "nothing-here"),
        )
    assert not DatasetVersion.objects.exists()
