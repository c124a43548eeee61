"""The drill: back everything up, lose the machine, restore, and prove that requests, histories and lists are whole."""

import json
import shutil
import sqlite3
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bigcode_optout.core.backups.databases import way
from bigcode_optout.exclusionlist import SigningKey
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.releases.exporting import export
from bigcode_optout.releases.models import Release
from bigcode_optout.releases.signing import served_keys
from bigcode_optout.removals.models import RemovalRequest
from tests import services
from tests.builders import make_index, make_user
from tests.full_disk import full_disk
from tests.plugin_services import need
from tests.releases.builders import accepted_request, frozen
from tests.releases.conftest import ROWS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def machine(transactional_db, settings, tmp_path):
    """A data folder and a key of this test; and, whatever happens, the suite's own empty database at the end."""
    if connection.vendor == "postgresql":
        need(services.postgres_client())
    way().dump(tmp_path / "before")
    settings.DATA_DIR = tmp_path / "data"
    settings.EXPORT_DIR = tmp_path / "data/exports"
    settings.EXCLUSION_SIGNING_KEY_FILE = str(tmp_path / "data/keys/signing-key.pem")
    Path(settings.EXCLUSION_SIGNING_KEY_FILE).parent.mkdir(parents=True)
    Path(settings.EXCLUSION_SIGNING_KEY_FILE).write_bytes(SigningKey.generate().to_pem())
    (tmp_path / "data/secret_key").write_text("of sessions")
    yield tmp_path
    wipe_database()
    way().restore(tmp_path / "before")


def wipe_database() -> None:
    """Nothing is left of it, not even its tables."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(":memory:") as nothing:
            nothing.backup(connection.connection)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    connection.close()


def wipe(folder: Path) -> None:
    wipe_database()
    shutil.rmtree(folder / "data")
    assert connection.introspection.table_names() == []


@pytest.fixture
def used(machine):
    """A frozen release with somebody in it, exported; answers what must be the same afterwards."""
    make_index(machine, ROWS)
    request = accepted_request(make_user(), email="otter@quay.example")
    release = frozen()
    export(release=release, format="parquet", by=None, output=machine / "handed over")
    return request.reference


def run(*words: object) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def files_under(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_after_a_loss_requests_histories_lists_and_signatures_are_what_they_were(machine, used, settings):
    run("verify_audit", "--write-heads", machine / "heads.jsonl")
    exports = files_under(settings.EXPORT_DIR)
    said = run("back_up", machine / "backup", "--key-folder", machine / "safe")
    assert f"{len(exports)} files of exports" in said
    wipe(machine)

    assert "are as they were at" in run("restore_backup", machine / "backup")
    shutil.copytree(machine / "safe", machine / "data/keys")
    assert files_under(settings.EXPORT_DIR) == exports
    assert RemovalRequest.objects.get().reference == used
    assert "0 findings" in run("verify_audit", "--against", machine / "heads.jsonl")
    (machine / "keys.json").write_bytes(served_keys().to_json())
    [kept] = {Path(settings.EXPORT_DIR) / name for name in exports if name.endswith("manifest.json")}
    assert main(["check", str(kept.parent), "--keys", str(machine / "keys.json")]) == 0
    export(release=Release.objects.get(), format="parquet", by=None, output=machine / "again")
    assert files_under(machine / "again") == files_under(machine / "handed over")
    # The next release can be signed, too: the key came back with its id.
    export(release=Release.objects.get(), format="csv", by=None, output=machine / "csv")
    assert main(["check", str(machine / "csv"), "--keys", str(machine / "keys.json")]) == 0


def test_a_backup_has_no_key_and_only_its_owner_reads_it(machine, used):
    run("back_up", machine / "backup", "--key-folder", machine / "safe")
    secret = (machine / "data/keys/signing-key.pem").read_bytes()
    assert not any(b"PRIVATE KEY" in content for content in files_under(machine / "backup").values())
    assert files_under(machine / "safe") == {"signing-key.pem": secret, "secret_key": b"of sessions"}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (machine / "safe").iterdir()}
    assert modes == {0o600} and stat.S_IMODE((machine / "backup").stat().st_mode) == 0o700


def test_a_restore_is_refused_over_what_is_in_use_and_from_what_is_not_whole(machine, used):
    run("back_up", machine / "backup")
    with pytest.raises(CommandError, match="not empty"):
        run("restore_backup", machine / "backup")
    dumped = machine / "backup" / way().name
    whole = dumped.read_bytes()
    dumped.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(CommandError, match="was changed"):
        run("restore_backup", machine / "backup", "--replace")
    dumped.unlink()
    with pytest.raises(CommandError, match="is missing"):
        run("restore_backup", machine / "backup", "--replace")
    stored = json.loads((machine / "backup/backup.json").read_text())
    (machine / "backup/backup.json").write_text(json.dumps(stored | {"format": 9}))
    with pytest.raises(CommandError, match="not a backup"):
        run("restore_backup", machine / "backup", "--replace")
    assert RemovalRequest.objects.get().reference == used


def test_with_replace_the_desk_goes_back_to_the_backup(machine, used):
    run("back_up", machine / "backup")
    accepted_request(make_user(502, "tern-hollow"))
    assert RemovalRequest.objects.count() == 2
    run("restore_backup", machine / "backup", "--replace")
    assert RemovalRequest.objects.get().reference == used


@pytest.mark.parametrize("place", ["data/exports/backup", "handed over"])
def test_a_backup_gets_an_empty_folder_elsewhere(machine, used, place):
    with pytest.raises(CommandError, match=r"elsewhere|one of its own"):
        run("back_up", machine / place)


def test_keys_never_stand_in_the_backup(machine, used):
    with pytest.raises(CommandError, match="must not stand in the backup"):
        run("back_up", machine / "backup", "--key-folder", machine / "backup/keys")
    assert not (machine / "backup").exists()


def test_a_backup_on_a_full_disk_is_refused_and_leaves_nothing(used, machine):
    with (
        full_disk(100),
        pytest.raises(CommandError, match=r"There is no backup|could not be dumped|pg_dump failed"),
    ):
        call_command("back_up", machine / "backups/one", key_folder=machine / "backups/keys")
    assert not (machine / "backups").exists() or list((machine / "backups").iterdir()) == []
