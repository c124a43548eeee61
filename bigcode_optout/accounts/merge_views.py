"""The page between the second sign-in and the merge: what will happen, and the button that does it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.accounts import merge_hooks, merge_offers
from bigcode_optout.accounts.merging import merge_people
from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.queries import identities_of, main_identity
from bigcode_optout.core.errors import Conflict
from bigcode_optout.core.rate_limits import limited


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in", methods=("POST",))
def merge(request: HttpRequest) -> HttpResponse:
    """Say exactly what will happen (GET), do it or leave it (POST). Without an open offer back to the account page."""
    assert isinstance(request.user, User)
    offer = merge_offers.offered(request)
    if offer is None:
        messages.warning(
            request, "There is nothing to make one: the question was answered, or is older than ten minutes."
        )
        return redirect("accounts:account")
    if request.method != "POST":
        return render(request, "accounts/merge.html", _context(request.user, offer))
    merge_offers.forget(request)
    if request.POST.get("do") != "merge":
        messages.info(request, "Nothing was changed. The two stay apart.")
        return redirect("accounts:account")
    try:
        merge_people(by=request.user, source_id=offer.source.pk, github_id=offer.identity.github_id)
    except Conflict as conflict:
        messages.warning(request, f"{conflict.sentence} Nothing was changed.")
    else:
        # Whoever knew this browser's session before is not let in to what is joined now.
        request.session.cycle_key()
        messages.success(
            request, f"{offer.identity.login} and everything of it is joined to your account here."
        )
    return redirect("accounts:account")


def _context(user: User, offer: merge_offers.Offer) -> dict[str, object]:
    return {
        "offer": offer,
        "main": main_identity(user),
        "moving": identities_of(offer.source),
        "sentences": merge_hooks.foretell(offer.source, user),
    }
