"""Deciding: shown before it is sent, through the services, never blindly, never one's own."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision, OutboxMessage, RemovalRequest, RequestEvent
from tests.builders import make_reviewer, make_user
from tests.review.cases import address, decide, filled, messages_of, text_of, waiting_request
from tests.staff import staff_client
from tests.two_reviewers import ACCEPT

pytestmark = pytest.mark.usefixtures("index")


def state_of(request: RemovalRequest) -> str:
    return RemovalRequest.objects.get(pk=request.pk).state


def test_the_preview_shows_what_will_be_read_and_changes_nothing(desk):
    request = waiting_request(names=["otter-quay/kelp"], email="otter@example.org")
    events, mails = RequestEvent.objects.count(), OutboxMessage.objects.count()
    page = desk.get(address(request))
    preview = text_of(desk.post(address(request, "decide"), filled(page, request, "decline", "no_authority")))
    assert (
        "Only an owner of the organisation or an administrator of the repository can decide this." in preview
    )
    assert f"Your request {request.reference} was denied" in preview
    assert "Nothing has been sent yet." in preview
    assert state_of(request) == "in_review" and not Decision.objects.exists()
    assert (RequestEvent.objects.count(), OutboxMessage.objects.count()) == (events, mails)


def test_what_was_previewed_is_what_is_sent(desk, reviewer, django_capture_on_commit_callbacks):
    request = waiting_request(email="otter@example.org")
    page = desk.get(address(request))
    data = filled(page, request, "decline", "other", "Please ask the <owner>.")
    preview = desk.post(address(request, "decide"), data)
    assert "Please ask the &lt;owner&gt;." in text_of(preview)
    answer = desk.post(address(request, "decide"), data | {"step": "confirm"})
    assert "Denied" not in messages_of(desk, answer) and state_of(request) == "denied"
    decision = Decision.objects.get()
    assert (decision.sentence, decision.reason, decision.decided_by) == (
        "Please ask the <owner>.",
        "other",
        reviewer,
    )
    assert OutboxMessage.objects.get(kind="denied").body == preview.context["rehearsal"].mail.body


def test_denying_what_is_left_of_an_accepted_request_says_that_it_stays_accepted(desk, reviewer):
    request = waiting_request(names=["otter-quay/kelp", "otter-quay/reef"], email="otter@example.org")
    kelp = request.items.get(name="otter-quay/kelp")
    services.decide(by=reviewer, request_id=request.pk, verdicts={kelp.pk: ACCEPT})
    page = desk.get(address(request))
    assert "Decline what is open" in text_of(page) and "Deny the request" not in text_of(page)
    data = {"deny-seen": page.context["seen"].seen, "deny-reason": "insufficient_proof"}
    preview = text_of(desk.post(address(request, "deny"), data))
    assert "Decline what is open and tell the requester" in preview
    assert f"Your request {request.reference} was accepted" in preview
    told = messages_of(desk, desk.post(address(request, "deny"), data | {"step": "confirm"}))
    done = "Declined what was open. What was accepted before stays so: the request is accepted."
    assert told.startswith(done) and state_of(request) == "accepted"
    assert request.events.latest("number").code == "accept"
    assert LogEntry.objects.latest("pk").change_message == done


def test_many_repositories_with_the_same_words_are_shown_and_told_once(desk):
    request = waiting_request(names=[f"otter-quay/tool-{number}" for number in range(25)])
    page = desk.get(address(request))
    preview = text_of(desk.post(address(request, "decide"), filled(page, request, "decline", "not_covered")))
    assert preview.count("The dataset holds nothing of this kind.") == 1
    assert "25 repositories of <bdi>otter-quay</bdi>" in preview and "otter-quay/tool-24" in preview
    decide(desk, request, "decline", "not_covered")
    [held] = desk.get(address(request)).context["seen"].holdings
    assert len(held.part.items) == 25 and len(held.decisions) == 1


def test_going_back_keeps_what_was_filled_in(desk):
    request = waiting_request()
    data = filled(desk.get(address(request)), request, "decline", "other", "My words.")
    page = desk.post(address(request, "decide"), data | {"step": "change"})
    assert "My words." in text_of(page) and state_of(request) == "in_review"


def test_accepting_takes_the_usual_reason(desk):
    request = waiting_request()
    answer = decide(desk, request, "accept")
    assert "They read it on their page" in messages_of(desk, answer)
    assert state_of(request) == "accepted" and Decision.objects.get().reason == "control_shown"


def test_parts_are_decided_each_for_itself(desk):
    request = waiting_request(names=["otter-quay/kelp", "otter-quay/reef"])
    page = desk.get(address(request))
    data = filled(page, request, "leave") | {"step": "confirm"}
    kelp, reef = (part for part, _ in page.context["forms"]["decide"].parts)
    answer = desk.post(address(request, "decide"), data | {f"{kelp.key}-verdict": "accept"})
    assert answer.status_code == 302 and state_of(request) == "in_review"
    page = desk.get(address(request))
    assert [part.key for part, _ in page.context["forms"]["decide"].parts] == [reef.key]
    decide(desk, request, "decline", "not_covered")
    assert state_of(request) == "accepted"
    assert sorted(request.items.values_list("state", flat=True)) == ["accepted", "declined"]


@pytest.mark.parametrize(
    ("verdict", "reason", "sentence", "said"),
    [
        ("leave", "", "", "Accept or decline at least one part."),
        ("decline", "", "", "Choose the reason for declining."),
        ("decline", "control_shown", "", "This is a reason to accept."),
        ("accept", "insufficient_proof", "", "This is a reason to decline."),
        ("decline", "other", "", "the requester needs your own words"),
        ("decline", "abusive", "x" * 601, "at most 600 characters"),
    ],
)
def test_an_incomplete_decision_is_asked_about_again(desk, verdict, reason, sentence, said):
    request = waiting_request()
    data = filled(desk.get(address(request)), request, verdict, reason, sentence, step="confirm")
    assert said in text_of(desk.post(address(request, "decide"), data))
    assert state_of(request) == "in_review"


def test_everything_open_is_denied_for_one_reason(desk):
    request = waiting_request(names=["otter-quay/kelp", "otter-quay/reef"])
    seen = desk.get(address(request)).context["seen"].seen
    data = {"deny-seen": seen, "deny-reason": "duplicate", "deny-sentence": ""}
    preview = text_of(desk.post(address(request, "deny"), data))
    assert preview.count("You have asked for the same") == 1
    assert "otter-quay/kelp" in preview and "otter-quay/reef" in preview
    desk.post(address(request, "deny"), data | {"step": "confirm"})
    assert state_of(request) == "denied"
    assert set(Decision.objects.values_list("reason", flat=True)) == {"duplicate"}


def test_a_question_stops_the_clock_and_is_mailed(desk):
    request = waiting_request(email="otter@example.org")
    seen = desk.get(address(request)).context["seen"].seen
    data = {"ask-seen": seen, "ask-question": "Whose is <reef>?"}
    preview = text_of(desk.post(address(request, "ask"), data))
    assert "Whose is &lt;reef&gt;?" in preview and state_of(request) == "in_review"
    desk.post(address(request, "ask"), data | {"step": "confirm"})
    assert state_of(request) == "needs_information"
    assert "Whose is <reef>?" in OutboxMessage.objects.get(kind="question").body
    assert not mail.outbox


def test_a_decision_on_a_stale_page_is_refused_kindly(desk):
    request = waiting_request()
    data = filled(desk.get(address(request)), request, "accept", step="confirm")
    colleague = make_reviewer("r.vane")
    services.deny(by=colleague, request_id=request.pk, reason=Decision.Reason.NOT_COVERED)
    answer = desk.post(address(request, "decide"), data)
    said = messages_of(desk, answer)
    assert "“Denied” by r.vane just now" in said and "Nothing of yours was sent" in said
    assert state_of(request) == "denied" and Decision.objects.count() == 1


def test_an_answer_that_came_meanwhile_is_read_before_deciding(desk, reviewer):
    user = make_user()
    request = waiting_request(user)
    data = filled(desk.get(address(request)), request, "accept", step="confirm")
    services.ask(by=reviewer, request_id=request.pk, question="Who?")
    services.answer(by=user, request_id=request.pk, text="Not me.")
    assert "“Answered” by the requester" in messages_of(desk, desk.post(address(request, "decide"), data))
    assert state_of(request) == "in_review"


def test_nobody_decides_on_their_own_request(desk, reviewer):
    from bigcode_optout.accounts.models import GitHubIdentity
    from bigcode_optout.claims.services import claim_account
    from bigcode_optout.core import clock

    identity = GitHubIdentity.objects.create(
        user=reviewer, github_id=42, login="otter-quay", account_created_at=clock.now(), seen_at=clock.now()
    )
    claim_account(identity)
    own = waiting_request(reviewer)
    part = own.items.get().pk
    number = own.events.count()
    posts = {
        "decide": {"seen": number, f"part{part}-verdict": "accept", "step": "confirm"},
        "deny": {"deny-seen": number, "deny-reason": "abusive", "step": "confirm"},
        "ask": {"ask-seen": number, "ask-question": "Me?", "step": "confirm"},
        "note": {"text": "Fine."},
        "assign": {"to": "me"},
    }
    for name, data in posts.items():
        assert desk.post(address(own, name), data).status_code == 403, name
    assert state_of(own) == "in_review" and own.events.count() == number


def test_a_release_manager_neither_sees_nor_decides(releases):
    request = waiting_request()
    assert releases.get(address(request)).status_code == 403
    data = {"deny-seen": request.events.count(), "deny-reason": "abusive", "step": "confirm"}
    assert releases.post(address(request, "deny"), data).status_code == 403
    assert state_of(request) == "in_review"


def test_steps_are_posts_with_a_token(desk, reviewer):
    request = waiting_request()
    for name in ("decide", "deny", "ask", "note", "reopen", "assign"):
        assert desk.get(address(request, name)).status_code == 405
    strict = staff_client(reviewer, enforce_csrf_checks=True)
    assert strict.post(address(request, "assign"), {"to": "me"}).status_code == 403


def test_an_internal_note_is_read_by_staff_alone(desk):
    user = make_user()
    request = waiting_request(user)
    desk.post(address(request, "note"), {"text": "Looks like a name taker."})
    page = text_of(desk.get(address(request)))
    assert "Looks like a name taker." in page and "(internal)" in page
    requester = Client()
    requester.force_login(user)
    theirs = requester.get(reverse("pages:status", args=[request.reference]))
    assert theirs.status_code == 200 and "name taker" not in text_of(theirs)


def test_a_request_is_taken_on_and_put_back(desk, reviewer):
    request = waiting_request()
    desk.post(address(request, "assign"), {"to": "me"})
    assert RemovalRequest.objects.get(pk=request.pk).assignee == reviewer
    assert "Put it back" in text_of(desk.get(address(request)))
    desk.post(address(request, "assign"), {"to": "nobody"})
    assert RemovalRequest.objects.get(pk=request.pk).assignee is None


def test_a_decision_is_taken_back_with_its_reason(desk):
    request = waiting_request()
    decide(desk, request, "decline", "insufficient_proof")
    assert "Write it first" in messages_of(desk, desk.post(address(request, "reopen"), {"text": " "}))
    desk.post(address(request, "reopen"), {"text": "The owner wrote to us."})
    assert state_of(request) == "in_review"
    assert "The owner wrote to us." in text_of(desk.get(address(request)))


def test_reopening_what_is_open_says_why_not(desk):
    request = waiting_request()
    said = messages_of(desk, desk.post(address(request, "reopen"), {"text": "Again."}))
    assert "cannot be changed in this way" in said


def test_what_was_done_stands_in_the_admins_log(desk, reviewer):
    from django.contrib.admin.models import LogEntry

    request = waiting_request()
    decide(desk, request, "accept")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.change_message) == (reviewer, request.reference, "Decided.")


def test_an_organisations_reason_is_not_offered_about_an_account(desk):
    page = desk.get(address(waiting_request()))
    assert 'value="insufficient_proof"' in text_of(page) and 'value="no_authority"' not in text_of(page)
    single = desk.get(address(waiting_request(make_user(602, "two"), ["two/kelp"])))
    assert text_of(single).count('value="no_authority"') == 2
