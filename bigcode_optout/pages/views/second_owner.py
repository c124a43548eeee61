"""A second owner through a link: the requester makes it, another owner opens it and says yes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.accounts import token_steps
from bigcode_optout.accounts.queries import main_identity
from bigcode_optout.claims.services import make_claim
from bigcode_optout.claims.steps import subject_of
from bigcode_optout.core.errors import Conflict
from bigcode_optout.core.rate_limits import limited
from bigcode_optout.names import parse_owner
from bigcode_optout.pages.owning import invitations_for
from bigcode_optout.pages.person import person
from bigcode_optout.pages.standing import scope_words
from bigcode_optout.removals import inviting
from bigcode_optout.removals.models import OwnerInvitation
from bigcode_optout.removals.owners import items_over, stated_role
from bigcode_optout.removals.queries import request_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("owners", methods=("POST",))
def invite(request: HttpRequest, reference: str) -> HttpResponse:
    """The requester's page with the link for another owner; a POST makes a new one."""
    removal = request_of(person(request), reference)
    if request.method == "POST":
        number = request.POST.get("claim", "")
        if not number.isdecimal() or len(number) > 18:
            raise Conflict("not_invitable", "This request needs no second owner, or has moved on.")
        inviting.invite(by=person(request), reference=reference, claim_id=int(number))
        return redirect("pages:invite_owner", reference=reference)
    found = invitations_for(removal)
    if not found:
        raise Conflict("not_invitable", "This request needs no second owner, or has moved on.")
    return render(request, "pages/owners/invite.html", {"removal": removal, "organisations": found})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("owners", methods=("POST",))
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """The second owner's page: show the role first, then see who asks, then say yes."""
    invitation = inviting.invitation_by(code)
    inviting.require_usable(invitation, by=person(request))
    if request.method == "POST" and request.POST.get("do") == "confirm":
        inviting.confirm(by=person(request), code=code)
        messages.success(
            request, f"You confirmed that {invitation.claim.name} may be decided about as you read it."
        )
        return redirect("pages:requests")
    if request.method == "POST":
        return _ask_github(request, invitation, code)
    return render(request, "pages/owners/confirm.html", _context(request, invitation))


def _ask_github(request: HttpRequest, invitation: OwnerInvitation, code: str) -> HttpResponse:
    claim = make_claim(by=person(request), name=parse_owner(invitation.claim.name))
    back = reverse("pages:confirm_owner", args=[code])
    return token_steps.start(
        request, name="organisation", scope="read:org", subject=subject_of(claim, back=back)
    )


def _context(request: HttpRequest, invitation: OwnerInvitation) -> dict[str, object]:
    """Who asked is shown to an owner only: the link may have gone further than it was meant to."""
    organisation_id = invitation.claim.subject_id
    assert organisation_id is not None
    is_owner = stated_role(person(request), organisation_id) is not None
    asker = main_identity(invitation.request.requester) if is_owner else None
    items = list(items_over(invitation.request, organisation_id))
    return {
        "invitation": invitation,
        "organisation": invitation.claim.name,
        "is_owner": is_owner,
        "asker": asker,
        "scope": scope_words(items),
        "items": items,
    }
