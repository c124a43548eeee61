"""The look-up for scripts: the figures of the page as JSON, with errors that a script can read."""

import json

import pytest

from bigcode_optout.catalog import serving
from bigcode_optout.catalog.models import DatasetVersion
from tests.builders import make_index, make_user

pytestmark = pytest.mark.django_db
NEWEST = [("otter-quay/kelp", 9001, 60_000), ("Otter-Quay/Reef", 9002, 1_000), ("tern-hollow/notes", 9100, 7)]


@pytest.fixture(autouse=True)
def indexes(tmp_path):
    serving.forget_versions()
    make_index(tmp_path, NEWEST, version="v2.1")
    make_index(tmp_path, [("otter-quay/attic", None, 40)], version="v2.0")
    yield
    serving.forget_versions()


def ask(client, name=None, **more):
    return client.get("/api/v1/look-up", {} if name is None else {"name": name}, **more)


@pytest.mark.parametrize(
    "typed", ["otter-quay", "OTTER-QUAY", "https://github.com/Otter-Quay?tab=repositories"]
)
def test_an_owner_is_answered_version_by_version(client, typed):
    page = ask(client, typed)
    assert page.status_code == 200 and page.headers["Content-Type"] == "application/json; charset=utf-8"
    body = json.loads(page.content)
    assert (body["dataset"], body["kind"], body["name"].lower()) == ("the-stack", "owner", "otter-quay")
    newest, older = body["versions"]
    assert (newest["version"], newest["data_date"], newest["deduplicated"]) == ("v2.1", "2023-09-06", "exact")
    assert (newest["repository_count"], newest["file_count"], newest["byte_count"]) == (2, 2, 61_000)
    assert [one["full_name"] for one in newest["repositories"]] == ["otter-quay/kelp", "Otter-Quay/Reef"]
    assert newest["repositories"][0] == {
        "full_name": "otter-quay/kelp",
        "repository_id": 9001,
        "file_count": 1,
        "byte_count": 60_000,
        "languages": [{"language": "Python", "file_count": 1, "byte_count": 60_000}],
        "licences": [],
        "licence_types": [],
        "stars": None,
        "is_fork": None,
        "forked_from": None,
        "newest": None,
        "held_as": [],
        "shared_file_count": None,
    }
    assert (older["version"], older["repositories"][0]["repository_id"]) == ("v2.0", None)


def test_one_repository_and_nothing_at_all_are_answered_too(client):
    body = ask(client, "otter-quay/REEF").json()
    assert body["kind"] == "repository"
    assert [each["repository_count"] for each in body["versions"]] == [1, 0]
    nothing = ask(client, "nobody-here").json()
    assert [(each["repository_count"], each["repositories"]) for each in nothing["versions"]] == [
        (0, []),
        (0, []),
    ]


def test_at_most_a_hundred_are_listed_and_all_are_counted(client, tmp_path):
    make_index(tmp_path, [(f"gull/r{number}", None, number) for number in range(120)], version="v2.2")
    serving.forget_versions()
    answer = next(each for each in ask(client, "gull").json()["versions"] if each["version"] == "v2.2")
    assert (answer["repository_count"], len(answer["repositories"]), answer["is_cut"]) == (120, 100, True)
    assert answer["repositories"][0]["full_name"] == "gull/r119"


def test_what_a_version_does_not_record_is_null_and_never_0(client):
    DatasetVersion.objects.update(has_sizes=False, has_file_counts=False)
    serving.forget_versions()
    newest = ask(client, "otter-quay").json()["versions"][0]
    assert newest["file_count"] is None and newest["byte_count"] is None
    one = newest["repositories"][0]
    assert one["byte_count"] is None and one["languages"][0]["byte_count"] is None


@pytest.mark.parametrize(
    ("typed", "code"), [("otter-*", "wildcard"), ("", "empty"), (None, "empty"), ("a/b/c", "not_a_name")]
)
def test_what_is_no_name_is_refused_with_code_and_sentence(client, typed, code):
    page = ask(client, typed)
    assert page.status_code == 400
    assert page.json()["error"]["code"] == code and page.json()["error"]["sentence"]


def test_a_name_close_by_is_offered_and_not_used(client):
    assert ask(client, "otter quay's").json()["error"]["suggestion"] == "otter-quay"


def test_too_many_are_told_when_to_go_on_and_pages_count_along(client, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "look-up": "2/minute"}
    assert ask(client, "otter-quay").status_code == 200
    assert client.get("/look-up/", {"name": "otter-quay"}).status_code == 200
    page = ask(client, "otter-quay")
    assert page.status_code == 429 and page.json()["error"]["code"] == "too_many"
    assert 0 < int(page.headers["Retry-After"]) <= 60


def test_an_index_that_cannot_be_read_is_503_and_not_nothing(client):
    DatasetVersion.objects.get(name="v2.1").builds.update(path="the-stack/v2.1/20010101T000000-00000000")
    serving.forget_versions()
    page = ask(client, "otter-quay")
    assert page.status_code == 503 and page.json()["error"]["code"] == "index_broken"


def test_it_is_read_only_not_kept_and_needs_no_sign_in(client):
    assert client.post("/api/v1/look-up", {"name": "otter-quay"}).status_code == 405
    page = ask(client, "otter-quay")
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies


def test_warm_it_takes_no_query_and_signed_in_people_are_counted_as_themselves(
    client, django_assert_num_queries
):
    ask(client, "otter-quay")
    with django_assert_num_queries(0):
        assert ask(client, "otter-quay").status_code == 200
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert ask(client, "otter-quay").status_code == 200
