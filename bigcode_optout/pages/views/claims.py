"""Beside step 1: name an organisation, or a repository of somebody else, and let GitHub say whether one may decide."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bigcode_optout.accounts import token_steps
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.claims.queries import claims_of
from bigcode_optout.claims.services import make_claim
from bigcode_optout.claims.whose import require_organisation
from bigcode_optout.core.errors import Refused
from bigcode_optout.core.rate_limits import limited
from bigcode_optout.names import OwnerName
from bigcode_optout.pages.forms import NameForm, OrganisationForm, RepositoryForm, with_meant
from bigcode_optout.pages.near_misses import meant_by
from bigcode_optout.pages.person import person


@dataclass(frozen=True)
class _Page:
    """One of the two pages. `scope`: what GitHub is asked for; empty is public identity."""

    form: type[NameForm]
    template: str
    step: str
    scope: str


_ORGANISATION = _Page(OrganisationForm, "pages/request/claim_organisation.html", "organisation", "read:org")
_REPOSITORY = _Page(RepositoryForm, "pages/request/claim_repository.html", "repository", "")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in", methods=("POST",))
def claim_organisation(request: HttpRequest) -> HttpResponse:
    """Name the organisation; GitHub is asked for the person's role in it."""
    return _claim(request, _ORGANISATION)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in", methods=("POST",))
def claim_repository(request: HttpRequest) -> HttpResponse:
    """Name the repository; GitHub is asked whether the person administers it."""
    return _claim(request, _REPOSITORY)


def _claim(request: HttpRequest, page: _Page) -> HttpResponse:
    if request.method != "POST":
        return render(
            request, page.template, {"form": page.form(initial={"name": request.GET.get("name", "")})}
        )
    form = page.form(with_meant(request.POST))
    if form.is_valid():
        _refuse_others(request, form)
    if form.errors:
        return render(request, page.template, {"form": form, "errors": form.summary()}, status=400)
    meant = [] if "meant" in request.POST else meant_by(form.cleaned_data["name"], person(request))
    if meant:
        context = {"typed": form.cleaned_data["name"], "meant": meant, "do": request.POST.get("do", "")}
        return render(request, "pages/request/did_you_mean.html", context)
    claim = make_claim(by=person(request), name=form.cleaned_data["name"])
    if request.POST.get("do") == "without":
        messages.info(
            request, f"{claim.name} is in your list. GitHub was not asked, so a reviewer decides about it."
        )
        return redirect("pages:choose")
    return token_steps.start(request, name=page.step, scope=page.scope, subject=str(claim.pk))


def _refuse_others(request: HttpRequest, form: NameForm) -> None:
    """The own account needs no claim, since signing in was the proof; somebody else’s is not to be claimed at all."""
    name = form.cleaned_data["name"]
    own = {claim.name_key for claim in claims_of(person(request)) if claim.kind == ClaimKind.ACCOUNT}
    if name.key in own:
        form.add_error("name", f"{name.shown} is your own account. It is in the list already.")
    elif name.owner_key in own:
        form.add_error("name", f"{name.shown} is under your own account. Choose it in the list there.")
    elif isinstance(name, OwnerName) and ("meant" in request.POST or not meant_by(name, person(request))):
        try:
            require_organisation(by=person(request), name=name)
        except Refused as refused:
            form.add_error("name", refused.sentence)
