"""Why a person looks at a part is told while a person does: not before the rules have judged, and not afterwards."""

import pytest

from bigcode_optout.claims.authority import GUARD_SENTENCES, Guard
from bigcode_optout.pages.parts import parts_for
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision
from tests.builders import make_reviewer, make_user, submitted_request

pytestmark = pytest.mark.django_db
SENTENCE = GUARD_SENTENCES[Guard.TRANSFERRED]


@pytest.fixture
def guarded():
    """A request that the rules have just judged, and that is still to be handed on."""
    request = submitted_request(make_user())
    request.items.update(assessment={"guards": [Guard.TRANSFERRED.value], "versions": {}})
    return request


def sentences(request):
    [part] = parts_for(request)
    return part.guards


def test_while_it_is_submitted_nothing_is_told_that_the_policy_may_overtake(guarded):
    assert guarded.state == "submitted"
    assert sentences(guarded) == []


def test_in_review_and_while_a_question_waits_it_is_told(guarded):
    request = services.begin_review(request_id=guarded.pk)
    assert sentences(request) == [SENTENCE]
    assert sentences(services.ask(by=make_reviewer(), request_id=request.pk, question="Why?")) == [SENTENCE]


def test_once_it_is_decided_the_decision_is_told_instead(guarded):
    request = services.begin_review(request_id=guarded.pk)
    reason = Decision.Reason.INSUFFICIENT_PROOF
    assert sentences(services.deny(by=make_reviewer(), request_id=request.pk, reason=reason)) == []
