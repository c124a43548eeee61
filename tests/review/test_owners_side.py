"""Both sides about an organisation, as a reviewer meets them."""

import pytest

from bigcode_optout.accounts.models import User
from bigcode_optout.claims import telling
from bigcode_optout.removals import inviting, objecting
from tests.builders import make_reviewer
from tests.removals.owning import NORRVIK, make_owner, request_over
from tests.review.cases import address, text_of
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    return request_over(make_owner(501, "otter-quay"))


@pytest.fixture
def objection(asked):
    tern = make_owner(502, "tern-hollow")
    return objecting.raise_objection(
        by=tern, request_id=asked.pk, organisation_id=NORRVIK, reason="It is ours <i>together</i>."
    )


def test_an_objection_is_marked_in_the_queue_while_it_is_open(asked, objection, desk):
    queue = "/admin/removals/removalrequest/"
    assert '<span class="desk-guard">Objection</span>' in text_of(desk.get(queue))
    objecting.take_back(by=objection.raised_by, objection_id=objection.pk)
    assert '<span class="desk-guard">Objection</span>' not in text_of(desk.get(queue))


def test_the_page_shows_both_sides_with_their_proofs(asked, objection, desk):
    claim = asked.items.get().claim
    telling.tell(
        by=asked.requester, claim_id=claim.pk, text="I founded it.", links=["https://norrvik.example/about"]
    )
    made = inviting.invite(by=asked.requester, reference=asked.reference, claim_id=claim.pk)
    inviting.confirm(by=make_owner(503, "gull-light"), code=inviting.code_of(made))
    page = text_of(desk.get(address(asked)))
    for words in (
        "Objection, open",
        "tern-hollow",
        "It is ours &lt;i&gt;together&lt;/i&gt;.",
        "Second owner confirmed",
        "gull-light",
        "I founded it.",
        'href="https://norrvik.example/about" rel="nofollow noopener noreferrer"',
    ):
        assert words in page
    assert "Objection raised</strong> by another owner" in page


def test_who_asked_reads_in_the_desk_too_that_an_owner_objected_but_not_who(asked, objection, client):
    reviewer = make_reviewer("otter.desk")
    User.objects.filter(pk=reviewer.pk).update(same_person_as=asked.requester)
    sign_in(client, reviewer)
    page = text_of(client.get(address(asked)))
    assert "another owner" in page
    assert "tern-hollow" not in page and "together" not in page
