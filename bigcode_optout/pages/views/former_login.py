"""Beside step 1: name a login that one's account or organisation had before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.claims.former_logins import claim_former_login as claim
from bigcode_optout.claims.former_logins import may_have_former_logins
from bigcode_optout.claims.queries import claims_of
from bigcode_optout.core.errors import Refused
from bigcode_optout.core.rate_limits import limited
from bigcode_optout.pages.former_form import FormerLoginForm
from bigcode_optout.pages.person import person

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
    form = FormerLoginForm(owners, request.POST)
    if form.is_valid():
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
