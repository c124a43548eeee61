"""Of a release that is frozen and not written, or written without a key, the API says so."""

from tests.api.releases import get, write_all


def test_what_is_not_written_yet_is_said_to_be_so(client, unwritten):
    page = get(client, "v3.2/manifest?format=csv")
    assert (page.status_code, page.json()["error"]["code"]) == (409, "not_written")
    assert get(client, "v3.2/delta/manifest?from=v3.1").json()["error"]["code"] == "not_written"


def test_a_list_without_a_signature_has_none_to_give(client, unwritten, settings):
    settings.EXCLUSION_SIGNING_KEY = ""
    write_all(unwritten)
    assert get(client, "v3.2").json()["formats"][0]["key_id"] is None
    page = get(client, "v3.2/signature?format=csv")
    assert (page.status_code, page.json()["error"]["code"]) == (404, "not_signed")
