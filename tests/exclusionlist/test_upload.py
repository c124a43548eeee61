"""A list goes to the Hub in one commit, whole, signed, and where only those may read it who should."""

import inspect
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest

from bigcode_optout.exclusionlist import KeySet, check, write
from bigcode_optout.exclusionlist.__main__ import main

from .builders import FACTS, OTHER_KEY, SAMPLE, SIGNING_KEY, key_set
from .test_writer import files_under

REAL = huggingface_hub.HfApi
TOKEN = "hf_a-secret-token"
REPO = "bigcode/exclusions"


@dataclass
class FakeHub:
    """The Hub as the client shows it. Each call must be one that the real client would take."""

    token: str = ""
    is_private: dict[str, bool] = field(default_factory=dict)
    commits: list[tuple[str, str, dict[str, bytes]]] = field(default_factory=list)
    fails: Exception | None = None

    def _as_the_real_one(self, name: str, *given: Any, **named: Any) -> dict[str, Any]:
        signature = inspect.signature(getattr(REAL, name))
        bound = signature.bind(self, *given, **named)
        bound.apply_defaults()
        assert bound.arguments["repo_type"] == "dataset"
        return bound.arguments

    def create_repo(self, *given: Any, **named: Any) -> None:
        told = self._as_the_real_one("create_repo", *given, **named)
        assert told["exist_ok"]
        self.is_private.setdefault(told["repo_id"], told["private"])

    def repo_info(self, *given: Any, **named: Any) -> Any:
        told = self._as_the_real_one("repo_info", *given, **named)
        return SimpleNamespace(private=self.is_private[told["repo_id"]])

    def create_commit(self, *given: Any, **named: Any) -> Any:
        told = self._as_the_real_one("create_commit", *given, **named)
        if self.fails:
            raise self.fails
        assert all(isinstance(each, huggingface_hub.CommitOperationAdd) for each in told["operations"])
        files = {each.path_in_repo: each.path_or_fileobj for each in told["operations"]}
        self.commits.append((told["repo_id"], told["commit_message"], files))
        return SimpleNamespace(commit_url=f"https://hub.example/datasets/{told['repo_id']}/commit/1")


@pytest.fixture
def hub(monkeypatch) -> FakeHub:
    """The Hub behind the client, for whoever asks with a token."""
    fake = FakeHub()

    def opened(**settings: Any) -> FakeHub:
        inspect.signature(REAL).bind(**settings)
        fake.token = settings["token"]
        return fake

    monkeypatch.setattr(huggingface_hub, "HfApi", opened)
    return fake


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> None:
    """A signed list with a stray file in its folder, one that nobody signed, and a token."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    write(SAMPLE, output=Path("list"), format="parquet", facts=FACTS, signing_key=SIGNING_KEY)
    write(SAMPLE, output=Path("unsigned"), format="csv", facts=FACTS)
    Path("keys.json").write_bytes(key_set().to_json())


def refused(capsys, *words: str) -> str:
    assert main(["upload", *words, "--repo", REPO]) == 1
    said = capsys.readouterr()
    assert said.out == "" and TOKEN not in said.err
    return said.err


def test_without_being_told_it_only_says_what_it_would_send(hub, capsys, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    assert main(["upload", "list", "--repo", REPO]) == 0
    said = capsys.readouterr().out
    assert "must be private" in said and "Nothing was sent" in said
    assert all(path in said for path in files_under(Path("list")))
    assert hub.commits == [] and hub.is_private == {}


def test_one_commit_has_the_files_of_the_manifest_and_no_other(hub, capsys, tmp_path):
    before = files_under(Path("list"))
    Path("list/notes.txt").write_text("for us alone")
    Path("list/data/old.parquet").write_bytes(b"PAR1")
    assert main(["upload", "list", "--repo", REPO, "--execute", "--keys", "keys.json"]) == 0
    said = capsys.readouterr().out
    assert "release v3.2 was sent: https://hub.example/datasets/bigcode/exclusions/commit/1" in said
    [(repo, message, files)] = hub.commits
    assert (repo, message, hub.is_private[repo]) == (REPO, "Exclusion list of release v3.2", True)
    assert files == before and TOKEN not in said and hub.token == TOKEN
    for path, content in files.items():
        (tmp_path / "got" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "got" / path).write_bytes(content)
    assert check(tmp_path / "got", keys=KeySet.from_json(Path("keys.json").read_bytes())).release == "v3.2"


def test_a_public_repository_gets_a_list_only_if_that_is_wanted(hub, capsys):
    hub.is_private[REPO] = False
    assert "is public" in refused(capsys, "list", "--execute") and hub.commits == []
    assert main(["upload", "list", "--repo", REPO, "--execute", "--public"]) == 0
    assert len(hub.commits) == 1


def test_a_list_that_nobody_signed_goes_only_if_that_is_said(hub, capsys):
    assert "is not signed" in refused(capsys, "unsigned", "--execute")
    assert "is not signed" in refused(capsys, "unsigned")
    Path("other.json").write_bytes(key_set(OTHER_KEY).to_json())
    assert "not in the key set" in refused(capsys, "list", "--execute", "--keys", "other.json")
    assert hub.commits == []
    assert main(["upload", "unsigned", "--repo", REPO, "--execute", "--allow-unsigned"]) == 0
    assert "manifest.json.sig" not in hub.commits[0][2]


def test_a_changed_list_a_missing_token_and_a_silent_hub_send_nothing(hub, capsys, monkeypatch):
    data = Path("list/data/exclusions.parquet")
    whole = data.read_bytes()
    data.write_bytes(whole[:-1] + b"x")
    assert "SHA-256 differs" in refused(capsys, "list", "--execute")
    data.write_bytes(whole)
    hub.fails = ConnectionError("no route to the Hub\nand a longer story")
    assert "did not take the list: no route to the Hub\n" in refused(capsys, "list", "--execute")
    monkeypatch.delenv("HF_TOKEN")
    assert "HF_TOKEN" in refused(capsys, "list", "--execute")
    assert hub.commits == []
    Path("token").write_text(TOKEN + "\n")
    hub.fails = None
    assert main(["upload", "list", "--repo", REPO, "--execute", "--token-file", "token"]) == 0
    assert hub.token == TOKEN


def test_where_the_hubs_client_is_missing_one_sentence_says_so(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert "pip install huggingface_hub" in refused(capsys, "list", "--execute")
