"""Before a list is used its bytes, its signature and its age are looked at, and nothing is written if one is wrong."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bigcode_optout.exclusionlist import read, write
from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.roll_back import default_state, remember

from .builders import FACTS, OTHER_KEY, SIGNING_KEY, key_set, rule
from .shard_builders import put, v2

LATER = replace(FACTS, release="v3.3", previous_release="v3.2", frozen_on=FACTS.frozen_on + timedelta(1))
COMMANDS = {
    "apply": ["apply", "in", "--schema", "v2", "--output", "out"],
    "verify": ["verify", "in", "--schema", "v2", "--report", "r.json"],
    "gate": ["gate", "in"],
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> None:
    """Two lists of one desk, a list of somebody else, the desk's key set, and shards that none of them covers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BIGCODE_SIGNING_KEY", raising=False)
    for name, facts, key in (
        ("old", FACTS, SIGNING_KEY),
        ("new", LATER, SIGNING_KEY),
        ("foreign", FACTS, OTHER_KEY),
        ("unsigned", FACTS, None),
    ):
        write([rule("ada")], output=Path(name), format="jsonl", facts=facts, signing_key=key)
    Path("keys.json").write_bytes(key_set().to_json())
    put(v2(["b/b", "c/c"]), Path("in/a.parquet"))


@pytest.fixture(params=COMMANDS)
def command(request) -> list[str]:
    return COMMANDS[request.param]


def refused(capsys, words: list[str]) -> str:
    capsys.readouterr()
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.out == "" and not Path("out").exists() and not Path("r.json").exists()
    return said.err


def test_a_list_with_a_flipped_byte_is_not_used(command, capsys):
    data = Path("old/data/exclusions.jsonl")
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(content)
    assert "SHA-256 differs" in refused(capsys, [*command, "--list", "old"])


def test_with_a_key_set_only_a_list_that_it_signed_is_used(command, capsys):
    assert main([*command, "--list", "old", "--keys", "keys.json"]) == 0
    for path in (Path("out"), Path("r.json")):
        if path.is_dir():
            (path / "a.parquet").unlink()
            path.rmdir()
        path.unlink(missing_ok=True)
    checked = [*command, "--keys", "keys.json", "--list"]
    assert "not in the key set" in refused(capsys, [*checked, "foreign"])
    assert "not signed" in refused(capsys, [*checked, "unsigned"])
    signature = Path("old/manifest.json.sig")
    Path("old/manifest.json.sig").write_bytes(Path("new/manifest.json.sig").read_bytes())
    assert "signature is wrong" in refused(capsys, [*checked, "old"])
    signature.unlink()
    assert "cannot be read" in refused(capsys, [*checked, "old"])
    assert "none.json cannot be read" in refused(capsys, [*command, "--list", "new", "--keys", "none.json"])


def test_a_list_older_than_the_one_that_was_applied_last_is_not_used(command, capsys):
    first = ["apply", "in", "--schema", "v2", "--output", "first", "--state", "state.json", "--list"]
    assert main([*first, "new"]) == 0
    assert "v3.2 is older than release v3.3" in refused(
        capsys, [*command, "--state", "state.json", "--list", "old"]
    )
    assert main([*command, "--state", "state.json", "--list", "new"]) == 0


def test_looking_at_shards_with_a_list_is_not_using_it():
    for name in ("verify", "gate"):
        assert main([*COMMANDS[name], "--list", "new", "--state", "state.json"]) == 0
    assert not Path("state.json").exists()


def test_reports_say_whose_signature_was_verified():
    for keys, signer in (([], None), (["--keys", "keys.json"], SIGNING_KEY.key_id)):
        output = f"out-{signer}"
        assert main([*COMMANDS["apply"], "--list", "old", "--output", output, *keys]) == 0
        assert main([*COMMANDS["verify"], "--list", "old", *keys]) == 0
        for report in (f"{output}.apply.json", "r.json"):
            assert json.loads(Path(report).read_text())["list_signed_by"] == signer


def test_a_report_of_verify_can_be_signed_by_who_ran_it(capsys):
    Path("key.pem").write_bytes(SIGNING_KEY.to_pem())
    assert main([*COMMANDS["verify"], "--list", "old", "--sign-key", "key.pem"]) == 0
    assert main(["check-report", "r.json", "--keys", "keys.json"]) == 0
    assert SIGNING_KEY.key_id in capsys.readouterr().out
    report = json.loads(Path("r.json").read_text())
    Path("r.json").write_text(json.dumps(report | {"passed": False}))
    assert main(["check-report", "r.json", "--keys", "keys.json"]) == 1
    assert "was changed" in capsys.readouterr().err
    assert main(["check-receipt", "r.json", "--keys", "keys.json"]) == 1
    assert "not a receipt" in capsys.readouterr().err


def test_a_key_that_cannot_be_read_is_said_before_anything_is_read(capsys):
    assert main([*COMMANDS["verify"], "--list", "old", "--sign-key", "none.pem"]) == 1
    assert "none.pem cannot be read" in capsys.readouterr().err and not Path("r.json").exists()


def test_a_signed_list_without_a_key_set_is_used_with_a_warning(command, capsys):
    assert main([*command, "--list", "old"]) == 0
    assert (
        f"names the key {SIGNING_KEY.key_id}, and its signature was not looked at" in capsys.readouterr().err
    )


def test_no_warning_is_given_where_there_is_nothing_to_look_at_or_it_was(capsys):
    for more in (["--list", "unsigned"], ["--list", "old", "--keys", "keys.json"]):
        assert main([*COMMANDS["gate"], *more]) == 0
        assert "Warning" not in capsys.readouterr().err
    assert main(["check", "old"]) == 0
    assert "Warning" in capsys.readouterr().err


def test_what_fetch_noted_counts_for_every_command_unless_told_otherwise(command, capsys, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(Path("home").absolute()))
    remember(read(Path("new")).manifest, default_state())
    assert "older" in refused(capsys, [*command, "--list", "old"])
    assert main([*command, "--list", "old", "--allow-older"]) == 0
