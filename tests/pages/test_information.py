"""The pages that only tell say what is true of this project."""

import pytest

from bigcode_optout.exclusionlist.formats import FORMATS, KEYED_FORMATS
from bigcode_optout.exclusionlist.schema import COLUMN_NAMES
from bigcode_optout.pages.views.information import LIST_COLUMNS, LIST_FORMATS
from tests.pages.reading import links_of, read, text_of

PATHS = ["/how-it-works/", "/privacy/", "/who-may-ask/", "/for-dataset-builders/", "/accessibility/"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PATHS)
def test_each_is_there_for_everybody(client, path):
    assert client.get(path).status_code == 200


def test_the_columns_are_those_of_the_list(client):
    assert tuple(LIST_COLUMNS) == COLUMN_NAMES
    text = text_of(client.get("/for-dataset-builders/"))
    assert all(f" {name} " in text for name in (*COLUMN_NAMES, *FORMATS))


def test_every_format_is_listed_and_what_a_keyed_list_hides_is_said_plainly(client):
    assert set(LIST_FORMATS) == {*FORMATS, *KEYED_FORMATS}
    text = text_of(client.get("/for-dataset-builders/"))
    assert all(f" {name} " in text for name in LIST_FORMATS)
    assert "It does not hide names from whoever has the key." in text
    assert all(f"bigcode-exclusions {command} " in text for command in ("check", "apply", "verify", "gate"))


def test_places_that_answers_link_to_exist(client):
    ids = {attributes.get("id") for _, attributes in read(client.get("/who-may-ask/")).tags}
    assert {"former-name", "organisation", "repository", "lost-account"} <= ids
    assert any(attributes.get("id") == "removal" for _, attributes in read(client.get("/how-it-works/")).tags)


def test_the_periods_are_those_of_the_settings(client, settings):
    settings.DECISION_DAYS, settings.DRAFT_DAYS = 21, 14
    assert "Within 21 days." in text_of(client.get("/how-it-works/"))
    assert "14 days after its last change" in text_of(client.get("/privacy/"))


@pytest.mark.parametrize("path", ["/", *PATHS])
def test_every_link_of_our_own_leads_to_a_page(client, path):
    own = {link.partition("#")[0] for link in links_of(client.get(path)) if link.startswith("/")}
    assert own
    assert {link: client.get(link).status_code for link in own if client.get(link).status_code >= 400} == {}
