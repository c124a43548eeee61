"""Views of the queue: one's own, shared ones, and the one that it opens on."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from bigcode_optout.review.models import SavedView
from tests.builders import make_reviewer, make_user
from tests.review.cases import messages_of, text_of, waiting_request
from tests.staff import staff_client

QUEUE = reverse("admin:removals_removalrequest_changelist")
KEEP = reverse("admin:removals_removalrequest_keep_view")
LIST = "proof=unproven&waiting=us"
pytestmark = pytest.mark.usefixtures("index")


def names(browser, query: str = "waiting=us") -> list[str]:
    """The views that the queue offers."""
    return [tab.name for tab in browser.get(f"{QUEUE}?{query}").context["tabs"]]


def kept(browser, name: str = "Doubtful", **more) -> SavedView:
    """A list that was saved."""
    browser.post(KEEP, {"name": name, "list": LIST, **more})
    return SavedView.objects.get(name=name)


def change(browser, view: SavedView, do: str, **more):
    return browser.post(
        reverse("admin:removals_removalrequest_change_view", args=[view.pk]), {"do": do, **more}
    )


@pytest.fixture
def colleague(db):
    """Another reviewer's browser."""
    return staff_client(make_reviewer("j.amadi"))


@pytest.fixture
def lead(db):
    """A senior reviewer's browser."""
    user = make_reviewer("lead")
    user.user_permissions.add(Permission.objects.get(codename="decide_senior"))
    return staff_client(user)


def test_a_saved_list_is_offered_again_and_marked_while_it_is_open(desk):
    kept(desk)
    page = desk.get(f"{QUEUE}?waiting=us&proof=unproven&p=1")
    assert page.context["open_tab"].name == "Doubtful"
    assert '<a href="?proof=unproven&amp;waiting=us" aria-current="true">Doubtful' in text_of(page)


def test_a_view_is_its_owners_alone(desk, colleague):
    view = kept(desk)
    assert "Doubtful" not in names(colleague)
    assert change(colleague, view, "delete").status_code == 404
    assert change(colleague, view, "rename", name="Mine now").status_code == 404
    assert SavedView.objects.get().name == "Doubtful"


def test_a_senior_reviewer_shares_a_view_and_others_cannot(desk, lead, colleague):
    assert desk.post(KEEP, {"name": "For all", "list": LIST, "is_shared": "on"}).status_code == 403
    view = kept(lead, "For all", is_shared="on")
    assert "For all" in names(colleague)
    assert change(colleague, view, "unshare").status_code == 403
    change(lead, view, "unshare")
    assert "For all" not in names(colleague) and "For all" in names(lead)


def test_a_view_is_renamed_and_deleted(desk):
    view = kept(desk)
    change(desk, view, "rename", name="Look twice")
    assert "Look twice" in names(desk) and "Doubtful" not in names(desk)
    change(desk, view, "delete")
    assert "Look twice" not in names(desk)


def test_two_views_of_one_person_have_two_names(desk, colleague):
    kept(desk)
    again = desk.post(KEEP, {"name": "Doubtful", "list": "waiting=all"})
    assert "You have a view “Doubtful” already." in messages_of(desk, again)
    colleague.post(KEEP, {"name": "Doubtful", "list": LIST})
    assert SavedView.objects.count() == 2


def test_a_view_without_a_name_is_not_saved(desk):
    answer = desk.post(KEEP, {"name": "  ", "list": LIST})
    assert "Give it a name" in messages_of(desk, answer)
    assert not SavedView.objects.exists()


def test_the_queue_opens_on_the_view_that_its_reader_chose(desk, colleague, lead):
    waiting_request(make_user(601, "some-one"))
    shared = kept(lead, "For all", is_shared="on")
    change(desk, shared, "open_first")
    assert desk.get(QUEUE)["Location"] == f"{QUEUE}?{LIST}"
    assert colleague.get(QUEUE).status_code == 200
    assert len(desk.get(f"{QUEUE}?waiting=us").context["cl"].result_list) == 1
    change(desk, shared, "close_first")
    assert desk.get(QUEUE).status_code == 200


def test_a_view_that_is_not_shared_any_more_opens_nobody_elses_queue(desk, lead):
    shared = kept(lead, "For all", is_shared="on")
    change(desk, shared, "open_first")
    change(lead, shared, "unshare")
    assert desk.get(QUEUE).status_code == 200


def test_what_waits_for_us_is_there_without_saving_anything(desk):
    assert names(desk)[:2] == ["What waits for us", "Mine"]
    page = desk.get(QUEUE)
    assert page.context["open_tab"].name == "What waits for us"
