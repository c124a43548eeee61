"""What holds for every page: frame, foot, strict policy, sound markup."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template.loader import render_to_string

from tests.builders import make_draft, make_index, make_user, reviewed_by_person
from tests.pages.reading import links_of, read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OPEN = [
    "/",
    "/look-up/?name=otter-quay",
    "/look-up/?name=otter-quay&filter=e",
    "/look-up/?name=otter-quay/kelp",
    "/look-up/?name=nobody-here",
    "/look-up/?name=not%20a%20name",
    "/how-it-works/",
    "/privacy/",
    "/who-may-ask/",
    "/for-dataset-builders/",
    "/accessibility/",
    "/sign-in/",
    "/no/such/page",
]
SIGNED_IN = ["/", "/look-up/?name=otter-quay", "/requests/", "/account/", "/no/such/page"]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"


@pytest.fixture(params=[*[(path, False) for path in OPEN], *[(path, True) for path in SIGNED_IN]], ids=str)
def page(request, client, tmp_path):
    path, is_signed_in = request.param
    make_index(tmp_path, [("otter-quay/kelp", 9001, 100), ("otter-quay/reef", 9002, 10)])
    if is_signed_in:
        user = make_user()
        reviewed_by_person(user)
        make_draft(user)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(path)


def test_every_page_has_the_frame(page):
    reader = read(page)
    assert reader.faults == []
    tags = [tag for tag, _ in reader.tags]
    assert [tags.count(tag) for tag in ("main", "h1", "header", "footer", "title")] == [1, 1, 1, 1, 1]
    assert links_of(page)[0] == "#main"
    assert "mailto:contact@bigcode-project.org" in links_of(page)
    assert {"/privacy/", "/who-may-ask/", "/for-dataset-builders/", "/accessibility/"} <= set(links_of(page))


def test_every_page_has_the_strict_policy_and_needs_nothing_that_it_forbids(page):
    header = page["Content-Security-Policy"]
    assert {part.strip() for part in POLICY.split(";")} <= {part.strip() for part in f"{header};".split(";")}
    assert "unsafe" not in header
    for tag, attributes in read(page).tags:
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert not [name for name in attributes if name == "style" or name.startswith("on")], (
            tag,
            attributes,
        )


def test_every_page_loads_from_our_own_origin_only(page):
    for tag, attributes in read(page).tags:
        for name in ("src", "action", "href"):
            value = attributes.get(name) or ""
            if tag != "a":
                assert not value.startswith(("http:", "https:", "//")), (tag, value)


def test_every_page_is_sound_for_assistive_tools(page):
    reader = read(page)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes.get("for") for tag, attributes in reader.tags if tag == "label"}
    for tag, attributes in reader.tags:
        if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden":
            assert attributes.get("id") in labelled
        for name in ("aria-describedby", "aria-labelledby"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        if tag in ("th", "td"):
            assert attributes.get("role") in ("columnheader", "rowheader", "cell")
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 or "errors" in page.content.decode()
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_menu_offers_signing_in_or_out(client):
    assert "Sign in" in text_of(client.get("/"))
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/")
    assert "Sign out" in text_of(page)
    forms = [attributes for tag, attributes in read(page).tags if tag == "form"]
    assert {"method": "post", "action": "/sign-out/"} in forms
    assert "Review desk" not in text_of(page)


def test_the_page_at_hand_is_marked_in_the_menu(client):
    current = [
        attributes["href"]
        for _, attributes in read(client.get("/how-it-works/")).tags
        if "aria-current" in attributes
    ]
    assert current == ["/how-it-works/"]


def test_messages_are_notes_and_a_warning_looks_like_one(rf):
    request = rf.get("/")
    request.session, request.user = {}, make_user()
    request._messages = FallbackStorage(request)
    messages.success(request, "We have <it>.")
    messages.warning(request, "Look again.")
    html = render_to_string("base.html", request=request)
    assert "We have &lt;it&gt;." in html
    assert html.count('class="note"') == 1
    assert html.count('class="note note--wait"') == 1


def test_style_sheets_and_icon_are_served(client):
    for name in ("tokens.css", "site.css", "mark.svg", "htmx.min.js"):
        assert client.get(f"/static/core/{name}").status_code == 200


def test_no_template_of_the_site_has_inline_style_or_script():
    templates = list((Path(settings.ROOT) / "templates").rglob("*.html"))
    assert len(templates) > 20
    for template in templates:
        text = template.read_text()
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|\|safe\b|autoescape off", text
        ), template
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, template
