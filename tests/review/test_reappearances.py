"""Staff see what is back although it is excluded: a figure, a list, a search."""

import datetime as dt

import pytest
from django.urls import reverse

from bigcode_optout.releases.models import VersionSweep
from bigcode_optout.releases.sweeping import sweep
from tests.builders import make_index, make_user
from tests.releases.builders import accepted_request, frozen
from tests.review.cases import text_of
from tests.staff import staff_client

LIST = reverse("admin:releases_reappearance_changelist")
START = reverse("admin:index")


@pytest.fixture
def request_back(index, reviewer, tmp_path):
    """Everything of otter-quay is excluded, and two repositories are back in v2.2."""
    request = accepted_request(make_user())
    frozen("v3.1")
    rows = [("otter-quay/kelp", 9001, 100), ("Otter-Quay/reef", 9002, 10)]
    version = make_index(tmp_path, rows, version="v2.2", data_date=dt.date(2025, 1, 1))
    sweep(version_id=version.pk)
    return request


def listed(response):
    return [one.full_name for one in response.context["cl"].result_list]


def test_the_figure_stands_on_the_first_page_and_leads_to_the_list(desk, releases, request_back):
    for browser in (desk, releases):
        page = browser.get(START)
        assert page.context["reappeared_count"] == 2
        assert f'<a href="{LIST}?is_unexpected__exact=1">2</a>' in text_of(page)
    assert listed(desk.get(LIST, {"is_unexpected__exact": 1})) == ["Otter-Quay/reef", "otter-quay/kelp"]


def test_nothing_back_is_said_and_whoever_may_not_see_it_has_no_figure(desk, index, django_user_model):
    assert "<dd>0</dd>" in text_of(desk.get(START))
    browser = staff_client(django_user_model.objects.create_user("auditor", is_staff=True))
    assert "although excluded" not in text_of(browser.get(START))
    assert browser.get(LIST).status_code == 403


def test_the_list_is_searched_and_filtered(desk, request_back):
    assert listed(desk.get(LIST, {"q": "REEF"})) == ["Otter-Quay/reef"]
    assert listed(desk.get(LIST, {"q": "9001"})) == ["otter-quay/kelp"]
    assert len(listed(desk.get(LIST, {"q": request_back.reference}))) == 2
    assert listed(desk.get(LIST, {"found_by__exact": "spelling"})) == ["Otter-Quay/reef"]
    page = text_of(desk.get(LIST))
    assert "its name in another spelling" in page and "v3.1" in page and request_back.reference in page


def test_sweeps_and_builds_are_listed_with_what_came_of_them(desk, request_back):
    page = text_of(desk.get(reverse("admin:releases_versionsweep_changelist")))
    assert "v2.2" in page and "done" in page
    sweep_row = VersionSweep.objects.get(version__name="v2.2")
    assert desk.get(reverse("admin:releases_versionsweep_change", args=[sweep_row.pk])).status_code == 200
    assert sweep_row.build.name in text_of(desk.get(reverse("admin:catalog_indexbuild_changelist")))
    build = desk.get(reverse("admin:catalog_indexbuild_change", args=[sweep_row.build_id]))
    assert build.status_code == 200


def test_nobody_changes_a_finding(desk, releases, boss, request_back):
    from bigcode_optout.releases.models import Reappearance

    one = Reappearance.objects.first()
    for browser in (desk, releases, boss):
        assert browser.get(reverse("admin:releases_reappearance_add")).status_code == 403
        assert browser.post(reverse("admin:releases_reappearance_delete", args=[one.pk])).status_code == 403
