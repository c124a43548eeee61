"""At the desk: what takes two is proposed, shown to a second reviewer, confirmed or refused."""

import pytest

from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision, OutboxMessage, Proposal, RemovalRequest
from tests.builders import make_reviewer
from tests.review.cases import address, filled, messages_of, text_of, waiting_request
from tests.staff import staff_client
from tests.two_reviewers import denied_as_abusive, make_senior

pytestmark = pytest.mark.usefixtures("index")


@pytest.fixture
def colleague():
    """Another reviewer's browser."""
    return staff_client(make_reviewer("m.orr"))


@pytest.fixture
def asked():
    return waiting_request(email="otter@example.org")


def answer(browser, request, step: str):
    """The confirmation form as the page showed it."""
    form = browser.get(address(request)).context["forms"]["confirm"]
    data = {form.add_prefix(name): form[name].value() for name in ("seen", "proposal")}
    return browser.post(address(request, "confirm"), data | {"step": step})


def state_of(request: RemovalRequest) -> str:
    return RemovalRequest.objects.get(pk=request.pk).state


def test_a_denial_as_abusive_is_shown_proposed_shown_again_and_confirmed(desk, colleague, asked):
    page = desk.get(address(asked))
    data = filled(page, asked, "decline", "abusive")
    preview = text_of(desk.post(address(asked, "decide"), data))
    assert "This takes two people." in preview and "Propose it to a second reviewer" in preview
    assert f"Your request {asked.reference} was denied" in preview
    done = desk.post(address(asked, "decide"), data | {"step": "confirm"})
    assert "A second reviewer has to confirm it" in messages_of(desk, done)
    assert state_of(asked) == "in_review" and not Decision.objects.exists()
    theirs = text_of(colleague.get(address(asked)))
    assert "Waits for a second reviewer" in theirs and "We do not act on this request." in theirs
    preview = answer(colleague, asked, "preview")
    assert "Confirm it and tell the requester" in text_of(preview) and state_of(asked) == "in_review"
    assert "They are told by mail" in messages_of(colleague, answer(colleague, asked, "confirm"))
    assert state_of(asked) == "denied"
    assert OutboxMessage.objects.get(kind="denied").body == preview.context["rehearsal"].mail.body
    page = text_of(colleague.get(address(asked)))
    assert "by e.thorne, confirmed by m.orr" in page


def test_the_first_reviewer_sees_no_button_to_confirm_and_is_refused_without_one(desk, reviewer, asked):
    proposal = denied_as_abusive(asked, reviewer)
    response = desk.get(address(asked))
    assert "confirm" not in response.context["forms"] and "Somebody else has to confirm it" in text_of(
        response
    )
    data = {
        "confirm-seen": response.context["seen"].seen,
        "confirm-proposal": proposal.pk,
        "step": "confirm",
    }
    assert desk.post(address(asked, "confirm"), data).status_code == 403
    assert state_of(asked) == "in_review"


def test_while_a_proposal_waits_nothing_else_is_decided_here(desk, colleague, reviewer, asked):
    old = colleague.get(address(asked))
    denied_as_abusive(asked, reviewer)
    assert set(colleague.get(address(asked)).context["forms"]) == {"confirm", "ask"}
    data = filled(old, asked, "accept", step="confirm")
    assert "Decision proposed" in messages_of(colleague, colleague.post(address(asked, "decide"), data))
    assert state_of(asked) == "in_review"


def test_a_colleague_refuses_and_the_reason_stands_in_the_history_for_staff(desk, colleague, reviewer, asked):
    proposal = denied_as_abusive(asked, reviewer)
    data = {"proposal": proposal.pk, "text": ""}
    assert "Write why first" in messages_of(colleague, colleague.post(address(asked, "refuse"), data))
    done = colleague.post(address(asked, "refuse"), data | {"text": "They only asked twice."})
    assert "waits for a decision again" in messages_of(colleague, done)
    page = desk.get(address(asked))
    assert "They only asked twice." in text_of(page) and "decide" in page.context["forms"]
    assert Proposal.objects.get().state == "refused"


def test_a_confirmation_of_what_changed_meanwhile_is_not_carried_out(colleague, reviewer, asked):
    proposal = denied_as_abusive(asked, reviewer)
    seen = colleague.get(address(asked)).context["seen"].seen
    services.add_note(by=reviewer, request_id=asked.pk, text="Wait: they wrote to me.")
    data = {"confirm-seen": seen, "confirm-proposal": proposal.pk, "step": "confirm"}
    said = messages_of(colleague, colleague.post(address(asked, "confirm"), data))
    assert "changed while you were at it" in said
    assert state_of(asked) == "in_review"


def test_an_appeal_stands_with_both_sides_and_is_decided_by_somebody_else(desk, reviewer, asked):
    services.deny(
        by=reviewer,
        request_id=asked.pk,
        reason=Decision.Reason.OTHER,
        sentence="Your profile says otherwise.",
    )
    services.appeal(by=asked.requester, request_id=asked.pk, text="I have changed <it>.")
    response = desk.get(address(asked))
    page = text_of(response)
    assert "Appeal: both sides" in page
    assert "“Your profile says otherwise.”" in page and "I have changed &lt;it&gt;." in page
    assert "You denied this, and it was appealed." in page
    assert set(response.context["forms"]) == {"ask"}
    senior = staff_client(make_senior())
    assert {"decide", "deny"} <= set(senior.get(address(asked)).context["forms"])


def test_the_requester_reads_nothing_of_a_proposal(reviewer, asked, client):
    denied_as_abusive(asked, reviewer)
    client.force_login(asked.requester)
    page = text_of(client.get(f"/requests/{asked.reference}/"))
    assert "In review" in page
    assert "propos" not in page.lower() and "second reviewer" not in page


def test_a_proposal_is_posted_with_a_token_and_only_by_the_desk(releases, reviewer, asked):
    proposal = denied_as_abusive(asked, reviewer)
    for name, data in {
        "confirm": {"confirm-seen": 4, "confirm-proposal": proposal.pk, "step": "confirm"},
        "refuse": {"proposal": proposal.pk, "text": "No."},
    }.items():
        assert releases.get(address(asked, name)).status_code == 405
        assert releases.post(address(asked, name), data).status_code == 403
    assert Proposal.objects.get().state == "waiting"
