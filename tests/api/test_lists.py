"""Lists go to those with a token for them: whole, in part, or not at all when they are there already."""

import hashlib
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bigcode_optout.exclusionlist import ListKey, follow_delta, read, read_keyed
from bigcode_optout.releases import access
from bigcode_optout.releases.exporting import ALL_FORMATS, folder_of
from bigcode_optout.releases.kept_files import data_path
from bigcode_optout.releases.models import AccessToken
from bigcode_optout.releases.services import rules_of
from bigcode_optout.releases.signing import served_keys
from tests.api.releases import Scope, get, token

ADDRESSES = [
    "v3.2/exclusions.parquet",
    "v3.2/exclusions.keyed.csv",
    "v3.2/card?format=jsonl",
    "v3.2/keyed-key",
    "v3.2/delta?from=v3.1",
]


def address_of(format: str) -> str:
    return f"v3.2/exclusions.{format.replace('-', '.')}"


def scope_of(format: str) -> Scope:
    return Scope.KEYED if format.startswith("keyed") else Scope.LIST


@pytest.mark.parametrize("format", ALL_FORMATS)
def test_each_format_is_answered_byte_for_byte_as_it_was_written(client, release, format):
    kept = release.exports.get(format=format)
    page = get(client, address_of(format), token(scope_of(format)))
    content = page.getvalue()
    assert page.status_code == 200 and page.streaming
    assert content == (folder_of(kept) / data_path(kept)).read_bytes()
    assert page.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert page.headers["Content-Length"] == str(len(content))
    assert page.headers["Content-Disposition"].startswith('attachment; filename="v3.2-exclusions.')
    assert "private" in page.headers["Cache-Control"]


def test_what_is_there_already_is_not_sent_again(client, release):
    text = token(Scope.LIST)
    etag = get(client, "v3.2/exclusions.csv", text).headers["ETag"]
    for tags in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        page = get(client, "v3.2/exclusions.csv", text, If_None_Match=tags)
        assert (page.status_code, page.content, page.headers["ETag"]) == (304, b"", etag)
    assert get(client, "v3.2/exclusions.csv", text, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=3-99999999", slice(3, None)),
        ("bytes=0-0", slice(0, 1)),
    ],
)
def test_a_part_is_sent_alone(client, release, asked, part):
    text = token(Scope.LIST)
    whole = get(client, "v3.2/exclusions.jsonl", text).getvalue()
    page = get(client, "v3.2/exclusions.jsonl", text, Range=asked)
    content = page.getvalue()
    assert page.status_code == 206 and content == whole[part]
    start = whole.index(content)
    assert page.headers["Content-Range"] == f"bytes {start}-{start + len(content) - 1}/{len(whole)}"
    assert page.headers["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-3", "bytes=0-1,4-5", "lines=0-3", "bytes=-", "bytes=a-b", "", "bytes=" + "9" * 40 + "-"],
)
def test_a_range_that_is_none_gives_the_whole_file(client, release, asked):
    text = token(Scope.LIST)
    whole = get(client, "v3.2/exclusions.csv", text).getvalue()
    page = get(client, "v3.2/exclusions.csv", text, Range=asked)
    assert page.status_code == 200 and page.getvalue() == whole


def test_a_part_behind_the_end_is_416_and_the_length_is_said(client, release):
    text = token(Scope.LIST)
    length = len(get(client, "v3.2/exclusions.csv", text).getvalue())
    for asked in (f"bytes={length}-", "bytes=-0"):
        page = get(client, "v3.2/exclusions.csv", text, Range=asked)
        assert (page.status_code, page.headers["Content-Range"]) == (416, f"bytes */{length}")
        assert page.json()["error"]["code"] == "no_such_part"


def test_a_part_of_another_file_than_the_one_begun_is_the_whole_new_one(client, release):
    text = token(Scope.LIST)
    etag = get(client, "v3.2/exclusions.csv", text).headers["ETag"]
    parts = [
        get(client, "v3.2/exclusions.csv", text, Range="bytes=0-3", If_Range=tag) for tag in (etag, '"old"')
    ]
    assert [page.status_code for page in parts] == [206, 200]


def test_head_says_how_long_the_file_is_and_sends_none_of_it(client, release):
    whole = get(client, "v3.2/exclusions.csv", text := token(Scope.LIST)).getvalue()
    page = client.head(
        "/api/v1/releases/v3.2/exclusions.csv",
        headers={"Authorization": f"Bearer {text}", "Range": "bytes=0-3"},
    )
    assert (page.status_code, page.content, page.headers["Content-Length"]) == (200, b"", str(len(whole)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_about_a_person_is_given_without_a_token(client, release, address):
    page = get(client, address)
    assert (page.status_code, page.json()["error"]["code"]) == (401, "token_needed")
    assert page.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("kind", ["wrong", "expired", "revoked", "cut", "changed", "hostile", "other scheme"])
def test_a_token_that_does_not_count_is_refused_whatever_is_wrong_with_it(client, release, kind):
    text = token(Scope.LIST, Scope.KEYED, days=3)
    later = timedelta(0)
    if kind == "wrong":
        text = text[:13] + "A" * 43
    elif kind == "expired":
        later = timedelta(days=4)
    elif kind == "revoked":
        access.revoke(token_id=AccessToken.objects.get().pk, by=None)
    elif kind == "cut":
        text = text[:-1]
    elif kind == "changed":
        text = text[:-1] + ("A" if text[-1] != "A" else "B")
    elif kind == "hostile":
        text = "bcx_\x00' OR 1=1 --é"
    header = f"Basic {text}" if kind == "other scheme" else f"Bearer {text}"
    with time_machine.travel(datetime.now(UTC) + later, tick=False):
        for address in (*ADDRESSES, "v3.2", "v3.2/manifest"):
            page = client.get(f"/api/v1/releases/{address}", headers={"Authorization": header})
            assert (page.status_code, page.json()["error"]["code"]) == (401, "token_refused"), address


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("v3.2/exclusions.parquet", Scope.KEYED),
        ("v3.2/exclusions.legacy.json", Scope.VERIFY),
        ("v3.2/exclusions.keyed.parquet", Scope.LIST),
        ("v3.2/card?format=keyed-csv", Scope.LIST),
        ("v3.2/card?format=csv", Scope.KEYED),
        ("v3.2/keyed-key", Scope.LIST),
        ("v3.2/delta?from=v3.1", Scope.KEYED),
    ],
)
def test_a_token_for_something_else_is_not_for_this(client, release, address, wrong):
    page = get(client, address, token(wrong))
    assert (page.status_code, page.json()["error"]["code"]) == (403, "other_scope")


def test_holders_of_copies_get_the_keyed_list_and_its_key_and_find_their_names(client, release, tmp_path):
    text = token(Scope.KEYED)
    key = ListKey.from_text(get(client, "v3.2/keyed-key", text).content.decode())
    folder = folder_of(release.exports.get(format="keyed-parquet"))
    keyed = read_keyed(folder, key)
    assert [row.kind for row in keyed.rows_for_name("Otter-Quay/anything")] == ["owner"]
    assert keyed.rows_for_name("somebody-else") == []
    card = get(client, "v3.2/card?format=keyed-parquet", text).getvalue().decode()
    assert "What this hides" in card and "can test any name that they know or guess" in " ".join(card.split())


def test_each_release_has_a_key_of_its_own_and_keeps_it(client, release):
    text = token(Scope.KEYED)
    keys = [get(client, f"{name}/keyed-key", text).content for name in ("v3.2", "v3.2")]
    assert keys[0] == keys[1]
    assert get(client, "v3.1/keyed-key", text).json()["error"]["code"] == "not_written"


def test_a_delta_is_given_with_manifest_and_signature_and_leads_to_the_later_list(client, release, tmp_path):
    text, folder = token(Scope.LIST), tmp_path / "delta"
    (folder / "data").mkdir(parents=True)
    for part, name in (
        ("", "data/delta.jsonl"),
        ("/manifest", "manifest.json"),
        ("/signature", "manifest.json.sig"),
    ):
        (folder / name).write_bytes(get(client, f"v3.2/delta{part}?from=v3.1", text).getvalue())
    old = read(folder_of(release.previous.exports.get(format="jsonl")))
    follow_delta(old, folder, output=tmp_path / "new", format="csv", keys=served_keys())
    assert read(tmp_path / "new").rules == rules_of(release)
    assert len(old.rules) < len(rules_of(release))


@pytest.mark.parametrize(
    ("before", "code"), [("v9", "no_release"), ("v3.2", "no_earlier_release"), ("", "no_release")]
)
def test_a_delta_leads_from_an_earlier_release_only(client, release, before, code):
    page = get(client, f"v3.2/delta?from={before}", token(Scope.LIST))
    assert (page.status_code, page.json()["error"]["code"]) == (404, code)


def test_a_delta_from_nowhere_is_not_understood(client, release):
    page = get(client, "v3.2/delta", token(Scope.LIST))
    assert page.status_code == 400 and "from" in page.json()["error"]["sentence"]


@pytest.mark.parametrize(
    "suffix", ["xlsx", "parquet.zip", "..%2Fmanifest.json", "%00", "legacy-json", "PARQUET"]
)
def test_an_unknown_file_is_404(client, release, suffix):
    page = get(client, f"v3.2/exclusions.{suffix}", token(Scope.LIST))
    assert page.status_code == 404
    assert page.json()["error"]["code"] in {"no_format", "no_such_address"}


@pytest.mark.parametrize("what", ["data", "card", "manifest", "signature"])
@pytest.mark.parametrize("how", ["gone", "cut off", "another"])
def test_a_file_that_was_lost_is_503_with_a_sentence_and_logged(client, release, caplog, what, how):
    kept = release.exports.get(format="csv")
    address = {"data": "v3.2/exclusions.csv"}.get(what, f"v3.2/{what}?format=csv")
    name = {
        "data": data_path(kept),
        "card": "README.md",
        "manifest": "manifest.json",
        "signature": "manifest.json.sig",
    }
    path = folder_of(kept) / name[what]
    if how == "gone":
        path.unlink()
    elif how == "cut off" and what != "signature":
        path.write_bytes(path.read_bytes()[:-3])
    elif what == "manifest":
        path.write_bytes(path.read_bytes().replace(b"v3.2", b"v3.9"))
    else:
        path.unlink()
        path.mkdir()
    with caplog.at_level(logging.ERROR):
        page = get(client, address, token(Scope.LIST))
    assert (page.status_code, page.json()["error"]["code"]) == (503, "files_lost")
    assert "put them back" in page.json()["error"]["sentence"]
    assert any("csv are not as they were written" in record.getMessage() for record in caplog.records)


def test_use_is_noted_at_most_once_a_minute(client, release, django_assert_num_queries):
    text = token(Scope.LIST)
    start = datetime(2030, 1, 1, 12, tzinfo=UTC)
    AccessToken.objects.update(expires_at=start + timedelta(days=1))
    seen = []
    for seconds in (0, 59, 60, 61):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            assert get(client, "v3.2/exclusions.csv", text).status_code == 200
        seen.append((AccessToken.objects.get().last_used_at - start).total_seconds())
    assert seen == [0, 0, 60, 60]


def test_a_token_is_counted_by_itself_and_a_wrong_one_by_address(client, release, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "api": "2/minute", "api-token": "3/minute"}
    one, other = token(Scope.LIST), token(Scope.LIST)
    assert [get(client, "v3.2", one).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert get(client, "v3.2", other).status_code == 200
    assert [get(client, "v3.2", "bcx_wrong").status_code for _ in range(3)] == [401, 401, 429]


def test_no_token_and_no_name_is_in_the_log(client, release, caplog):
    text = token(Scope.LIST)
    with caplog.at_level(logging.DEBUG):
        get(client, "v3.2/exclusions.csv", text).getvalue()
        get(client, "v3.2/exclusions.csv", text[:-1] + "!")
    read_lines = [record for record in caplog.records if record.getMessage() == "list read"]
    assert [(line.release, line.format) for line in read_lines] == [("v3.2", "csv")]
    everything = " ".join(str(record.__dict__) for record in caplog.records)
    assert text not in everything and text[13:30] not in everything and "otter" not in everything
