"""The list tool against the desk's own server: what `fetch` asks for is what the API has."""

import os
import subprocess
import sys

import pytest

from bigcode_optout.exclusionlist import KEYED_FORMATS, ListKey, read, read_keyed
from bigcode_optout.releases.exporting import ALL_FORMATS, folder_of
from bigcode_optout.releases.services import rules_of
from tests.api.releases import Scope, get, token, write_all

COMMAND = [sys.executable, "-m", "bigcode_optout.exclusionlist"]


def run(*arguments: str, token: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BIGCODE_EXCLUSIONS_TOKEN": token}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def release(unwritten):
    """v3.2, committed, as the server's threads read it."""
    return write_all(unwritten)


@pytest.fixture
def keys(client, release, tmp_path):
    """The served key set, in a file."""
    path = tmp_path / "keys.json"
    path.write_bytes(client.get("/.well-known/bigcode-exclusions-keys.json").content)
    return path


@pytest.fixture
def fetch(live_server, keys, tmp_path):
    """Runs the real command."""

    def fetched(format: str, *, token: str = "", name: str = "v3.2") -> subprocess.CompletedProcess[str]:
        return run(
            *("fetch", f"{live_server.url}/api/v1/releases/{name}", "--format", format),
            *(
                "--keys",
                str(keys),
                "--output",
                str(tmp_path / format),
                "--state",
                str(tmp_path / "state.json"),
            ),
            token=token,
        )

    return fetched


def files_under(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_format_is_fetched_verified_and_equal_to_what_is_kept(fetch, release, tmp_path):
    text = token(Scope.LIST, Scope.KEYED)
    for format in ALL_FORMATS:
        done = fetch(format, token=text)
        assert done.returncode == 0, done.stderr
        assert files_under(tmp_path / format) == files_under(folder_of(release.exports.get(format=format)))
    assert read(tmp_path / "parquet").rules == rules_of(release)


def test_a_holder_of_copies_matches_names_with_the_fetched_list_and_key(client, fetch, release, tmp_path):
    text = token(Scope.KEYED)
    assert fetch(KEYED_FORMATS[0], token=text).returncode == 0
    key = ListKey.from_text(get(client, "v3.2/keyed-key", text).content.decode())
    found = read_keyed(tmp_path / KEYED_FORMATS[0], key)
    assert found.rows_for_name("tern-hollow/notes") and not found.rows_for_name("gull/one")


@pytest.mark.parametrize(
    ("scopes", "sentence"),
    [((), "asks for a token"), ((Scope.KEYED,), "does not allow"), ((Scope.VERIFY,), "does not allow")],
)
def test_without_the_right_token_nothing_is_written(fetch, tmp_path, scopes, sentence):
    done = fetch("jsonl", token=token(*scopes) if scopes else "")
    assert done.returncode == 1 and sentence in done.stderr
    assert not (tmp_path / "jsonl").exists()


def test_a_flipped_byte_on_the_server_is_noticed_by_the_tool(fetch, release, tmp_path):
    kept = folder_of(release.exports.get(format="jsonl")) / "data" / "exclusions.jsonl"
    content = bytearray(kept.read_bytes())
    content[20] ^= 1
    kept.write_bytes(bytes(content))
    done = fetch("jsonl", token=token(Scope.LIST))
    assert done.returncode == 1 and "SHA-256" in done.stderr
    assert not (tmp_path / "jsonl").exists()
