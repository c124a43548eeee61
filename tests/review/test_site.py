"""The desk's site: who comes in, what stands there, what a browser may load."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from django.urls import NoReverseMatch, reverse

from bigcode_optout.catalog.models import Dataset
from bigcode_optout.removals.models import OutboxMessage, RemovalRequest, ScopeItem
from tests.builders import make_user, the_stack
from tests.review.cases import address, text_of, waiting_request

INDEX = reverse("admin:index")
pytestmark = pytest.mark.django_db
ALLAUTH = "allauth.account.auth_backends.AuthenticationBackend"


def test_the_desk_has_its_name_and_figures(desk, index):
    page = text_of(desk.get(INDEX))
    assert "Opt-out desk" in page and "Waiting on us" in page


def test_a_release_manager_sees_no_figures_of_the_queue(releases):
    page = text_of(releases.get(INDEX))
    assert "Waiting on us" not in page and "Releases" in page


def test_signing_in_with_github_never_opens_the_desk(reviewer):
    browser = Client()
    browser.force_login(reviewer, backend=ALLAUTH)
    answer = browser.get(INDEX)
    assert answer.status_code == 302 and reverse("admin:login") in answer["Location"]


def test_people_who_are_not_staff_are_led_to_the_login(client):
    client.force_login(make_user())
    assert client.get(INDEX).status_code == 302


def test_tries_with_a_password_are_counted(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"staff-log-in": "2/minute"}
    data = {"username": "e.thorne", "password": "guess"}
    codes = [client.post(reverse("admin:login"), data).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_what_allauth_keeps_is_not_shown():
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown == {"accounts", "admin", "auth", "catalog", "claims", "releases", "removals"}


def test_no_request_is_added_or_deleted_even_by_a_superuser(boss, index):
    waiting_request()
    for name in ("add", "delete", "history"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:removals_removalrequest_{name}")
    assert ScopeItem not in admin.site._registry
    page = boss.get(reverse("admin:removals_removalrequest_changelist"))
    assert "delete_selected" not in text_of(page)
    assert RemovalRequest.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["claims_claim", "claims_proof", "accounts_githubidentity", "catalog_indexbuild"]
)
def test_evidence_is_read_and_never_edited(boss, index, name):
    make_user()
    found = boss.get(reverse(f"admin:{name}_changelist")).context["cl"].result_list[0]
    assert boss.get(reverse(f"admin:{name}_change", args=[found.pk])).status_code == 200
    assert boss.post(reverse(f"admin:{name}_change", args=[found.pk]), {}).status_code == 403
    assert boss.get(reverse(f"admin:{name}_add")).status_code == 403
    assert boss.post(reverse(f"admin:{name}_delete", args=[found.pk])).status_code == 403


def test_mails_are_listed(desk, index):
    request = waiting_request(email="otter@example.org")
    page = text_of(desk.get(reverse("admin:removals_outboxmessage_changelist")))
    assert request.reference in page
    message = OutboxMessage.objects.get()
    assert desk.get(reverse("admin:removals_outboxmessage_change", args=[message.pk])).status_code == 200


def test_only_a_superuser_turns_the_datasets_switches(desk, boss):
    dataset = the_stack()
    place = reverse("admin:catalog_dataset_change", args=[dataset.pk])
    assert desk.post(place, {"honours_issues": "on"}).status_code == 403
    boss.post(place, {"honours_issues": "on", "slug": "other", "title": "Other"})
    dataset = Dataset.objects.get()
    assert (dataset.slug, dataset.title) == ("the-stack", "The Stack")
    assert (dataset.honours_files, dataset.honours_issues) == (False, True)


def test_people_and_groups_are_for_superusers(desk, boss, django_user_model):
    from django.contrib.auth.models import Permission

    keen = django_user_model.objects.get(username="e.thorne")
    keen.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["accounts", "auth"]))
    for name in ("accounts_user", "auth_group"):
        assert desk.get(reverse(f"admin:{name}_changelist")).status_code == 403
        assert boss.get(reverse(f"admin:{name}_changelist")).status_code == 200


def test_the_pages_run_under_the_strict_policy(desk, index):
    request = waiting_request()
    for place in (INDEX, reverse("admin:removals_removalrequest_changelist"), address(request)):
        response = desk.get(place)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy and "script-src 'self'" in policy
        page = text_of(response)
        assert "style=" not in page and "<style" not in page and "onclick=" not in page


def test_who_did_anything_at_the_desk_is_closed_and_not_deleted(boss, django_user_model):
    busy, idle = (django_user_model.objects.create_user(name, is_staff=True) for name in ("busy", "idle"))
    LogEntry.objects.create(user=busy, object_repr="v3.1", action_flag=CHANGE, change_message="Downloaded.")
    for user in (busy, idle):
        boss.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})
    both = {"action": "delete_selected", "_selected_action": [busy.pk], "post": "yes"}
    boss.post(reverse("admin:accounts_user_changelist"), both)
    assert set(django_user_model.objects.values_list("username", flat=True)) >= {"busy"}
    assert not django_user_model.objects.filter(username="idle").exists()
    assert LogEntry.objects.filter(user=busy).exists()
