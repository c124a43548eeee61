"""The commands for keys, deltas, keyed lists and fetching, as people run them."""

import io
import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bigcode_optout.exclusionlist import KeySet, ListKey, check, write
from bigcode_optout.exclusionlist.__main__ import main

from .builders import FACTS, SAMPLE, SIGNING_KEY, key_set, rule
from .list_server import running
from .test_writer import files_under

LATER = replace(
    FACTS, release="v3.3", previous_release="v3.2", frozen_on=FACTS.frozen_on + timedelta(days=30)
)
NOW = [*SAMPLE[1:], rule("New-One", ("files",), since_release="[red]v3.3[/red]")]
VARIABLES = ("BIGCODE_SIGNING_KEY", "BIGCODE_LIST_KEY", "BIGCODE_EXCLUSIONS_TOKEN")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    """An earlier and a later list, a private key and its key set, in the working folder."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    write(SAMPLE, output=Path("old"), format="jsonl", facts=FACTS, signing_key=SIGNING_KEY)
    write(NOW, output=Path("new"), format="parquet", facts=LATER, signing_key=SIGNING_KEY)
    Path("key.pem").write_bytes(SIGNING_KEY.to_pem())
    Path("keys.json").write_bytes(key_set().to_json())
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs a command; returns exit code, what it said, and what it complained about."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return ran


def named(*names: str) -> list[str]:
    """The arguments that give names; joined by a sign, since a login may begin with a hyphen."""
    return [f"--name={name}" for name in names]


def test_a_new_key_is_for_its_owner_alone_and_its_key_set_accepts_what_it_signs(run):
    code, said, _ = run("generate-key", "fresh.pem")
    assert code == 0 and KeySet.from_json(said.encode()).keys
    assert stat.S_IMODE(Path("fresh.pem").stat().st_mode) == 0o600
    assert run("sign", "old", "--output", "copy", "--key-file", "fresh.pem")[0] == 0
    keys = json.loads(said)
    keys["keys"][0]["valid_from"] = "2026-01-01"
    Path("fresh.json").write_text(json.dumps(keys))
    assert run("check", "copy", "--keys", "fresh.json")[0] == 0
    code, _, complaint = run("check", "old", "--keys", "fresh.json")
    assert code == 1 and "not in the key set" in complaint


def test_a_key_is_never_written_over_another(run):
    before = Path("key.pem").read_bytes()
    for command in ("generate-key", "generate-list-key"):
        code, said, complaint = run(command, "key.pem")
        assert (code, said) == (1, "") and "cannot be written" in complaint
    assert Path("key.pem").read_bytes() == before


def test_the_signing_key_may_come_from_the_environment(run, monkeypatch):
    code, _, complaint = run("sign", "old", "--output", "copy")
    assert code == 1 and "BIGCODE_SIGNING_KEY" in complaint
    monkeypatch.setenv("BIGCODE_SIGNING_KEY", SIGNING_KEY.to_pem().decode())
    assert run("sign", "old", "--output", "copy")[0] == 0
    assert files_under(Path("copy")) == files_under(Path("old"))


def test_a_key_that_cannot_be_read_is_refused_without_being_shown(run):
    secret = "c2VjcmV0"
    Path("broken.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n")
    Path("binary.pem").write_bytes(secret.encode() + b"\xff")
    for name in ("broken.pem", "binary.pem", "missing.pem"):
        code, _, complaint = run("sign", "old", "--output", "copy", "--key-file", name)
        assert code == 1 and complaint and secret not in complaint


def test_check_says_whether_somebody_vouches_for_the_list(run):
    write(SAMPLE, output=Path("unsigned"), format="csv", facts=FACTS)
    assert f"signed by the key {SIGNING_KEY.key_id}" in run("check", "old", "--keys", "keys.json")[1]
    assert "only --keys can verify" in run("check", "old")[1]
    assert "It is not signed" in run("check", "unsigned")[1]
    code, _, complaint = run("check", "unsigned", "--keys", "keys.json")
    assert code == 1 and "not signed" in complaint
    code, _, complaint = run("check", "old", "--keys", "missing.json")
    assert code == 1 and "missing.json cannot be read" in complaint


def test_diff_shows_what_came_went_and_changed_and_reads_no_cell_as_markup(run):
    code, said, _ = run("diff", "old", "new", "--keys", "keys.json")
    assert code == 0
    assert "From release v3.2 to release v3.3: 1 added, 1 removed, 0 changed." in said
    assert "New-One" in said and "Ada-Example" in said and "Some-Org" not in said
    assert "[red]v3.3[/red]" in said


def test_diff_as_json_has_whole_rules(run):
    said = json.loads(run("diff", "old", "new", "--json")[1])
    assert (said["from"]["release"], said["to"]["release"]) == ("v3.2", "v3.3")
    assert [row["name"] for row in said["added"]] == ["New-One"]
    assert [row["owner_id"] for row in said["removed"]] == [7]
    assert said["changed"] == []


def test_diff_of_a_list_with_itself_says_so_without_a_table(run):
    assert run("diff", "old", "old")[1] == (
        "From release v3.2 to release v3.2: 0 added, 0 removed, 0 changed.\n"
    )


def test_a_delta_is_made_and_followed(run):
    assert run("delta", "old", "new", "--output", "delta", "--key-file", "key.pem")[0] == 0
    code, said, _ = run("apply-delta", "old", "delta", "--output", "made", "--keys", "keys.json")
    assert code == 0 and check(Path("new")).canonical_sha256 in said
    assert check(Path("made")).canonical_sha256 == check(Path("new")).canonical_sha256
    code, _, complaint = run("apply-delta", "new", "delta", "--output", "twice", "--keys", "keys.json")
    assert code == 1 and "starts from release v3.2" in complaint and not Path("twice").exists()


def test_match_prints_those_of_the_given_names_that_are_covered(run, monkeypatch):
    assert run("generate-list-key", "list.key")[0] == 0
    assert stat.S_IMODE(Path("list.key").stat().st_mode) == 0o600
    key = ListKey.from_text(Path("list.key").read_text())
    write(SAMPLE, output=Path("keyed"), format="keyed-parquet", facts=FACTS, list_key=key)
    by_file = ("match", "keyed", "--list-key-file", "list.key")
    assert (
        run(*by_file, *named("ADA-EXAMPLE", "ada", "-old-hyphen-", "ada-example/x"))[1]
        == "ADA-EXAMPLE\n-old-hyphen-\nada-example/x\n"
    )
    assert run(*by_file, "--scope", "files", *named("null", "renamed"))[1] == "renamed\n"
    assert run(*by_file, "--data-date", "2024-01-01", *named("renamed", "null"))[1] == "null\n"
    assert run(*by_file, "--ids", *named("12", "13", "7", "-5", "x", "9" * 5000))[1] == "12\n"
    monkeypatch.setenv("BIGCODE_LIST_KEY", key.to_text())
    monkeypatch.setattr("sys.stdin", io.StringIO("stranger\nsome-org/WIDGET.js\n\nnull\n"))
    assert run("match", "keyed")[1] == "some-org/WIDGET.js\nnull\n"


def test_match_without_or_with_a_wrong_key_is_no_success(run):
    run("generate-list-key", "list.key")
    write(SAMPLE, output=Path("keyed"), format="keyed-csv", facts=FACTS, list_key=ListKey.generate())
    code, said, complaint = run("match", "keyed", "--name", "ada")
    assert (code, said) == (1, "") and "BIGCODE_LIST_KEY" in complaint
    code, said, complaint = run("match", "keyed", "--list-key-file", "list.key", "--name", "ada")
    assert (code, said) == (1, "") and "not the one of this list" in complaint
    assert Path("list.key").read_text().strip() not in complaint


def test_fetch_gets_a_list_once_it_was_proven_and_remembers_it(run, monkeypatch):
    monkeypatch.setenv("BIGCODE_EXCLUSIONS_TOKEN", "a-secret-token")
    with running() as server:
        server.serve(Path("new"), "/new")
        server.serve(Path("old"), "/old")
        code, said, _ = run("fetch", f"{server.address}/new", "--output", "here", "--keys", "keys.json")
        assert code == 0 and "release v3.3" in said and "a-secret-token" not in said
        assert files_under(Path("here")) == files_under(Path("new"))
        assert {token for _, token in server.seen} == {"Bearer a-secret-token"}
        fetch_old = ("fetch", f"{server.address}/old", "--output", "there", "--keys", "keys.json")
        code, _, complaint = run(*fetch_old)
        assert code == 1 and "v3.2 is older than release v3.3" in complaint and not Path("there").exists()
        code, _, complaint = run("check", "old", "--state", "state/bigcode-exclusions/last-used.json")
        assert code == 1 and "older" in complaint
        assert run(*fetch_old, "--allow-older")[0] == 0
        Path("token").write_text("bad token\n")
        code, _, complaint = run(*fetch_old, "--token-file", "token")
        assert code == 1 and "bad token" not in complaint


def test_fetch_without_keys_is_wrong_usage(run):
    with pytest.raises(SystemExit) as stopped:
        run("fetch", "https://example.org/list", "--output", "here")
    assert stopped.value.code == 2
