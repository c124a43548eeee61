"""An organisation's page for its proven owners: what is asked about it, and objecting. Never who asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bigcode_optout.claims.models import Claim
from bigcode_optout.core.errors import Conflict, Missing
from bigcode_optout.core.rate_limits import limited
from bigcode_optout.pages.owner_forms import ObjectionForm
from bigcode_optout.pages.owning import AskedOfOurs, asked_of
from bigcode_optout.pages.person import person
from bigcode_optout.removals import objecting
from bigcode_optout.removals.owners import owner_claim


def _owned(request: HttpRequest, organisation_id: int) -> Claim:
    claim = owner_claim(person(request), organisation_id)
    if claim is None:
        raise Missing("no_organisation", "There is no such organisation of yours.")
    return claim


@never_cache
@login_required
@require_safe
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """What others ask of the organisation."""
    claim = _owned(request, organisation_id)
    context = {"claim": claim, "asked": asked_of(claim)}
    return render(request, "pages/owners/organisation.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("owners", methods=("POST",))
def object_to(request: HttpRequest, organisation_id: int, request_id: int) -> HttpResponse:
    """Say why, and take the request back to a reviewer."""
    claim = _owned(request, organisation_id)
    if request.method == "POST":
        form = ObjectionForm(request.POST)
        if form.is_valid():
            objecting.raise_objection(
                by=person(request),
                request_id=request_id,
                organisation_id=organisation_id,
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "We have your objection. A reviewer decides, with both sides to read.")
            return redirect("pages:organisation", organisation_id=organisation_id)
    else:
        form = ObjectionForm()
    asked = _asked(claim, request_id)
    context = {"claim": claim, "asked": asked, "form": form, "errors": form.summary()}
    return render(request, "pages/owners/object.html", context, status=400 if form.errors else 200)


def _asked(claim: Claim, request_id: int) -> AskedOfOurs:
    found = next((one for one in asked_of(claim) if one.request_id == request_id), None)
    if found is None:
        raise Missing("no_request", "There is no such request, or it can no longer be objected to.")
    if found.objection is not None:
        raise Conflict("objected_already", "You have objected to this request already.")
    return found


@login_required
@require_POST
@limited("owners")
def take_back(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Take the objection back."""
    objection = objecting.take_back(by=person(request), objection_id=objection_id)
    messages.success(request, "Your objection is taken back. A reviewer still decides about the request.")
    return redirect("pages:organisation", organisation_id=objection.organisation_id)
