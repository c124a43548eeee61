"""What everybody may read about releases, without a token: names, days, counts, hashes; nothing about a person."""

import json

import pytest

from bigcode_optout.exclusionlist import KeySet
from bigcode_optout.releases.exporting import ALL_FORMATS
from tests.api.releases import KEY, get
from tests.releases.builders import planned

PEOPLE = ("otter", "tern", "kelp")


def test_all_releases_are_listed_the_newest_first(client, release):
    planned("v3.3")
    body = client.get("/api/v1/releases").json()
    assert body["dataset"] == "the-stack"
    assert [(one["name"], one["state"]) for one in body["releases"]] == [
        ("v3.3", "open"),
        ("v3.2", "frozen"),
        ("v3.1", "frozen"),
    ]
    assert body["releases"][0]["rule_count"] is None and body["releases"][0]["frozen_on"] is None


def test_a_release_says_what_its_list_counts_and_by_which_hash_it_is_known(client, release):
    body = get(client, "v3.2").json()
    assert body["canonical_sha256"] == release.canonical_sha256
    assert body["previous_release"] == "v3.1" and body["deltas_from"] == ["v3.1"]
    assert body["counts"]["rules"] == body["rule_count"] == release.rule_count
    assert body["counts"]["by_kind"]["owner"] == 2
    assert {one["format"] for one in body["formats"]} == set(ALL_FORMATS)
    assert {one["key_id"] for one in body["formats"]} == {KEY.key_id}


def test_what_is_public_names_nobody(client, release):
    pages = [client.get("/api/v1/releases"), get(client, "v3.2"), client.get("/api/openapi.json")]
    for part in ("manifest", "signature"):
        pages += [get(client, f"v3.2/{part}?format={format}") for format in ALL_FORMATS]
    for page in pages:
        assert page.status_code == 200
        text = (page.getvalue() if page.streaming else page.content).decode().lower()
        assert [name for name in PEOPLE if name in text] == []


def test_the_public_keys_are_served_in_the_form_that_the_tool_reads(client, release):
    page = client.get("/.well-known/bigcode-exclusions-keys.json")
    manifest = get(client, "v3.2/manifest?format=csv").getvalue()
    signature = get(client, "v3.2/signature?format=csv").getvalue()
    keys = KeySet.from_json(page.content)
    assert keys.verify(manifest, signature, key_id=KEY.key_id, day=release.frozen_at.date()) is None
    assert json.loads(manifest)["format"] == "csv"


@pytest.mark.parametrize(
    "name", ["v9", "..", "%00", "a%2Fb", "v3.2%20", "x" * 300, "%F0%9F%90%88", "v3.2%0A", "'--"]
)
@pytest.mark.parametrize("part", ["", "/manifest", "/signature?format=csv", "/delta/manifest?from=v3.1"])
def test_a_release_that_there_is_none_of_is_404_whatever_its_name(client, release, name, part):
    page = get(client, f"{name}{part}")
    assert page.status_code == 404
    assert page.json()["error"]["code"] in {"no_release", "no_such_address"}


def test_an_open_release_has_no_list_yet(client, signed, db):
    planned("v3.3")
    page = get(client, "v3.3/manifest")
    assert (page.status_code, page.json()["error"]["code"]) == (409, "not_frozen")
    assert get(client, "v3.3").json()["state"] == "open"


def test_an_unknown_format_is_not_guessed_at(client, release):
    page = get(client, "v3.2/manifest?format=xlsx")
    assert (page.status_code, page.json()["error"]["code"]) == (404, "no_format")
    assert "keyed-csv" in page.json()["error"]["sentence"]


def test_an_address_that_is_none_is_answered_in_json(client, db):
    for address in ("/api/", "/api/v1/", "/api/v2/releases", "/api/v1/releases/v3.1/nothing"):
        page = client.get(address)
        assert (page.status_code, page.json()["error"]["code"]) == (404, "no_such_address")


def test_anybody_is_counted_by_address(client, db, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "api": "2/minute"}
    assert [client.get("/api/v1/releases").status_code for _ in range(3)] == [200, 200, 429]
    page = client.get("/api/v1/releases")
    assert page.json()["error"]["code"] == "too_many" and 0 < int(page.headers["Retry-After"]) <= 60
