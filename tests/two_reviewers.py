"""Reviewers with more to say, and decisions that take two of them."""

from django.contrib.auth.models import Permission

from bigcode_optout.accounts.models import User
from bigcode_optout.removals import two_people
from bigcode_optout.removals.deciding import declining
from bigcode_optout.removals.models import Decision, Proposal, RemovalRequest
from bigcode_optout.removals.settling import ItemVerdict
from tests.builders import make_reviewer

ACCEPT = ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)


def make_senior(username: str = "s.okafor") -> User:
    """A reviewer who also decides about large organisations and appeals, and edits the texts."""
    senior = make_reviewer(username)
    wanted = ("decide_senior", "add_reasontext", "view_reasontext")
    senior.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    return User.objects.get(pk=senior.pk)


def proposed(request: RemovalRequest, by: User, one: ItemVerdict = ACCEPT) -> Proposal:
    """A proposal about every part of the request."""
    verdicts = dict.fromkeys(request.items.values_list("pk", flat=True), one)
    return two_people.propose(by=by, request_id=request.pk, verdicts=verdicts)


def denied_as_abusive(request: RemovalRequest, by: User) -> Proposal:
    """A proposal to deny everything that is open as abusive: that takes two whatever is asked for."""
    verdicts = declining(request.pk, Decision.Reason.ABUSIVE)
    return two_people.propose(by=by, request_id=request.pk, verdicts=verdicts)
