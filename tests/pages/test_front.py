"""The front page shows the question, and only figures that are computed."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.releases import services as releases
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_index, make_reviewer, make_user, reviewed_by_person, the_stack
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
ROWS = [("otter-quay/kelp", 9001, 100), ("otter-quay/reef", 9002, 10)]


def test_the_question_is_asked_without_a_figure_when_nothing_is_known(client):
    page = client.get("/")
    assert "Is your code in The Stack?" in text_of(page)
    assert "We decide within 30 days." in text_of(page)
    assert "The desk in figures" not in text_of(page)


def test_a_fresh_desk_says_none_yet_and_leaves_out_what_it_cannot_compute(client, tmp_path):
    make_index(tmp_path, ROWS)
    text = text_of(client.get("/"))
    assert "Repositories in v2.1, the newest version 2 as GitHub stood in September 2023" in text
    assert "Owners who are left out None yet" in text
    assert "Time to a decision" not in text
    assert "Next version" not in text


def test_figures_come_from_decisions_and_releases(client, tmp_path):
    make_index(tmp_path, ROWS)
    user, reviewer = make_user(), make_reviewer()
    with time_machine.travel("2026-11-01T12:00Z", tick=False):
        request = reviewed_by_person(user)
    with time_machine.travel("2026-11-03T12:00Z", tick=False):
        accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
        services.decide(
            by=reviewer, request_id=request.pk, verdicts={item.pk: accept for item in request.items.all()}
        )
        releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.0").pk, by=None)
        planned = dt.datetime(2027, 1, 15, 12, tzinfo=dt.UTC)
        releases.plan(dataset=the_stack(), name="v3.1", freeze_planned_at=planned)
    with time_machine.travel("2026-11-10T12:00Z", tick=False):
        text = text_of(client.get("/"))
    assert "Owners who are left out 1 users and organisations" in text
    assert "Time to a decision 2 days median over the last 30 days" in text
    assert "Next version v3.1 requests accepted by 15 January 2027 are in" in text
    with time_machine.travel("2026-12-10T12:00Z", tick=False):
        assert "Time to a decision" not in text_of(client.get("/"))


def test_robots_stay_away_from_names_and_requests(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    kept_away = ["/api/", "/look-up/", "/requests/", "/without-account/"]
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        *(f"Disallow: {each}" for each in kept_away),
    ]
