"""A fetched list is written only when it was proven whole, and the token goes to one server alone."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bigcode_optout.exclusionlist import (
    FetchFailed,
    KeyRefused,
    ListBroken,
    ListKey,
    Manifest,
    OutputRefused,
    RolledBack,
    SignatureRefused,
    write,
)
from bigcode_optout.exclusionlist.fetch import Guard, fetch
from bigcode_optout.exclusionlist.transport import Transport

from .builders import FACTS, OTHER_KEY, SAMPLE, SIGNING_KEY, key_set
from .list_server import ListServer, dripping, running, status, whole, without_length
from .test_writer import files_under

TOKEN = "secret-token-of-a-builder"
FILES = ["manifest.json", "manifest.json.sig", "README.md", "data/exclusions.jsonl"]


@pytest.fixture
def server() -> Iterator[ListServer]:
    with running() as served:
        yield served


@pytest.fixture
def released(tmp_path, server) -> Path:
    """A signed list, served as a folder."""
    write(SAMPLE, output=tmp_path / "released", format="jsonl", facts=FACTS, signing_key=SIGNING_KEY)
    server.serve(tmp_path / "released")
    return tmp_path / "released"


@pytest.fixture
def get(tmp_path, server):
    """Fetches into tmp_path/list."""

    def fetched(address: str | None = None, **options: Any) -> Manifest:
        format = options.pop("format", None)
        guard = Guard(options.pop("keys", key_set()), **options.pop("guard", {}))
        with Transport(
            address or server.address, **{"token": TOKEN, "silence_seconds": 5} | options
        ) as transport:
            return fetch(transport, output=tmp_path / "list", guard=guard, format=format)

    return fetched


def nothing_came(tmp_path: Path) -> bool:
    return {path.name for path in tmp_path.iterdir()} <= {"released", "state.json"}


def test_a_folder_that_is_served_is_fetched_byte_for_byte(get, released, tmp_path):
    assert get().counts["rules"] == len(SAMPLE)
    assert files_under(tmp_path / "list") == files_under(released)


def test_the_signature_is_asked_for_before_any_other_file(get, released, server):
    get()
    assert [path for path, _ in server.seen][:2] == ["/manifest.json", "/manifest.json.sig"]
    assert {token for _, token in server.seen} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("format", "data"),
    [
        ("parquet", "exclusions.parquet"),
        ("legacy-json", "exclusions.legacy.json"),
        ("keyed-csv", "exclusions.keyed.csv"),
    ],
)
def test_a_release_of_the_api_is_fetched_in_the_format_that_is_asked_for(format, data, get, server, tmp_path):
    key = ListKey.generate() if format.startswith("keyed") else None
    folder = tmp_path / "released"
    manifest = write(SAMPLE, output=folder, format=format, facts=FACTS, list_key=key, signing_key=SIGNING_KEY)
    base = "/api/v1/releases/v3.2"
    server.places = {
        f"{base}/manifest?format={format}": folder / "manifest.json",
        f"{base}/signature?format={format}": folder / "manifest.json.sig",
        f"{base}/card?format={format}": folder / "README.md",
        f"{base}/{data}": folder / manifest.files[1].path,
    }
    get(server.address + base + "/", format=format)
    assert files_under(tmp_path / "list") == files_under(folder)


def test_another_format_than_the_one_asked_for_is_refused(get, released, server, tmp_path):
    for name in ("manifest", "signature"):
        server.places[f"/{name}?format=csv"] = released / ("manifest.json" + ".sig" * (name == "signature"))
    with pytest.raises(FetchFailed, match="format jsonl, not csv"):
        get(format="csv")
    assert nothing_came(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_in_any_file_leaves_nothing_on_the_disk(name, get, released, server, tmp_path):
    content = bytearray((released / name).read_bytes())
    content[len(content) // 2] ^= 1
    server.oddities[f"/{name}"] = whole(bytes(content))
    with pytest.raises(ListBroken):
        get()
    assert nothing_came(tmp_path)


def test_a_wrong_signature_stops_before_the_first_name_is_fetched(get, released, server, tmp_path):
    with pytest.raises(SignatureRefused):
        get(keys=key_set(OTHER_KEY))
    assert [path for path, _ in server.seen] == ["/manifest.json", "/manifest.json.sig"]
    assert nothing_came(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_server_that_announces_more_than_it_sends_is_noticed(name, get, released, server, tmp_path):
    content = (released / name).read_bytes()
    server.oddities[f"/{name}"] = whole(content[:-5], length=len(content))
    with pytest.raises(FetchFailed, match="ended 5 bytes before"):
        get()
    assert nothing_came(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_server_that_announces_too_much_is_not_listened_to(name, get, released, server, tmp_path):
    server.oddities[f"/{name}"] = whole(b"", length=10**12)
    with pytest.raises(FetchFailed, match="at most"):
        get()
    assert nothing_came(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_server_that_sends_more_than_expected_without_saying_so_is_cut_off(
    name, get, released, server, tmp_path
):
    server.oddities[f"/{name}"] = without_length(b"x" * 2_000_000)
    with pytest.raises(FetchFailed, match="more than the"):
        get()
    assert nothing_came(tmp_path)


def test_a_file_that_is_shorter_than_the_manifest_says_is_refused(get, released, server, tmp_path):
    content = (released / "data/exclusions.jsonl").read_bytes()
    server.oddities["/data/exclusions.jsonl"] = without_length(content[:-1])
    with pytest.raises(ListBroken, match="the manifest says"):
        get()
    assert nothing_came(tmp_path)


def test_a_list_larger_than_allowed_is_not_begun(get, released, server, tmp_path):
    with pytest.raises(FetchFailed, match="at most 1,000 are allowed"):
        get(guard={"largest": 1000})
    assert len(server.seen) == 2 and nothing_came(tmp_path)


def test_a_server_that_falls_silent_is_left(get, released, server, tmp_path):
    server.oddities["/manifest.json"] = lambda handler: time.sleep(0.6)
    with pytest.raises(FetchFailed, match=r"said nothing for 0\.2 seconds"):
        get(silence_seconds=0.2)
    assert nothing_came(tmp_path)


def test_a_server_that_drips_is_left_when_the_time_is_over(get, released, server, tmp_path):
    server.oddities["/data/exclusions.jsonl"] = dripping(
        (released / "data/exclusions.jsonl").read_bytes(), 0.02
    )
    started = time.monotonic()
    with pytest.raises(FetchFailed, match=r"longer than 0\.4 seconds"):
        get(total_seconds=0.4)
    assert time.monotonic() - started < 3
    assert nothing_came(tmp_path)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_server_is_refused_and_it_never_sees_the_token(
    code, get, released, server, tmp_path
):
    with running() as other:
        other.serve(released)
        server.oddities["/manifest.json"] = status(code, f"{other.address}/manifest.json")
        with pytest.raises(FetchFailed, match="another address"):
            get()
        assert other.seen == []
    assert nothing_came(tmp_path)


def test_a_redirect_on_the_same_server_is_followed(get, released, server, tmp_path):
    server.serve(released, "/elsewhere")
    server.oddities["/README.md"] = status(302, "/elsewhere/README.md")
    assert get().release == "v3.2"


def test_a_redirect_in_a_circle_ends(get, released, server, tmp_path):
    server.oddities["/manifest.json"] = status(302, "/manifest.json")
    with pytest.raises(FetchFailed, match="status 302"):
        get()
    assert len(server.seen) < 10 and nothing_came(tmp_path)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(401, "token"), (403, "does not allow"), (404, "nothing there"), (500, "status 500")],
)
def test_a_refusal_is_told_in_a_sentence_without_the_token(code, sentence, get, released, server, tmp_path):
    server.oddities["/manifest.json"] = status(code)
    with pytest.raises(FetchFailed, match=sentence) as failed:
        get()
    assert TOKEN not in f"{failed.value!r} {failed.value.__cause__!r}"
    assert nothing_came(tmp_path)


def test_an_answer_that_is_compressed_or_no_http_is_refused(get, released, server, tmp_path):
    server.oddities["/manifest.json"] = whole(b"x", Content_Encoding="gzip")
    with pytest.raises(FetchFailed, match="compressed"):
        get()
    server.oddities["/manifest.json"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")
    with pytest.raises(FetchFailed, match="could not be understood"):
        get()
    assert nothing_came(tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/list",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/hostname",
        "127.0.0.1:8000",
        "https://",
        "https://user:hidden@example.org/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/?token=hidden",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nHost: x",
        "http://[::1",
    ],
)
def test_an_address_that_will_not_do_is_refused_without_showing_its_secrets(address, get):
    with pytest.raises(FetchFailed) as failed:
        get(address)
    assert "hidden" not in f"{failed.value} {failed.value.__cause__}"


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\r\nHost: x", "naïve", "nul\0"])
def test_a_token_that_cannot_be_sent_is_refused_without_being_shown(token, get, server):
    with pytest.raises(KeyRefused) as refused:
        get(token=token)
    assert server.seen == [] and not (token.strip() and token in f"{refused.value!r}")


def test_where_nobody_listens_there_is_a_sentence(get, tmp_path):
    with running() as gone:
        address = gone.address
    with pytest.raises(FetchFailed, match="connection failed"):
        get(address)
    assert nothing_came(tmp_path)


def test_a_plain_server_is_not_taken_for_one_with_tls(get, server, tmp_path):
    with pytest.raises(FetchFailed, match=r"manifest\.json could not be fetched"):
        get(server.address.replace("http:", "https:"))
    assert nothing_came(tmp_path)


def test_a_manifest_that_names_files_elsewhere_is_refused_though_it_is_signed(
    get, released, server, tmp_path
):
    text = (released / "manifest.json").read_text()
    content = text.replace('"README.md"', '"../README.md"').encode()
    server.oddities["/manifest.json"] = whole(content)
    server.oddities["/manifest.json.sig"] = whole(SIGNING_KEY.signature_of(content))
    with pytest.raises(ListBroken, match="names other files"):
        get()
    assert nothing_came(tmp_path) and len(server.seen) == 2


def test_an_older_list_than_the_one_fetched_last_is_refused(get, released, server, tmp_path):
    guard = {"state": tmp_path / "state.json"}
    get(guard=guard)
    (tmp_path / "list").rename(tmp_path / "released-first")
    older = replace(
        FACTS, release="v3.0", previous_release=None, frozen_on=FACTS.frozen_on - timedelta(days=90)
    )
    write(SAMPLE, output=tmp_path / "older", format="jsonl", facts=older, signing_key=SIGNING_KEY)
    server.serve(tmp_path / "older")
    server.seen.clear()
    with pytest.raises(RolledBack, match=r"before release v3\.2"):
        get(guard=guard)
    assert len(server.seen) == 2 and not (tmp_path / "list").exists()


def test_what_stands_at_the_target_is_kept_and_the_server_is_not_asked(get, released, server, tmp_path):
    (tmp_path / "list").mkdir()
    (tmp_path / "list/mine").write_text("mine")
    with pytest.raises(OutputRefused):
        get()
    assert server.seen == [] and files_under(tmp_path / "list") == {"mine": b"mine"}
