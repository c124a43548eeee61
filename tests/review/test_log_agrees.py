"""What staff change through the admin stands twice: a line in the admin's log and an event in the request's history."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from bigcode_optout.removals.models import Decision, RemovalRequest, RequestEvent, ScopeItem
from tests.review.role_situations import REQUEST_POSTS, Requests, request_address

pytestmark = pytest.mark.django_db
# In which situation each verb works.
WORKS_IN = {
    "accept": "in review",
    "deny": "in review",
    "ask": "in review",
    "confirm what another one proposed": "proposed",
    "refuse what another one proposed": "proposed",
    "reopen": "denied",
    "merge into an earlier one": "in review",
    "take on one’s own desk": "in review",
    "write an internal note": "in review",
}
# The event's code, and a word of the log's sentence.
AGREE = {
    "accept": ("accept", "Decided"),
    "deny": ("deny", "Denied"),
    "ask": ("ask", "Asked"),
    "confirm what another one proposed": ("deny", "Confirmed"),
    "refuse what another one proposed": ("refuse_proposal", "closed"),
    "reopen": ("reopen", "Reopened"),
    "merge into an earlier one": ("merge", "Merged"),
    "take on one’s own desk": ("assign", "desk"),
    "write an internal note": ("note", "Noted"),
}


def test_every_post_of_the_desk_is_looked_at():
    assert WORKS_IN.keys() == AGREE.keys() == REQUEST_POSTS.keys()


@pytest.mark.parametrize("verb", REQUEST_POSTS)
def test_each_change_is_one_line_of_the_log_and_one_event_that_say_the_same(verb, desk, reviewer):
    request = Requests(only=WORKS_IN[verb]).by_situation[WORKS_IN[verb]]
    name, data = REQUEST_POSTS[verb]
    number, log_count = request.events.count(), LogEntry.objects.count()
    desk.post(request_address(request, name), data(request))
    event, line = request.events.get(number=number + 1), LogEntry.objects.latest("pk")
    code, word = AGREE[verb]
    assert (request.events.count(), LogEntry.objects.count()) == (number + 1, log_count + 1)
    assert (event.code, event.by, event.by_role) == (code, reviewer, "reviewer")
    assert (line.object_id, line.object_repr, line.user) == (str(request.pk), request.reference, reviewer)
    assert word in line.change_message
    assert abs((line.action_time - event.happened_at).total_seconds()) < 5


def test_what_is_refused_writes_neither(desk):
    request = Requests(only="withdrawn").by_situation["withdrawn"]
    before = RequestEvent.objects.count(), LogEntry.objects.count()
    for verb in REQUEST_POSTS.keys() - {"take on one’s own desk", "write an internal note"}:
        name, data = REQUEST_POSTS[verb]
        desk.post(request_address(request, name), data(request))
    assert (RequestEvent.objects.count(), LogEntry.objects.count()) == before


def test_no_state_can_be_edited_anywhere(boss, rf):
    request = rf.get("/")
    request.user = boss.get("/admin/").wsgi_request.user
    for model, registered in admin.site._registry.items():
        if registered.has_change_permission(request):
            fields = set(registered.get_form(request, change=True).base_fields)
            assert fields.isdisjoint({"state", "status"}), model


@pytest.mark.parametrize("model", [RemovalRequest, ScopeItem, Decision, RequestEvent])
def test_what_belongs_to_a_history_is_never_added_changed_or_deleted_by_hand(model, boss, rf):
    request = rf.get("/")
    request.user = boss.get("/admin/").wsgi_request.user
    registered = admin.site._registry.get(model)
    assert registered is None or not (
        registered.has_add_permission(request)
        or registered.has_change_permission(request)
        or registered.has_delete_permission(request)
    )
    inlines = [inline for each in admin.site._registry.values() for inline in each.inlines]
    assert not any(inline.model is model for inline in inlines)
