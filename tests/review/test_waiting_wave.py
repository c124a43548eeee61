"""Twenty requests of a wave that a rule does not decide, each waiting for another reason, worked by keyboard alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from bigcode_optout.removals.models import Decision, Proposal, RemovalRequest
from bigcode_optout.sandbox.wave import SHARES
from tests.builders import make_reviewer
from tests.e2e.browser import running_browser
from tests.review.cases import address
from tests.review.test_keys import at_the_desk, is_fine, stands
from tests.review.waiting_wave import SITUATIONS, Stage, played
from tests.staff import staff_client
from tests.two_reviewers import make_senior

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
Step = Callable[[Page], None]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shown(page: Page) -> None:
    stands(page.get_by_text("Nothing has been sent yet."))


def accept(page: Page) -> None:
    press(page, "a", "Enter")
    shown(page)
    press(page, "c")


def ask(page: Page) -> None:
    press(page, "q")
    page.keyboard.type("Which key signed it, and where can we read it?")
    press(page, "Tab", "Enter")
    shown(page)
    press(page, "c")


def deny(reason: str) -> Step:
    def step(page: Page) -> None:
        press(page, "d")
        page.keyboard.type(reason)
        press(page, "Tab", "Tab", "Enter")
        shown(page)
        press(page, "c")

    return step


def note(page: Page) -> None:
    press(page, "t")
    page.keyboard.type("Asked a colleague: it fits.")
    press(page, "Tab", "Enter")
    stands(page.get_by_text("Noted. The requester does not see it."))


def note_and_accept(page: Page) -> None:
    note(page)
    accept(page)


def confirm(page: Page) -> None:
    press(page, "a")
    shown(page)
    press(page, "c")


def accept_the_first_and_decline_the_second(page: Page) -> None:
    press(page, "a", "Shift+Tab", "Shift+Tab", "Shift+Tab", "ArrowDown", "Tab")
    page.keyboard.type("No authority")
    press(page, "Tab", "Tab", "Enter")
    shown(page)
    press(page, "c")


@dataclass(frozen=True)
class Work:
    """What stands on the page and is worth a look, what is done about it, and the request and its parts after it."""

    sees: str
    step: Step
    state: str
    said: tuple[str, ...] = ()


def accepted(*parts: str) -> tuple[str, tuple[str, ...]]:
    return "accepted", parts or ("accept: control_shown",)


def denied(reason: str) -> tuple[str, tuple[str, ...]]:
    return "denied", (f"decline: {reason}",)


WORK = {
    "own, name taken from somebody": Work(
        "Younger than the data", deny("Insufficient"), *denied("insufficient_proof")
    ),
    "own, a repository is gone": Work("A number is gone from GitHub", accept, *accepted()),
    "large organisation": Work("Large organisation", accept, "in_review"),
    "organisation as a member": Work("Role not stated", deny("No authority"), *denied("no_authority")),
    "repository of somebody else": Work("Role not stated", deny("No authority"), *denied("no_authority")),
    "repository, misspelt": Work("Role not stated", deny("Not in"), *denied("not_in_dataset")),
    "the account was lost, and the form was written without one": Work(
        "I cannot sign in to the account any more", ask, "needs_information"
    ),
    "the account was deleted, and part of the code stands on another host": Work(
        "https://gitlab.example/me/thing", accept, "in_review"
    ),
    "somebody asks in German for one who has died": Work(
        "German, for the sentences of decisions", deny("Insufficient"), *denied("insufficient_proof")
    ),
    "a former login of which too little leads to the account": Work(
        "Former name shown in part",
        note_and_accept,
        *accepted("accept: control_shown", "accept: control_shown"),
    ),
    "an old account in a freed name, whose repositories went elsewhere": Work(
        "Belongs to another account", deny("Insufficient"), *denied("insufficient_proof")
    ),
    "nothing of the name is confirmed by GitHub": Work(
        "Not tied to this account", note_and_accept, *accepted()
    ),
    "GitHub was silent": Work("GitHub was silent", accept, *accepted()),
    "a co-owner objects": Work(
        "It is ours together, and we want it in.", deny("No auth"), *denied("no_authority")
    ),
    "an appeal": Work("I had it before, too.", accept, *accepted()),
    "asked for more while the first request waits": Work("(the same person)", ask, "needs_information"),
    "the question was answered": Work("Since last spring.", accept, *accepted()),
    "a colleague proposed to deny it as abusive": Work(
        "Waits for a second reviewer", confirm, *denied("abusive")
    ),
    "a colleague took the decision back": Work(
        "The number is another one’s.", deny("Insufficient"), *denied("insufficient_proof")
    ),
    "all is shown, and the policy was stopped": Work("Own account", accept, *accepted()),
    "two repositories of others at once": Work(
        "Role not stated",
        accept_the_first_and_decline_the_second,
        *accepted("accept: control_shown", "decline: no_authority"),
    ),
}


@pytest.fixture
def wave(tmp_path, settings) -> dict[str, RemovalRequest]:
    """Every situation, waiting or decided by a rule."""
    colleague, senior = make_reviewer("j.amadi"), make_reviewer("k.sol")
    senior.groups.add(Group.objects.get(name="senior reviewer"))

    def stage_of(running) -> Stage:
        settings.GITHUB_URL = running.url
        return Stage(running, settings, colleague, senior)

    return played(tmp_path / "wave", stage_of)


@pytest.fixture
def session(live_server, wave, django_assert_max_num_queries) -> str:
    """A senior reviewer's session. Made before the browser starts, whose loop Django minds; so each page is opened once
    before, to count what it asks the database."""
    client = staff_client(make_senior())
    for words, request in wave.items():
        with django_assert_max_num_queries(19, info=words):
            assert client.get(address(request)).status_code == 200
    return client.cookies["sessionid"].value


def decisions_of(request: RemovalRequest) -> tuple[str, ...]:
    found = Decision.objects.filter(item__request=request).order_by("item", "-decided_at", "-pk")
    newest: dict[int, str] = {}
    for one in found:
        newest.setdefault(one.item_id, f"{one.verdict}: {one.reason}")
    return tuple(newest.values())


def test_what_a_rule_decides_of_a_wave_is_not_led_to_and_the_rest_is_worked_by_keyboard(
    live_server, wave, session
):
    words_by_number = {request.pk: words for words, request in wave.items()}
    assert len(WORK) >= 20 and set(SHARES) <= set(SITUATIONS)
    order = []
    with running_browser() as browser:
        visitor = at_the_desk(browser, live_server, session)
        page = visitor.page
        for _ in WORK:
            press(page, "n")
            stands(page.get_by_role("heading", name="Decision", exact=True))
            words = words_by_number[int(re.search(r"/(\d+)/change/", page.url)[1])]
            order.append(words)
            expect(page.locator("#content"), words).to_contain_text(WORK[words].sees)
            WORK[words].step(page)
            stands(page.locator(".messagelist .success"))
        is_fine(visitor)
        press(page, "n")
        visitor.expects("Nothing else in this list waits for you now.")
        visitor.close()
    assert sorted(order) == sorted(WORK)
    became = {}
    for words in WORK:
        wave[words].refresh_from_db()
        became[words] = (wave[words].state, decisions_of(wave[words]))
    assert became == {words: (work.state, work.said) for words, work in WORK.items()}
    others = {wave[words].state for words in set(SITUATIONS) - set(WORK)}
    assert others <= {"accepted", "merged"}
    # Large, or nobody knows how large what stands under the name is: a second reviewer confirms it.
    proposals = Proposal.objects.filter(state="waiting", proposed_by__username="s.okafor")
    assert {one.request for one in proposals} == {
        wave[words] for words, work in WORK.items() if work.state == "in_review"
    }
    german = Decision.objects.get(item__request=wave["somebody asks in German for one who has died"])
    assert german.language == "de"
    for words in (
        "a former login of which too little leads to the account",
        "nothing of the name is confirmed by GitHub",
    ):
        assert wave[words].events.filter(code="note", is_internal=True).exists()
    question = wave["the account was lost, and the form was written without one"]
    assert question.clock_stopped_at and question.mails.filter(kind="question").exists()
