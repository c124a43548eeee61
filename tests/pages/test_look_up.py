"""Anybody may look a name up; the answer is exact, and nothing is guessed."""

import logging

import pytest

from bigcode_optout.catalog import queries
from bigcode_optout.catalog.models import DatasetVersion
from tests.builders import make_index, make_user
from tests.pages.reading import links_of, text_of

pytestmark = pytest.mark.django_db
NEWEST = [
    ("otter-quay/kelp", 9001, 60_000),
    ("otter-quay/kelp", 9001, 5_500),
    ("otter-quay/kelp", 9001, 0),
    ("Otter-Quay/Reef", 9002, 1_000),
    ("otter-quay/anchor", 9003, 20_000),
    ("tern-hollow/notes", 9100, 7),
]
OLDER = [("otter-quay/kelp", None, 300), ("otter-quay/attic", None, 40), ("gull/old", None, 9)]


@pytest.fixture
def indexes(tmp_path):
    make_index(tmp_path, NEWEST, version="v2.1")
    make_index(tmp_path, OLDER, version="v2.0")


def ask(client, name, **more):
    return client.get("/look-up/", {"name": name, **more})


def names_in_order(response):
    text = text_of(response)
    return sorted(
        (name for name in ("kelp", "Reef", "anchor", "attic") if f" {name} " in text), key=text.rindex
    )


@pytest.mark.parametrize(
    "typed", ["otter-quay", "OTTER-QUAY", "@otter-quay", "https://github.com/Otter-Quay?tab=repositories"]
)
def test_an_owner_is_answered_in_any_spelling_with_totals_over_all_versions(client, indexes, typed):
    text = text_of(ask(client, typed))
    assert "Yes. 4 repositories of otter-quay are in The Stack." in text
    assert "The newest version, v2.1, has 5 files of them, 86.5 kB in all." in text
    assert "v2.1 Yes 3 5 86.5 kB September 2023" in text
    assert "v2.0 Yes 2 2 340 B September 2023" in text


def test_one_repository_is_answered_in_the_spelling_of_the_dataset(client, indexes):
    page = ask(client, "otter-quay/REEF")
    text = text_of(page)
    assert "Yes. Otter-Quay/Reef is in The Stack." in text
    assert "has 1 file of it, 1.0 kB in all." in text
    assert "v2.0 No" in text
    assert "/look-up/?name=Otter-Quay" in links_of(page)


def test_what_only_an_older_version_has_is_said_so(client, indexes):
    assert "The newest version, v2.1, has nothing under this name. v2.0 has 1 file, 9 B in all." in text_of(
        ask(client, "gull")
    )


def test_nothing_found_says_what_was_checked_why_it_may_be_so_and_what_one_can_do(client, indexes):
    page = ask(client, "nobody-here")
    text = text_of(page)
    assert page.status_code == 200
    assert "No. Nothing of nobody-here is in The Stack." in text
    assert "with v2.1 and v2.0, every version at this desk." in text
    assert "You may have had another name before." in text
    assert "Sign in with GitHub to stay out" in text
    assert "No. nobody-here/thing is not in The Stack." in text_of(ask(client, "nobody-here/thing"))


def test_a_desk_without_versions_does_not_say_no(client):
    text = text_of(ask(client, "otter-quay"))
    assert "We cannot look yet." in text
    assert "No. Nothing" not in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("quillon marsh’s", "“quillon marsh’s” has a space and an apostrophe."),
        ("otter-*", "has a wildcard (*)"),
        ("", "Nothing was typed."),
        ("https://gitlab.com/otter-quay", "gitlab.com"),
        ("a/b/c", "has 2 slashes"),
        ("<script>alert(1)</script>", "has "),
    ],
)
def test_what_is_not_a_name_is_refused_with_the_reason_and_the_form_keeps_it(
    client, indexes, typed, sentence
):
    page = ask(client, typed)
    assert page.status_code == 400
    assert text_of(page).count(sentence) >= 2
    assert b"<script>" not in page.content
    assert "#name" in links_of(page)


def test_a_name_close_by_is_offered_and_not_used(client, indexes):
    page = ask(client, "otter quay's")
    assert "Did you mean otter-quay?" in text_of(page)
    assert "/look-up/?name=otter-quay" in links_of(page)


def test_without_a_name_the_question_is_asked(client):
    assert client.get("/look-up/").headers["Location"] == "/"


def test_the_list_is_sorted_as_asked_and_largest_first_otherwise(client, indexes):
    assert names_in_order(ask(client, "otter-quay")) == ["kelp", "anchor", "Reef", "attic"]
    assert names_in_order(ask(client, "otter-quay", sort="name")) == ["anchor", "attic", "kelp", "Reef"]
    assert names_in_order(ask(client, "otter-quay", sort="files"))[0] == "kelp"
    assert names_in_order(ask(client, "otter-quay", sort="drop table")) == ["kelp", "anchor", "Reef", "attic"]


def test_the_filter_narrows_the_list_and_never_the_totals(client, indexes):
    text = text_of(ask(client, "otter-quay", filter="EE"))
    assert "Yes. 4 repositories of otter-quay" in text
    assert "1 repository with “EE” in the name" in text
    assert names_in_order(ask(client, "otter-quay", filter="EE")) == ["Reef"]
    assert "No repository with “zzz” in the name" in text_of(ask(client, "otter-quay", filter="zzz"))


def test_links_of_the_list_keep_name_and_filter(client, indexes):
    assert "?name=otter-quay&filter=e&sort=files#list" in links_of(ask(client, "otter-quay", filter="e"))


def test_each_row_says_in_which_versions_it_is(client, indexes):
    text = text_of(ask(client, "otter-quay"))
    assert "kelp Python none found v2.0 v2.1 3 65.5 kB" in text
    assert "Reef Python none found not in v2.0 v2.1 1 1.0 kB" in text
    assert "attic Python none found v2.0 not in v2.1 1 40 B" in text


def test_too_many_repositories_keep_their_totals_and_wait_for_a_filter(client, indexes, monkeypatch):
    monkeypatch.setattr(queries, "LIST_LIMIT", 2)
    text = text_of(ask(client, "otter-quay"))
    assert "Yes. At least 3 repositories of otter-quay" in text
    assert "v2.1 Yes 3 5" in text
    assert "Too many to list at once" in text
    assert names_in_order(ask(client, "otter-quay")) == []
    narrowed = ask(client, "otter-quay", filter="ree")
    assert "Yes. At least 3 repositories" in text_of(narrowed)
    assert names_in_order(narrowed) == ["Reef"]
    assert "Still too many to list" in text_of(ask(client, "otter-quay", filter="e"))


def test_deduplicated_versions_say_what_cannot_be_counted(client, indexes):
    assert "v2.1 and v2.0 keep each file once." in text_of(ask(client, "otter-quay"))
    DatasetVersion.objects.filter(name="v2.0").update(deduplicated="near")
    DatasetVersion.objects.filter(name="v2.1").update(deduplicated="no")
    text = text_of(ask(client, "nobody-here"))
    assert "v2.0 keeps one of several files that are nearly alike." in text
    assert "each file once" not in text


def test_languages_are_shown_of_the_newest_version(client, indexes):
    assert "Languages in v2.1, by size Python 100 %" in text_of(ask(client, "otter-quay"))
    assert "Languages in v2.1, by size Python 100 %" in text_of(ask(client, "otter-quay/kelp"))


def test_the_way_on_leads_through_sign_in_or_straight_to_the_choice(client, indexes):
    assert "/sign-in/?next=/requests/new/" in links_of(ask(client, "otter-quay"))
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert "/requests/new/" in links_of(ask(client, "otter-quay"))


def test_answers_are_not_kept_by_caches_and_names_not_by_logs(client, indexes, caplog):
    with caplog.at_level(logging.DEBUG):
        page = ask(client, "otter-quay/kelp")
        ask(client, "otter quay's")
    assert {"no-store", "private"} <= {part.strip() for part in page["Cache-Control"].split(",")}
    assert "otter" not in caplog.text


@pytest.mark.parametrize("method", ["get", "head"])
def test_too_many_look_ups_are_slowed_down_with_a_page(client, indexes, settings, method):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "look-up": "2/minute"}
    for _ in range(2):
        assert getattr(client, method)("/look-up/", {"name": "otter-quay"}).status_code == 200
    assert getattr(client, method)("/look-up/", {"name": "otter-quay"}).status_code == 429
    refused = ask(client, "otter-quay")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "That was a lot at once" in text_of(refused)
    assert "Please go on in" in text_of(refused)
