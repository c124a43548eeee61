"""Exports are written once and kept; deltas and keyed lists, too; and what builders have is written by itself."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Forbidden, Refused
from bigcode_optout.exclusionlist import ListBroken, SigningKey, WriteFailed, read, read_delta
from bigcode_optout.releases import exporting, services, tasks
from bigcode_optout.releases.models import DeltaExport, KeyedListKey, Release
from tests.builders import make_user, the_stack
from tests.full_disk import full_disk
from tests.releases.builders import accepted_request, frozen, planned

KEY = SigningKey.generate()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Exports stand in a folder of the test, signed."""
    settings.EXPORT_DIR = tmp_path / "exports"
    settings.EXCLUSION_SIGNING_KEY = KEY.to_pem().decode()


@pytest.fixture
def releases(index):
    """v3.1 with one owner, v3.2 with two."""
    accepted_request(make_user())
    first = frozen("v3.1")
    accepted_request(make_user(502, "tern-hollow"))
    return first, frozen("v3.2")


def files_under(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("format", exporting.ALL_FORMATS)
def test_each_format_gives_the_same_signed_bytes_however_often_it_is_written(releases, format):
    release = releases[1]
    kept = exporting.export(release=release, format=format, by=None)
    before = files_under(exporting.folder_of(kept))
    assert len(before) == 4 and json.loads(before["manifest.json"]) == kept.manifest
    assert exporting.export(release=release, format=format, by=None) == kept
    kept.delete()
    again = exporting.export(release=release, format=format, by=None)
    assert files_under(exporting.folder_of(again)) == before


def test_a_copy_on_a_full_disk_is_refused_and_leaves_nothing(releases, tmp_path):
    exporting.export(release=releases[1], format="csv", by=None)
    with full_disk(100), pytest.raises(WriteFailed, match="could not be written: File too large"):
        exporting.export(release=releases[1], format="csv", by=None, output=tmp_path / "copies/csv")
    assert list((tmp_path / "copies").iterdir()) == []


def test_the_choice_about_shared_content_stands_in_every_manifest_and_goes_over_to_a_patch_release(index):
    accepted_request(make_user())
    release = services.plan(dataset=the_stack(), name="v3.1", shared_content="keep")
    release = services.freeze(release_id=release.pk, by=None)
    kept = exporting.export(release=release, format="csv", by=None)
    assert kept.manifest["choices"] == {"shared_content": "keep"}
    Release.objects.update(state="failed")
    release.refresh_from_db()
    assert services.plan(dataset=the_stack(), name="v3.1.1", replaces=release).shared_content == "keep"
    with pytest.raises(Refused, match="drop or keep"):
        services.plan(dataset=the_stack(), name="v3.2", shared_content="half")


def test_an_export_that_was_killed_before_its_row_is_written_anew(releases):
    release = releases[1]
    kept = exporting.export(release=release, format="csv", by=None)
    before = files_under(exporting.folder_of(kept))
    kept.delete()
    (exporting.folder_of(kept) / "data" / "exclusions.csv").write_text("half of it")
    assert (
        files_under(exporting.folder_of(exporting.export(release=release, format="csv", by=None))) == before
    )


def test_a_delta_leads_from_the_earlier_list_to_the_later_one(releases, tmp_path):
    first, second = releases
    kept = exporting.export_delta(release=second, before=first, by=None, output=tmp_path / "delta")
    manifest, delta = read_delta(tmp_path / "delta")
    assert (manifest.before.release, manifest.after.release, manifest.key_id) == ("v3.1", "v3.2", KEY.key_id)
    assert {rule.name for rule in delta.added} == {"tern-hollow"} and delta.removed == []
    assert kept == exporting.export_delta(release=second, before=first, by=None)


def test_a_delta_leads_forward_only(releases):
    first, second = releases
    for pair in ((first, second), (first, first)):
        with pytest.raises(Refused, match="was not frozen before"):
            exporting.export_delta(release=pair[0], before=pair[1], by=None)
    assert not DeltaExport.objects.exists()


def test_a_delta_of_lists_that_were_changed_on_disk_is_refused(releases):
    first, second = releases
    folder = exporting.folder_of(exporting.export(release=first, format="jsonl", by=None))
    data = folder / "data" / "exclusions.jsonl"
    data.write_bytes(data.read_bytes().replace(b"otter", b"Otter"))
    with pytest.raises(ListBroken, match="SHA-256"):
        exporting.export_delta(release=second, before=first, by=None)


def test_keyed_lists_of_two_releases_cannot_be_compared(releases):
    tags = []
    for release in releases:
        kept = exporting.export(release=release, format="keyed-jsonl", by=None)
        text = (exporting.folder_of(kept) / "data" / "keyed.jsonl").read_text()
        assert "otter" not in text
        tags.append({json.loads(line)["tag"] for line in text.splitlines()})
    assert tags[0] and not tags[0] & tags[1]
    assert KeyedListKey.objects.count() == 2


def test_all_keyed_formats_of_a_release_are_under_one_key(releases):
    checks = {
        exporting.export(release=releases[1], format=format, by=None).manifest["list_key_check"]
        for format in ("keyed-csv", "keyed-jsonl", "keyed-parquet")
    }
    assert len(checks) == 1


def test_what_is_handed_over_is_written_in_every_format_by_itself(releases):
    first, second = releases
    assert exporting.due() == []
    services.hand_over(release_id=second.pk, by=None)
    assert exporting.due() == [second.pk]
    tasks.write_exports(second.pk)
    assert set(second.exports.values_list("format", flat=True)) == set(exporting.ALL_FORMATS)
    assert [delta.before for delta in second.deltas.all()] == [first]
    assert exporting.due() == []


def test_handing_over_rings_for_the_worker(releases, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr(services, "ring_named", lambda name, *arguments: rung.append((name, *arguments)))
    services.hand_over(release_id=releases[1].pk, by=None)
    assert rung == [("releases.write_exports", releases[1].pk)]


def test_what_cannot_be_written_does_not_keep_the_rest_waiting(releases, monkeypatch, caplog):
    _, second = releases
    services.hand_over(release_id=second.pk, by=None)

    def broken(*_):
        raise Conflict("index_broken", "An index cannot be read.")

    monkeypatch.setattr(exporting, "spellings_for", broken)
    tasks.write_exports(second.pk)
    assert set(exporting.ALL_FORMATS) - set(second.exports.values_list("format", flat=True)) == {
        "legacy-json"
    }
    assert exporting.due() == [second.pk]
    assert "not wholly written: index_broken" in caplog.text


def test_only_release_managers_write_deltas(releases):
    with pytest.raises(Forbidden):
        exporting.export_delta(
            release=releases[1], before=releases[0], by=User.objects.get(username="e.thorne")
        )
    assert not DeltaExport.objects.exists()


def run(*arguments: str) -> dict:
    out = StringIO()
    call_command("export_release", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_by_hand_a_delta_and_everything_are_written(releases, tmp_path):
    said = run("v3.2", "--delta-from", "v3.1", "--output", str(tmp_path / "delta"))
    assert (said["from"], said["manifest"]["counts"]["added"]) == ("v3.1", 1)
    said = run("v3.2", "--everything")
    assert said["formats"] == sorted(exporting.ALL_FORMATS) and said["deltas_from"] == ["v3.1"]
    run("v3.2", "--format", "csv", "--output", str(tmp_path / "csv"))
    assert read(tmp_path / "csv").rules == services.rules_of(releases[1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("v3.2", "--format", "csv"), "Name the folder"),
        (("v3.3", "--everything"), "still open"),
        (("v3.2", "--delta-from", "v3.3", "--output", "out"), "was not frozen before"),
        (("v3.2", "--delta-from", "v9", "--output", "out"), "no release"),
    ],
)
def test_by_hand_what_cannot_be_done_is_said(releases, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    planned("v3.3")
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert not (tmp_path / "out").exists()
