"""The first page after signing in: what is asked, decided and held of mine, before any form."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bigcode_optout.accounts.models import User
from bigcode_optout.catalog.models import Dataset
from bigcode_optout.pages.holdings import holdings_of
from bigcode_optout.pages.left_out import left_out_lines
from bigcode_optout.pages.owning import co_owned
from bigcode_optout.pages.person import person
from bigcode_optout.pages.standing import scope_words, standings
from bigcode_optout.releases.queries import exclusions_for, newest_frozen, next_release
from bigcode_optout.removals.drafting import draft_of
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.queries import requests_of


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My requests, what is left out already, and what the dataset holds of my accounts."""
    user = person(request)
    mine = standings(list(requests_of(user)))
    draft = _draft(user)
    context = {
        "standings": mine,
        "waiting_on_us": sum(each.waiting_on == "Us" for each in mine),
        "waiting_on_you": sum(each.waiting_on == "You" for each in mine),
        "draft": draft,
        "draft_scope": scope_words(list(draft.items.all())) if draft else "",
        "left_out": left_out_lines(exclusions_for(user, settings.DATASET)),
        "newest_frozen": newest_frozen(settings.DATASET),
        "next_release": next_release(settings.DATASET),
        "holdings": holdings_of(user),
        "co_owned": co_owned(user),
    }
    return render(request, "pages/home.html", context)


def _draft(user: User) -> RemovalRequest | None:
    dataset = Dataset.objects.filter(slug=settings.DATASET).first()
    return draft_of(user, dataset) if dataset else None
