"""Beside step 1: name a login that one's account or organisation had before."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.catalog.queries import dataset
from bigcode_optout.claims.former_logins import claim_former_login as claim
from bigcode_optout.claims.former_logins import may_have_former_logins
from bigcode_optout.claims.models import Claim
from bigcode_optout.claims.queries import claims_of
from bigcode_optout.core.errors import Refused, Unavailable
from bigcode_optout.core.rate_limits import limited
from bigcode_optout.pages.former_form import FormerLoginForm
from bigcode_optout.pages.former_names import suggestions_of
from bigcode_optout.pages.forms import with_meant
from bigcode_optout.pages.near_misses import meant_as_former
from bigcode_optout.pages.person import person
from bigcode_optout.pages.picker import blocks_of
from bigcode_optout.pages.selection import Selection

_TEMPLATE = "pages/request/claim_former_login.html"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in", methods=("POST",))
def claim_former_login(request: HttpRequest) -> HttpResponse:
    """Name it; whose the repositories under it are is asked when the request is sent."""
    owners = [each for each in claims_of(person(request)) if may_have_former_logins(each)]
    if not owners:
        return redirect("pages:choose")
    if request.method != "POST":
        form = FormerLoginForm(owners, initial={"name": request.GET.get("name", "")})
        return render(request, _TEMPLATE, {"form": form})
    form = FormerLoginForm(owners, with_meant(request.POST))
    if form.is_valid():
        meant = [] if "meant" in request.POST else _meant(request, form, owners)
        if meant:
            context = {
                "typed": form.cleaned_data["name"],
                "meant": meant,
                "claim": form.cleaned_data["claim"],
            }
            return render(request, "pages/request/did_you_mean.html", context)
        try:
            found = claim(
                by=person(request), claim_id=form.cleaned_data["claim"], name=form.cleaned_data["name"]
            )
        except Refused as refused:
            form.add_error("name", refused.sentence)
        else:
            messages.info(request, f"{found.name} is in your list. Tick it to ask for it.")
            return redirect("pages:choose")
    return render(request, _TEMPLATE, {"form": form, "errors": form.summary()}, status=400)


def _meant(request: HttpRequest, form: FormerLoginForm, owners: Sequence[Claim]) -> list[str]:
    """Names that the typed one may be a slip of."""
    try:
        blocks = blocks_of(dataset(settings.DATASET), owners, Selection())
    except Unavailable:
        # Whoever needs an answer of the index reads of the trouble there.
        blocks = []
    suggested = [each.login for each in suggestions_of(blocks)]
    return meant_as_former(form.cleaned_data["name"], person(request), suggested)
