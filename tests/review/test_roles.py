"""docs/roles.md is what happens: every role tries every verb in every situation, over the admin's own addresses."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse

from bigcode_optout.accounts.models import User
from bigcode_optout.releases.lifecycle import State
from bigcode_optout.removals.models import RequestEvent, RequestState
from bigcode_optout.review.groups import PERMISSIONS
from tests.builders import make_user, reviewed_by_person, the_stack
from tests.review.role_situations import (
    RELEASE_POSTS,
    REQUEST_POSTS,
    Requests,
    desk_posts,
    make_releases,
    release_address,
    request_address,
)
from tests.staff import staff_client

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = Path(django_settings.ROOT) / "docs" / "roles.md"
ROLES = ["reviewer", "senior reviewer", "release manager", "auditor", "superuser"]
IS_WRITING = bool(os.environ.get("WRITE_DOCS"))
Cells = dict[str, list[str]]


def somebody(role: str) -> User:
    user = User.objects.create_user(role.replace(" ", "."), is_staff=True, is_superuser=role == "superuser")
    if role in PERMISSIONS:
        user.groups.add(Group.objects.get(name=role))
    return user


def browsers() -> dict[str, Client]:
    return {role: staff_client(somebody(role)) for role in ROLES}


class undone:  # noqa: N801 - used as a word
    """Whatever happens inside did not happen."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *error: object) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*error)


def does(browser: Client, address: str, data: dict[str, object], model: type) -> bool:
    """Whether the post wrote what belongs to a change: an event, or a line in the log."""
    with undone():
        before = model.objects.count()
        browser.post(address, data)
        return model.objects.count() > before


def table(part: str) -> Iterator[tuple[str, list[str]]]:
    """The rows between the marks of docs/roles.md: verb, and a cell for each role."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {part} -->\n(.*?)<!-- /{part} -->", text, re.DOTALL)
    assert found
    for line in found[1].strip().splitlines()[2:]:
        verb, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        yield verb, cells


def write(part: str, seen: dict[str, Cells]) -> None:
    head = [f"| | {' | '.join(ROLES)} |", f"|---|{'---|' * len(ROLES)}"]
    rows = [
        f"| {verb} | {' | '.join(', '.join(cells[role]) or '–' for role in ROLES)} |"
        for verb, cells in seen.items()
    ]
    text = PAGE.read_text(encoding="utf-8")
    new = f"<!-- {part} -->\n" + "\n".join([*head, *rows]) + f"\n<!-- /{part} -->"
    PAGE.write_text(
        re.sub(rf"<!-- {part} -->\n.*?<!-- /{part} -->", lambda _: new, text, flags=re.DOTALL),
        encoding="utf-8",
    )


def expect_page(part: str, seen: dict[str, Cells]) -> None:
    if IS_WRITING:
        write(part, seen)
    said = dict(table(part))
    assert said == {verb: [", ".join(cells[role]) or "–" for role in ROLES] for verb, cells in seen.items()}


def shortened(done: list[str], every: list[str]) -> list[str]:
    return ["always"] if done == every else done


def test_what_a_role_does_to_a_request_is_what_the_page_says():
    requests, by_role = Requests().by_situation, browsers()
    every = list(requests)
    assert {request.state for request in requests.values()} == set(RequestState) - {RequestState.DRAFT}
    seen: dict[str, Cells] = {}
    for verb, (name, data) in REQUEST_POSTS.items():
        seen[verb] = {}
        for role, browser in by_role.items():
            done = [
                words
                for words, request in requests.items()
                if does(browser, request_address(request, name), data(request), RequestEvent)
            ]
            seen[verb][role] = shortened(done, every)
    expect_page("requests", seen)


def test_what_a_role_does_to_a_release_is_what_the_page_says(tmp_path, settings):
    settings.EXPORT_DIR = tmp_path
    by_role, dataset = browsers(), the_stack()
    plan = {"dataset": dataset.pk, "name": "v9.9", "freeze_planned_at_0": "2027-02-01"}
    plan |= {"freeze_planned_at_1": "12:00:00", "shared_content": "drop"}
    place = reverse("admin:releases_release_add")
    seen: dict[str, Cells] = {
        "plan": {role: ["always"] * does(each, place, plan, LogEntry) for role, each in by_role.items()}
    }
    releases = make_releases()
    assert {release.state for release in releases.values()} == set(State)
    for verb, (name, more, data) in RELEASE_POSTS.items():
        seen[verb] = {
            role: [
                words
                for words, release in releases.items()
                if does(browser, release_address(release, name, *more), data(release), LogEntry)
            ]
            for role, browser in by_role.items()
        }
    expect_page("releases", seen)


def test_what_a_role_does_at_the_desk_itself_is_what_the_page_says():
    by_role = browsers()
    seen = {
        verb: {
            role: ["yes"] if does(browser, address, data, model) else [] for role, browser in by_role.items()
        }
        for verb, (address, data, model) in desk_posts().items()
    }
    expect_page("desk", seen)


def lists() -> dict[str, str]:
    return {
        str(model._meta.verbose_name_plural): reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        )
        for model in admin.site._registry
    }


def test_what_a_role_reads_is_what_the_page_says():
    by_role = browsers()
    seen = {
        words: {
            role: ["reads"] if browser.get(place, follow=True).status_code == 200 else []
            for role, browser in by_role.items()
        }
        for words, place in sorted(lists().items())
    }
    expect_page("lists", seen)


def test_an_auditor_reads_all_of_it_and_changes_nothing():
    rows = dict(table("lists"))
    assert {cells[ROLES.index("auditor")] for cells in rows.values()} == {"reads"}
    changed = [*dict(table("requests")).values(), *dict(table("releases")).values()]
    assert {cells[ROLES.index("auditor")] for cells in changed} == {"–"}
    at_the_desk = {verb for verb, cells in table("desk") if cells[ROLES.index("auditor")] != "–"}
    assert at_the_desk == {"save a view of one’s own"}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_does_anything_to_a_request_of_their_own(role):
    user = somebody(role)
    person = make_user()
    User.objects.filter(pk=user.pk).update(same_person_as=person)
    user.refresh_from_db()
    reviewed_by_person(person)
    own, browser = reviewed_by_person(person), staff_client(user)
    done = [
        verb
        for verb, (name, data) in REQUEST_POSTS.items()
        if does(browser, request_address(own, name), data(own), RequestEvent)
    ]
    assert done == []


def test_staff_without_a_group_read_and_do_nothing():
    browser = staff_client(User.objects.create_user("new.here", is_staff=True))
    request = reviewed_by_person(make_user())
    codes = {browser.get(place).status_code for place in lists().values()}
    assert codes == {403}
    assert not any(
        does(browser, request_address(request, name), data(request), RequestEvent)
        for name, data in REQUEST_POSTS.values()
    )
