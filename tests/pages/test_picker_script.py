"""With script the picker is live, and says the same as the server says without it."""

import re

import pytest

from bigcode_optout.claims import services as claims
from bigcode_optout.names import parse
from tests.builders import account_claim, make_index, make_user
from tests.e2e.browser import running_browser
from tests.pages.conftest import OWNED, know_owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = [
    *[("otter-quay/kelp", 9001, 1000)] * 3,
    ("otter-quay/Reef", 9002, 200),
    ("otter-quay/kelp-fork", 9004, 999_960),
    ("norrvik/gauge", 7001, 10),
]


@pytest.fixture
def page_of(live_server, client, tmp_path):
    """Opens the page as otter-quay, who also claims norrvik and one of its repositories; with script or without."""
    make_index(tmp_path, ROWS)
    user = make_user()
    know_owner(501, "otter-quay", OWNED, forks=("kelp-fork",))
    for name in ("norrvik", "norrvik/gauge"):
        claims.make_claim(by=user, name=parse(name))
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session, number = client.cookies["sessionid"].value, account_claim(user).pk
    with running_browser() as browser:

        def opened(*, script):
            context = browser.new_context(java_script_enabled=script)
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            page = context.new_page()
            page.goto(f"{live_server.url}/requests/new/")
            return page

        yield opened, number


def said(page):
    return re.sub(r"\s+", " ", page.locator("aside").inner_text().replace("Count again", ""))


def choose(page, number):
    """Filter, tick what is shown, take the filter away, and tick a claimed repository and the whole organisation."""
    page.get_by_label("Only the repositories I choose").check()
    page.locator(f"#filter-{number}").fill("KELP")
    if page.get_by_role("button", name="Filter").count():
        page.get_by_role("button", name="Filter").click()
    assert page.locator(f"#picker-{number} tbody tr:visible").count() == 2
    page.get_by_role("button", name="Choose all 2").click()
    page.get_by_label("norrvik/gauge").check()
    page.get_by_label("norrvik", exact=False).first.check()


def test_live_figures_are_those_of_the_server(page_of):
    opened, number = page_of
    live, plain = opened(script=True), opened(script=False)
    choose(live, number)
    choose(plain, number)
    plain.get_by_role("button", name="Count again").click()
    assert said(live) == said(plain)
    assert "2 repositories of 3 under otter-quay" in said(live)
    assert "v2.1 5 1.0 MB" in said(live)
    assert live.locator("[data-chosen]").all_inner_texts() == ["1", "1"]


def test_filtering_and_counting_need_no_round_trip(page_of):
    opened, number = page_of
    page = opened(script=True)
    page.get_by_label("Only the repositories I choose").check()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(f"#filter-{number}").fill("nothing like it")
    page.keyboard.press("Enter")
    assert page.get_by_text("No name has that in it.").is_visible()
    page.locator(f"#filter-{number}").fill("")
    page.get_by_role("button", name="Choose all 3").click()
    page.get_by_role("button", name="none of them").click()
    assert "Nothing yet." in said(page)
    assert asked == []
