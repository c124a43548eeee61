"""The receipt, to print and for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bigcode_optout.accounts.queries import identities_of
from bigcode_optout.core import clock
from bigcode_optout.pages.parts import parts_for
from bigcode_optout.pages.person import asker, asker_required
from bigcode_optout.releases.elsewhere import stays_elsewhere
from bigcode_optout.releases.receipts import lists_of, receipt_of, signing_key_id
from bigcode_optout.removals.queries import request_of


@never_cache
@asker_required
@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked, by whom, when, and its fingerprint; what was decided and found, on which lists it stands, what
    was searched before their versions came out, and what stays elsewhere."""
    removal = request_of(asker(request, reference), reference)
    context = {
        "removal": removal,
        "identities": identities_of(removal.requester),
        "parts": parts_for(removal),
        "runs": removal.locate_runs.select_related("version"),
        "lists": lists_of(removal),
        "elsewhere": stays_elsewhere(removal),
        "key_id": signing_key_id(),
        # Paper has no links, and outlives what it says.
        "today": clock.now(),
        "address": request.build_absolute_uri(request.path),
        "how_to_check": request.build_absolute_uri(f"{reverse('pages:builders')}#receipts"),
    }
    return render(request, "pages/request/receipt.html", context)


@never_cache
@asker_required
@require_safe
def receipt_json(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a file, signed where the desk has a key."""
    removal = request_of(asker(request, reference), reference)
    response = JsonResponse(receipt_of(removal), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{reference}.json"'
    return response
