"""Step 3 of 3: check, send, and the page that says it was received."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.queries import identities_of
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.catalog.queries import dataset as dataset_of
from bigcode_optout.catalog.queries import versions
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.claims.queries import claims_of, role_claim
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.core.rate_limits import spend
from bigcode_optout.pages import picker, tally
from bigcode_optout.pages.person import asker, asker_required, person
from bigcode_optout.pages.selection import from_draft
from bigcode_optout.pages.standing import scope_words
from bigcode_optout.releases.cut_off import cut_off_of
from bigcode_optout.releases.queries import next_release
from bigcode_optout.removals import drafting, services
from bigcode_optout.removals.languages import closest
from bigcode_optout.removals.models import RemovalRequest, RequestState
from bigcode_optout.removals.queries import asked_before, draft_or_sent, request_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show what is about to be sent, word for word; send it."""
    user, dataset = person(request), dataset_of(settings.DATASET)
    if request.method == "POST":
        return _send(request, user)
    draft = drafting.draft_of(user, dataset)
    if draft is None:
        return redirect("pages:choose")
    return render(request, "pages/request/check.html", _context(user, dataset, draft))


def _send(request: HttpRequest, user: User) -> HttpResponse:
    """Send the draft that was shown; a second press of the button leads to the request that the first one sent."""
    number = request.POST.get("draft", "")
    if not number.isdecimal() or len(number) > 18:
        return redirect("pages:check")
    try:
        draft = draft_or_sent(user, int(number))
    except Missing:
        # Thrown away in another tab, or forgotten after its time.
        return redirect("pages:choose")
    if draft.state == RequestState.DRAFT:
        if draft.changed_at.isoformat() != request.POST.get("seen"):
            messages.warning(
                request, "Your choice was changed in another tab. Check it again before you send it."
            )
            return redirect("pages:check")
        spend("submission", request)
        try:
            language = closest(request.headers.get("Accept-Language", ""))
            draft = services.submit(by=user, draft_id=draft.pk, language=language)
        except Conflict:
            draft = draft_or_sent(user, draft.pk)
        except Refused as refused:
            messages.warning(request, refused.sentence)
            return redirect("pages:choose")
    return redirect("pages:sent", reference=draft.reference)


def _context(user: User, dataset: Dataset, draft: RemovalRequest) -> dict[str, object]:
    selection = from_draft(draft)
    blocks = picker.blocks_of(dataset, claims_of(user), selection)
    tallies = tally.tally(dataset, blocks)
    return {
        "draft": draft,
        "seen": draft.changed_at.isoformat(),
        "identities": identities_of(user),
        "asked_before": asked_before(draft),
        "blocks": [block for block in blocks if block.counts],
        "left_in": [block for block in blocks if block.counts and block.mode == "some" and block.left_in],
        "kinds": tally.kind_words(selection.kinds),
        "noted": tally.kind_words(tally.noted_kinds(dataset, list(selection.kinds))),
        "newest": next((each for each in tallies if each.totals.repositories), None),
        "versions": _listed([version.name for version in reversed(versions(dataset.slug))]),
        "release": next_release(dataset.slug),
        "cut_off": cut_off_of(dataset.slug),
        "organisations": _organisations(draft),
        "next_version": tally.next_version(dataset),
    }


@login_required
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard(by=person(request), dataset=dataset_of(settings.DATASET))
    messages.info(request, "The draft is gone. Nothing was sent.")
    return redirect("pages:requests")


@never_cache
@asker_required
@require_safe
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """We have your request: the number, and what happens next by when."""
    removal = request_of(asker(request, reference), reference)
    context = {
        "removal": removal,
        "scope": _in_a_sentence(scope_words(list(removal.items.all()))),
        "release": next_release(removal.dataset.slug),
        "cut_off": (cut_off := cut_off_of(removal.dataset.slug)),
        "is_in_time": bool(cut_off and removal.due_at and removal.due_at <= cut_off.freeze_at),
        "version_count": len(versions(removal.dataset.slug)),
    }
    return render(request, "pages/request/sent.html", context)


def _organisations(draft: RemovalRequest) -> list[str]:
    """Organisations of which something is asked, under today's name or a former one: their other owners may see it."""
    claims = (role_claim(item.claim) for item in draft.items.select_related("claim__present"))
    return sorted({claim.name for claim in claims if claim.kind == ClaimKind.ORGANISATION})


def _listed(names: list[str]) -> str:
    """`v1.2, v2.1 and v3`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _in_a_sentence(scope: str) -> str:
    """A login keeps its letter case, the word before it does not."""
    return scope.replace("Everything", "everything", 1) if scope.startswith("Everything under") else scope
