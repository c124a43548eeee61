"""What a release page counts as standing on a role that was shown long ago, also under a former login."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.names import parse_owner
from bigcode_optout.releases import services as releases
from bigcode_optout.removals import services
from bigcode_optout.removals.models import Decision
from bigcode_optout.removals.services import ItemVerdict
from bigcode_optout.review.release_page import standing_of
from tests.builders import account_claim, make_reviewer, make_user, the_stack
from tests.removals.owning import make_owner, owner_claim_of, request_over

pytestmark = pytest.mark.django_db
ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)


def standing_later(user, claim, days):
    """The person asks for the former name, a reviewer accepts, and so many days go by."""
    request = request_over(
        user, claim=claim_former_login(by=user, claim_id=claim.pk, name=parse_owner("old-name"))
    )
    services.decide(by=make_reviewer(), request_id=request.pk, verdicts={request.items.get().pk: ACCEPT})
    release = releases.plan(dataset=the_stack(), name="v3.1")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days)):
        return standing_of(release)


@pytest.mark.parametrize(("days", "old"), [(179, 0), (181, 1)])
def test_under_an_organisations_former_login_its_role_of_today_counts(days, old):
    owner = make_owner(501, "otter-quay")
    found = standing_later(owner, owner_claim_of(owner), days)
    assert (found.items, found.owners, found.old_proofs) == (1, 1, old)


def test_under_an_accounts_former_login_no_role_grows_old():
    user = make_user()
    assert standing_later(user, account_claim(user), 400).old_proofs == 0
