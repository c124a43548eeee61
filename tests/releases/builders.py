"""Accepted requests and planned releases."""

from bigcode_optout.accounts.models import User
from bigcode_optout.releases import services
from bigcode_optout.releases.models import Release
from bigcode_optout.removals import services as removals
from bigcode_optout.removals.models import Decision, RemovalRequest
from bigcode_optout.removals.services import ItemVerdict
from tests.builders import make_reviewer, reviewed_by_person, the_stack


def accepted_request(user: User, names: tuple[str, ...] = (), **more: str) -> RemovalRequest:
    """A request that a reviewer accepted with all its parts."""
    request = reviewed_by_person(user, names, **more)
    reviewer = User.objects.filter(username="e.thorne").first() or make_reviewer()
    accept = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    verdicts = {item.pk: accept for item in request.items.all()}
    return removals.decide(by=reviewer, request_id=request.pk, verdicts=verdicts)


def planned(name: str = "v3.1") -> Release:
    """An open release."""
    return services.plan(dataset=the_stack(), name=name)


def frozen(name: str = "v3.1") -> Release:
    """A release with everything that stands."""
    return services.freeze(release_id=planned(name).pk, by=None)
