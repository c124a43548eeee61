"""A release manager prepares a release, follows it, and says so when a freeze goes without."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bigcode_optout.core import clock
from bigcode_optout.releases import preparing, services, tasks
from bigcode_optout.releases.models import Preparation, Release
from tests.builders import make_index, make_persona, make_user, processed_request, the_stack
from tests.removals.owning import make_owner, request_over
from tests.review.cases import decide, messages_of, text_of, waiting_request
from tests.review.test_releases import step
from tests.staff import staff_client

pytestmark = pytest.mark.django_db
WHO = "quillon-marsh"


@pytest.fixture
def planned(sandbox, tmp_path):
    """An open release with an accepted request in it."""
    owned = sandbox.world.repositories_of(sandbox.world.account(WHO).id)
    make_index(tmp_path, [(f"{WHO}/{one.name}", one.id, 10) for one in owned])
    assert processed_request(make_persona(sandbox, WHO)).state == "accepted"
    return services.plan(dataset=the_stack(), name="v3.1")


def run():
    preparation = Preparation.objects.get(finished_at=None)
    tasks.prepare(preparation.pk)


def test_the_button_begins_and_the_page_is_live_until_it_has_ended(releases, manager, planned):
    page = text_of(releases.get(step(planned, "change")))
    assert "Nobody has asked GitHub again" in page and "Prepare v3.1" in page and "hx-get" not in page
    answer = releases.post(step(planned, "prepare"))
    assert "GitHub is asked again about everything that stands for v3.1." in messages_of(releases, answer)
    assert Preparation.objects.get().started_by == manager
    page = text_of(releases.get(step(planned, "change")))
    assert f'hx-get="{step(planned, "preparation")}"' in page and "0 of 1 question settled" in page
    assert "Prepare v3.1" not in page
    fragment = releases.get(step(planned, "preparation"))
    assert "HX-Refresh" not in fragment and "hx-get" in text_of(fragment)
    run()
    fragment = releases.get(step(planned, "preparation"))
    assert fragment["HX-Refresh"] == "true" and "hx-get" not in text_of(fragment)
    page = text_of(releases.get(step(planned, "change")))
    assert "1 account and 0 repositories" in page and "Prepare v3.1 again" in page


def test_what_changed_is_listed_and_what_is_in_doubt_leads_to_its_request(boss, releases, planned, sandbox):
    preparing.begin(release_id=planned.pk, by=None)
    one = sandbox.world.repositories_of(sandbox.world.account(WHO).id)[0]
    sandbox.world.transfer_repository(f"{WHO}/{one.name}", "low-tide-club")
    sandbox.world.rename_account(WHO, "quillon-dune")
    run()
    page = text_of(releases.get(step(planned, "change")))
    assert "quillon-<wbr>dune" in page or "quillon-dune" in page
    assert "another owner" in page and "another name" in page
    reference = planned.preparations.get().release.dataset.removal_requests.get().reference
    assert reference in page and "/removalrequest/" not in page
    request = planned.dataset.removal_requests.get()
    assert reverse("admin:removals_removalrequest_change", args=[request.pk]) in text_of(
        boss.get(step(planned, "change"))
    )


def test_a_freeze_without_fresh_facts_has_to_be_said(releases, planned):
    page = text_of(releases.get(step(planned, "freeze")))
    assert 'name="unprepared"' in page and "Nobody has asked GitHub again" in page
    answer = releases.post(step(planned, "freeze"))
    assert "Say that you freeze it without fresh facts" in messages_of(releases, answer)
    assert Release.objects.get().state == "open"
    releases.post(step(planned, "freeze"), {"unprepared": "on"})
    assert Release.objects.get().state == "frozen"


def test_a_prepared_release_is_frozen_without_a_tick(releases, planned):
    releases.post(step(planned, "prepare"))
    run()
    assert 'name="unprepared"' not in text_of(releases.get(step(planned, "freeze")))
    releases.post(step(planned, "freeze"))
    assert Release.objects.get().state == "frozen"
    assert "What GitHub says by now" in text_of(releases.get(step(planned, "change")))


def test_an_unfinished_preparation_warns(releases, planned):
    releases.post(step(planned, "prepare"))
    assert "has not ended: 0 of 1" in text_of(releases.get(step(planned, "freeze")))
    assert "being prepared already" in messages_of(releases, releases.post(step(planned, "prepare")))


def test_a_reviewer_follows_it_and_does_not_begin_it(desk, planned):
    assert desk.post(step(planned, "prepare")).status_code == 403
    assert not Preparation.objects.exists()
    assert "Prepare v3.1" not in text_of(desk.get(step(planned, "change")))
    assert desk.get(step(planned, "preparation")).status_code == 200


def test_strangers_and_forged_forms_get_nowhere(planned, manager, django_user_model):
    assert Client().post(step(planned, "prepare")).status_code == 302
    auditor = staff_client(django_user_model.objects.create_user("auditor", is_staff=True))
    assert auditor.get(step(planned, "preparation")).status_code == 403
    forged = staff_client(manager, enforce_csrf_checks=True)
    assert forged.post(step(planned, "prepare")).status_code == 403
    assert not Preparation.objects.exists()


def test_a_release_that_is_not_there_is_404(releases, planned):
    assert releases.post(reverse("admin:releases_release_prepare", args=[999])).status_code == 404
    assert releases.get(reverse("admin:releases_release_preparation", args=[999])).status_code == 404
    assert releases.get(step(planned, "prepare")).status_code == 405


def test_the_page_takes_fewer_than_twenty_four_queries(
    releases, planned, sandbox, django_assert_max_num_queries
):
    releases.post(step(planned, "prepare"))
    run()
    with django_assert_max_num_queries(23):
        assert releases.get(step(planned, "change")).status_code == 200


def test_old_roles_are_counted_before_the_freeze(releases, desk, index):
    request = request_over(make_owner(777, "fen-walker"))
    decide(desk, request, "accept")
    decide(desk, waiting_request(make_user(778, "reef-keeper")), "accept")
    planned = services.plan(dataset=the_stack(), name="v3.1")
    assert "every role was shown within 180 days" in text_of(releases.get(step(planned, "freeze")))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_proof SET expires_at = %s", [clock.now() - dt.timedelta(days=1)])
    assert "1 part rests on a role shown more than 180 days ago" in text_of(
        releases.get(step(planned, "freeze"))
    )
