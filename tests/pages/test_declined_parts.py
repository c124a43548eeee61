"""A part that was declined beside an accepted one: the page and the mail say what to do instead of an appeal."""

import pytest

from bigcode_optout.removals import duplicates, services
from bigcode_optout.removals.models import Decision, OutboxMessage
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, reviewed_by_person, submitted_request
from tests.pages.reading import links_of, read, text_of

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
DECLINE = ItemVerdict(Decision.Verdict.DECLINE, Decision.Reason.INSUFFICIENT_PROOF)
SENTENCE = "If you can show more, ask for it in a new request. What was accepted here stands."


@pytest.fixture
def in_part(requester):
    """Two repositories; the first is declined, the second accepted."""
    request = reviewed_by_person(
        requester, ["otter-quay/kelp", "Otter-Quay/Reef"], email="otter@quay.example"
    )
    first, second = request.items.order_by("name_key")
    return services.decide(
        by=make_reviewer(), request_id=request.pk, verdicts={first.pk: DECLINE, second.pk: ACCEPT}
    )


def test_the_page_says_how_to_ask_for_it_anew_and_offers_no_appeal(in_part, client):
    page = client.get(f"/requests/{in_part.reference}/")
    assert read(page).faults == []
    assert text_of(page).count(SENTENCE) == 1
    assert "/requests/new/" in links_of(page)
    assert f"/requests/{in_part.reference}/appeal/" not in page.content.decode()


def test_the_mail_says_it_too(in_part):
    mail = OutboxMessage.objects.get(request=in_part, kind="accepted")
    assert (
        "If you can show more about it, ask for it in a new request. What was accepted stands.\n\n"
        in mail.body
    )


def test_the_new_request_is_merged_into_nothing(in_part, requester):
    again = submitted_request(requester, ["otter-quay/kelp"])
    assert duplicates.elder_of(again) is None


def test_a_denied_request_is_appealed_and_an_open_one_waits(requester, client):
    request = reviewed_by_person(requester, ["otter-quay/kelp"])
    assert SENTENCE not in text_of(client.get(f"/requests/{request.reference}/"))
    services.deny(by=make_reviewer(), request_id=request.pk, reason=Decision.Reason.INSUFFICIENT_PROOF)
    page = client.get(f"/requests/{request.reference}/")
    assert SENTENCE not in text_of(page)
    assert f"/requests/{request.reference}/appeal/" in page.content.decode()
