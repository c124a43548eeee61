"""The texts of the reasons at the desk: read by reviewers, shown as page and mail, edited by seniors."""

import pytest
from django.urls import reverse

from bigcode_optout.removals.models import OutboxMessage, ReasonText
from tests.builders import the_stack
from tests.review.cases import messages_of, text_of, waiting_request
from tests.staff import staff_client
from tests.two_reviewers import make_senior

pytestmark = pytest.mark.django_db
LIST = reverse("admin:removals_reasontext_changelist")


@pytest.fixture
def senior():
    the_stack()
    return staff_client(make_senior())


def place(language: str = "en", reason: str = "no_authority", verdict: str = "decline") -> str:
    return reverse("admin:removals_reasontext_text", args=[verdict, reason, language])


def test_a_reviewer_reads_every_text_in_every_language_and_edits_none(desk):
    the_stack()
    page = text_of(desk.get(LIST))
    assert "We could not see that this account or repository is yours." in page
    assert "Wir konnten nicht sehen, dass dieses Konto oder Repository Ihres ist." in page
    one = text_of(desk.get(place()))
    assert "A senior reviewer changes these texts." in one and "Keep it as version" not in one
    posted = desk.post(place(), {"sentence": "Mine.", "version": 0, "step": "keep"})
    assert posted.status_code == 403 and not ReasonText.objects.exists()


def test_a_release_manager_has_nothing_to_do_with_them(releases):
    assert releases.get(LIST).status_code == 403
    assert releases.get(place()).status_code == 403


def test_a_text_is_shown_as_page_and_mail_before_it_is_kept(senior):
    data = {"sentence": "Ask an owner of {part}.", "version": 0}
    shown = text_of(senior.post(place(), data | {"step": "show"}))
    assert "Ask an owner of quillon-marsh." in shown
    assert "By mail: Your request OPT-2345-6789 was denied" in shown
    assert "- quillon-marsh/field-notes: Ask an owner of quillon-marsh/field-notes." in shown
    assert not ReasonText.objects.exists() and not OutboxMessage.objects.exists()
    done = senior.post(place(), data | {"step": "keep"})
    assert "what was sent before stays" in messages_of(senior, done)
    assert "Ask an owner of {part}." in text_of(senior.get(LIST))


def test_a_text_is_shown_for_a_real_request_by_its_reference(senior, index):
    request = waiting_request()
    data = {"sentence": "About {part}.", "version": 0, "step": "show", "reference": request.reference.lower()}
    shown = text_of(senior.post(place(), data))
    assert "About otter-quay." in shown and f"Your request {request.reference} was denied" in shown
    unknown = senior.post(place(), data | {"reference": "OPT-2222-2222"})
    assert "There is no request with this reference." in text_of(unknown)


def test_what_is_written_is_never_run(senior):
    data = {"sentence": "<script>alert(1)</script>", "version": 0}
    shown = text_of(senior.post(place(), data | {"step": "show"}))
    assert "<script>alert" not in shown and "&lt;script&gt;alert(1)" in shown
    senior.post(place(), data | {"step": "keep"})
    assert "<script>alert" not in text_of(senior.get(LIST))


def test_a_fault_is_said_beside_the_field(senior):
    said = text_of(senior.post(place(), {"sentence": "{login} is not yours.", "version": 0, "step": "keep"}))
    assert "{login} is no placeholder. There are {part}" in said
    assert not ReasonText.objects.exists()


def test_somebody_elses_version_is_seen_before_it_is_replaced(senior):
    for sentence in ("One.", "Two."):
        answer = senior.post(place("de"), {"sentence": sentence, "version": 0, "step": "keep"})
    assert "Somebody else changed this text meanwhile" in text_of(answer)
    assert "Version 1" in text_of(senior.get(place("de")))


def test_a_missing_language_says_what_is_sent_instead(senior, settings):
    settings.DECISION_LANGUAGES = [*settings.DECISION_LANGUAGES, ("fr", "French")]
    page = text_of(senior.get(place("fr")))
    assert "There is no text in French yet" in page and "Only an owner of the organisation" in page


@pytest.mark.parametrize(
    "wrong", [place("xx"), place(reason="other"), place(verdict="accept"), place(reason="nonsense")]
)
def test_what_is_no_text_is_404(senior, wrong):
    assert senior.get(wrong).status_code == 404
