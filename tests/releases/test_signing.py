"""Lists are signed with the configured key, and every public key stays served."""

import json
import stat
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict, Missing, Unavailable
from bigcode_optout.exclusionlist import SignatureRefused, SigningKey, check
from bigcode_optout.releases import exporting, signing
from bigcode_optout.releases.checks import lists_are_signed
from bigcode_optout.releases.models import PublishedKey
from tests.builders import make_user
from tests.releases.builders import accepted_request, frozen

ONE, OTHER = SigningKey.generate(), SigningKey.generate()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Exports stand in a folder of the test, signed by the first key."""
    settings.EXPORT_DIR = tmp_path / "exports"
    use(settings, ONE)


@pytest.fixture
def release(index):
    accepted_request(make_user())
    return frozen()


def use(settings, key: SigningKey | None) -> None:
    settings.EXCLUSION_SIGNING_KEY = key.to_pem().decode() if key else ""
    settings.EXCLUSION_SIGNING_KEY_FILE = ""


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_export_is_signed_and_its_key_is_served(release):
    kept = exporting.export(release=release, format="csv", by=None)
    assert kept.manifest["key_id"] == ONE.key_id
    assert check(exporting.folder_of(kept), keys=signing.served_keys()).release == "v3.1"
    assert [key.key_id for key in signing.served_keys().keys] == [ONE.key_id]


def test_without_a_key_a_list_is_written_and_says_that_nobody_signed_it(release, settings):
    use(settings, None)
    kept = exporting.export(release=release, format="csv", by=None)
    assert kept.manifest["key_id"] is None and signing.served_keys().keys == ()
    with pytest.raises(SignatureRefused, match="not signed"):
        check(exporting.folder_of(kept), keys=signing.served_keys())


def test_a_key_may_stand_in_the_environment_on_one_line_and_in_a_file(settings, tmp_path, monkeypatch):
    import environ

    monkeypatch.setenv("A_KEY", ONE.to_pem().decode().replace("\n", "\\n"))
    settings.EXCLUSION_SIGNING_KEY = environ.Env().str("A_KEY", multiline=True)
    assert signing.signing_key().key_id == ONE.key_id
    use(settings, None)
    settings.EXCLUSION_SIGNING_KEY_FILE = str(tmp_path / "key.pem")
    (tmp_path / "key.pem").write_bytes(OTHER.to_pem())
    assert signing.signing_key().key_id == OTHER.key_id


def test_a_key_that_cannot_be_read_stops_the_export_and_is_not_shown(release, settings):
    settings.EXCLUSION_SIGNING_KEY = ONE.to_pem().decode()[:-60]
    with pytest.raises(Unavailable) as stopped:
        exporting.export(release=release, format="csv", by=None)
    assert ONE.to_pem().decode().splitlines()[1][:20] not in stopped.value.sentence
    assert not release.exports.exists()


def test_after_a_rotation_lists_of_the_old_key_still_count(release, settings, db):
    old = exporting.export(release=release, format="csv", by=None)
    signing.retire(key_id=ONE.key_id, last_day=clock.today())
    use(settings, OTHER)
    new = exporting.export(release=release, format="jsonl", by=None)
    keys = signing.served_keys()
    assert check(exporting.folder_of(old), keys=keys).key_id == ONE.key_id
    assert check(exporting.folder_of(new), keys=keys).key_id == OTHER.key_id
    assert [key.valid_until for key in keys.keys] == [clock.today(), None]


def test_a_retired_key_signs_nothing_that_is_younger(release, settings):
    signing.publish(ONE, valid_from=date(2020, 1, 1))
    signing.retire(key_id=ONE.key_id, last_day=clock.today() - timedelta(days=1))
    with pytest.raises(Conflict, match="was valid until"):
        exporting.export(release=release, format="csv", by=None)


def test_a_key_does_not_end_before_it_begins(db):
    signing.publish(ONE, valid_from=date(2026, 5, 1))
    with pytest.raises(Conflict, match="counts from 2026-05-01"):
        signing.retire(key_id=ONE.key_id, last_day=date(2026, 4, 30))
    with pytest.raises(Missing):
        signing.revoke(key_id=OTHER.key_id)


def test_after_a_leak_every_kept_list_is_signed_anew_and_its_data_stays(release, settings):
    for format in exporting.ALL_FORMATS:
        exporting.export(release=release, format=format, by=None)
    before = data_of(release)
    signing.revoke(key_id=ONE.key_id)
    with pytest.raises(Conflict, match="was revoked"):
        signing.key_for(clock.today())
    use(settings, OTHER)
    run("sign_release", "v3.1")
    assert data_of(release) == before
    for kept in release.exports.all():
        assert check(exporting.folder_of(kept), keys=signing.served_keys()).key_id == OTHER.key_id
        assert kept.manifest["key_id"] == OTHER.key_id
    assert "nothing, since all are already" in run("sign_release", "v3.1")


def test_what_a_revoked_key_signed_counts_for_nobody(release):
    kept = exporting.export(release=release, format="csv", by=None)
    run("retire_signing_key", ONE.key_id, "--revoked")
    with pytest.raises(SignatureRefused, match="was revoked"):
        check(exporting.folder_of(kept), keys=signing.served_keys())


def data_of(release):
    return {
        kept.format: [path.read_bytes() for path in sorted(exporting.folder_of(kept).glob("data/*"))]
        for kept in release.exports.all()
    }


def test_a_new_key_is_for_its_owner_alone_and_is_served_at_once(db, tmp_path, settings):
    use(settings, None)
    said = json.loads(run("generate_signing_key", str(tmp_path / "keys" / "key.pem"), "--json"))
    path = tmp_path / "keys" / "key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = SigningKey.from_pem(path.read_bytes())
    assert (said["key_id"], said["public_key"]) == (key.key_id, key.public_pem)
    assert "PRIVATE" not in json.dumps(said)
    assert PublishedKey.objects.get().valid_from == clock.today()
    assert [one.key_id for one in signing.served_keys().keys] == [key.key_id]


def test_a_key_is_never_written_over_another(db, tmp_path):
    run("generate_signing_key", str(tmp_path / "key.pem"))
    before = (tmp_path / "key.pem").read_bytes()
    with pytest.raises(CommandError, match="cannot be written"):
        run("generate_signing_key", str(tmp_path / "key.pem"))
    assert (tmp_path / "key.pem").read_bytes() == before
    assert PublishedKey.objects.count() == 1


def test_a_list_that_was_frozen_before_its_key_was_made_can_be_signed_with_it(release):
    signing.publish(ONE, valid_from=clock.today() + timedelta(days=30))
    kept = exporting.export(release=release, format="csv", by=None)
    assert check(exporting.folder_of(kept), keys=signing.served_keys()).release == "v3.1"
    assert PublishedKey.objects.get().valid_from == release.frozen_at.date()


def test_the_deployment_check_asks_for_a_key_that_can_be_read(settings, tmp_path):
    def found() -> list[str]:
        return [message.id for message in lists_are_signed()]

    assert found() == []
    use(settings, None)
    assert found() == ["releases.E001"]
    path = tmp_path / "key.pem"
    settings.EXCLUSION_SIGNING_KEY_FILE = str(path)
    assert found() == ["releases.E003"]
    path.write_bytes(ONE.to_pem())
    path.chmod(0o644)
    assert found() == ["releases.W004"]
    path.chmod(0o600)
    assert found() == []
    settings.EXCLUSION_SIGNING_KEY = "something"
    assert found() == ["releases.E002"]
