"""What a requester reads about an event is true also where a part was frozen before."""

import pytest

from bigcode_optout.pages.timeline import timeline_of
from bigcode_optout.releases import services as releases
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, make_user, reviewed_by_person, the_stack

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("is_frozen", "sentence"), [(False, "It goes on no list."), (True, "no later list")])
def test_a_withdrawal_is_told_with_the_list_that_has_a_part_already(is_frozen, sentence):
    user = make_user()
    removal = reviewed_by_person(user, ["otter-quay/kelp", "otter-quay/reef"])
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    verdicts = {removal.items.first().pk: accept}
    services.decide(by=make_reviewer(), request_id=removal.pk, verdicts=verdicts)
    if is_frozen:
        releases.freeze(release_id=releases.plan(dataset=the_stack(), name="v3.1").pk, by=None)
    removal = services.withdraw(by=user, request_id=removal.pk)
    [entry] = [entry for entry in timeline_of(removal) if entry.title == "You withdrew the request"]
    assert sentence in entry.sentence
