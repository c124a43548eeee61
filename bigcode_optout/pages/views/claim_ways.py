"""Beside step 1: what GitHub could not show about a claim, and the other ways to show it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bigcode_optout.accounts import token_steps
from bigcode_optout.claims import challenges, telling
from bigcode_optout.claims.looking import FILE_NAME
from bigcode_optout.claims.models import Challenge, Claim, ClaimKind
from bigcode_optout.claims.queries import claim_of, is_proven
from bigcode_optout.claims.steps import subject_of
from bigcode_optout.core.errors import Missing
from bigcode_optout.core.rate_limits import limited, spend
from bigcode_optout.githubapi import Deadline, GitHubError, NotFound
from bigcode_optout.pages.owner_forms import FileForm, TellForm
from bigcode_optout.pages.person import person
from bigcode_optout.pages.views.status import STOP_POLLING
from bigcode_optout.removals.inviting import invitable_requests

_STEPS = {ClaimKind.ORGANISATION: ("organisation", "read:org"), ClaimKind.REPOSITORY: ("repository", "")}


def _claim(request: HttpRequest, claim_id: int) -> Claim:
    """The person's claim of an organisation or repository; of other kinds there is nothing to show."""
    claim = claim_of(person(request), claim_id)
    if claim.kind not in _STEPS:
        raise Missing("no_claim", "There is no such claim.")
    return claim


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in", methods=("POST",))
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What happened, and what else one can do (GET); ask GitHub again (POST)."""
    found = _claim(request, claim_id)
    if request.method == "POST":
        name, scope = _STEPS[ClaimKind(found.kind)]
        return token_steps.start(request, name=name, scope=scope, subject=subject_of(found))
    context = {
        "claim": found,
        "proof": found.proofs.first(),
        "is_proven": is_proven(found),
        "told": found.told.all(),
        "live": {one.place: one for one in found.challenges.filter(ended_at=None)},
        "invitable": invitable_requests(person(request), found),
    }
    return render(request, "pages/claim/ways.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_code(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The one-time code for the organisation's public profile."""
    found = _claim(request, claim_id)
    if found.kind != ClaimKind.ORGANISATION:
        raise Missing("no_profile", "Only an organisation has a profile that its owners write.")
    if request.method == "POST":
        return _act(request, found, Challenge.Place.PROFILE)
    return _show(request, found, Challenge.Place.PROFILE)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def file_code(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The one-time code for a file in a repository."""
    found = _claim(request, claim_id)
    if request.method == "POST":
        return _act(request, found, Challenge.Place.FILE)
    return _show(request, found, Challenge.Place.FILE)


@never_cache
@login_required
@require_safe
def code_progress(request: HttpRequest, claim_id: int, place: str) -> HttpResponse:
    """What the last look brought, for htmx; when it is over the whole page is loaded again."""
    found = _claim(request, claim_id)
    challenge = _newest(found, place)
    is_live = challenge is not None and challenge.is_waiting
    context = {"claim": found, "challenge": challenge, "place": place}
    response = render(request, "pages/claim/_look.html", context, status=200 if is_live else STOP_POLLING)
    if not is_live:
        response["HX-Refresh"] = "true"
    return response


def _newest(claim: Claim, place: str) -> Challenge | None:
    return claim.challenges.filter(place=place).first()


def _act(request: HttpRequest, claim: Claim, place: Challenge.Place) -> HttpResponse:
    """Look now, or give a code out."""
    challenge = _newest(claim, place)
    if request.POST.get("do") == "look" and challenge is not None:
        spend("code", request)
        challenges.ask_to_look(by=person(request), challenge_id=challenge.pk)
        return redirect(_ADDRESSES[place], claim_id=claim.pk)
    form = FileForm(request.POST) if place == Challenge.Place.FILE else None
    if form is not None and not form.is_valid():
        return _show(request, claim, place, form)
    spend("code", request)
    deadline = Deadline(settings.GITHUB_PROOF_BUDGET_SECONDS)
    try:
        if form is None:
            made = challenges.issue_for_profile(by=person(request), claim_id=claim.pk, deadline=deadline)
        else:
            made = challenges.issue_for_file(
                by=person(request),
                claim_id=claim.pk,
                repository=form.cleaned_data["name"],
                deadline=deadline,
            )
    except NotFound:
        what = "organisation" if form is None else "public repository"
        name = claim.name if form is None else form.cleaned_data["name"].shown
        messages.warning(request, f"GitHub shows no {what} {name}. Check the name.")
        return redirect(_ADDRESSES[place], claim_id=claim.pk)
    except GitHubError as error:
        messages.warning(request, f"{error.sentence} No code was made.")
        return redirect(_ADDRESSES[place], claim_id=claim.pk)
    return redirect(_ADDRESSES[place], claim_id=made.claim_id)


_ADDRESSES = {Challenge.Place.PROFILE: "pages:profile_code", Challenge.Place.FILE: "pages:file_code"}


def _show(
    request: HttpRequest, claim: Claim, place: Challenge.Place, form: FileForm | None = None
) -> HttpResponse:
    initial = {"name": claim.name if claim.kind == ClaimKind.REPOSITORY else f"{claim.name}/"}
    context = {
        "claim": claim,
        "place": place.value,
        "challenge": _newest(claim, place),
        "form": form or FileForm(initial=initial),
        "errors": form.summary() if form else [],
        "file_name": FILE_NAME,
        "github": f"{settings.GITHUB_URL}/{claim.name}",
    }
    return render(request, f"pages/claim/code_{place.value}.html", context, status=400 if form else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("owners", methods=("POST",))
def tell(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Words and links for a reviewer."""
    found = _claim(request, claim_id)
    form = TellForm(request.POST) if request.method == "POST" else TellForm()
    if request.method == "POST" and form.is_valid():
        telling.tell(
            by=person(request),
            claim_id=found.pk,
            text=form.cleaned_data["text"],
            links=form.cleaned_data["links"],
        )
        messages.success(request, f"We keep this with {found.name}. A reviewer reads it.")
        return redirect("pages:claim", claim_id=found.pk)
    context = {"claim": found, "form": form, "errors": form.summary(), "told": found.told.all()}
    return render(request, "pages/claim/tell.html", context, status=400 if form.errors else 200)
