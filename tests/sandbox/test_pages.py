"""A person sees plainly that this is not GitHub, chooses, and sees what is asked."""

import re

import pytest

from .client import Answer, Client

PATH = "/login/oauth/authorize?client_id=sandbox-client&redirect_uri=http://127.0.0.1:8000/back&state="


def page(client: Client, rest: str = "s") -> str:
    return client.ask(PATH + rest).body.decode()


@pytest.mark.parametrize("path", ["/", PATH, "/nothing", "/login/oauth/authorize"])
def test_every_page_says_that_it_is_not_github(client: Client, path: str) -> None:
    text = client.ask(path).body.decode()
    assert "stand-in, not GitHub</title>" in text
    assert "It is not GitHub." in text


def test_the_chooser_offers_every_person_and_no_organisation(client: Client) -> None:
    logins = re.findall(r'name="persona" value="([^"]+)"', page(client))
    assert logins[0] == "quillon-marsh"
    assert {"moss-kettering", "sunniva-dahl", "ottilie-grange"} <= set(logins)
    assert "norrvik-instruments" not in logins


def test_the_chooser_shows_who_asks_and_for_what(client: Client) -> None:
    plain, asking = page(client), page(client, "s&scope=read:org")
    assert "sandbox-client" in plain
    assert "127.0.0.1:8000" in plain
    assert 'name="granted"' not in plain
    assert 'name="granted" value="read:org" checked' in asking


def test_the_suggested_login_is_chosen_beforehand(client: Client) -> None:
    checked = re.findall(
        r'value="([^"]+)" id="persona-[^"]+" checked', page(client, "s&login=Moss-Kettering")
    )
    assert checked == ["moss-kettering"]


def test_what_the_app_sends_cannot_become_markup(client: Client) -> None:
    text = page(client, "%22%3E%3Cb%3Ehere%3C/b%3E&scope=%3Ci%3E")
    assert "<b>here" not in text
    assert "<i>" not in text


def test_state_is_sent_on_only_if_it_came(client: Client) -> None:
    bare = client.ask(PATH.removesuffix("&state=")).body.decode()
    assert 'name="state"' not in bare
    assert 'name="state" value="s"' in page(client)


def test_pages_need_no_script_and_no_other_origin(client: Client) -> None:
    answer: Answer = client.ask(PATH)
    text = answer.body.decode()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in text
    assert "style=" not in text
    assert set(re.findall(r'(?:href|src|action)="([^"]+)"', text)) == {
        "/_sandbox/style.css",
        "/_sandbox/avatar.svg",
        "/login/oauth/authorize",
    }
    assert client.ask("/_sandbox/style.css").headers["content-type"] == "text/css; charset=utf-8"
