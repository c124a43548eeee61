"""The front page: one question, and figures that are computed."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bigcode_optout.catalog.queries import versions
from bigcode_optout.core import clock
from bigcode_optout.releases.queries import left_out_owner_count, next_release
from bigcode_optout.removals.queries import median_decision_seconds

_MEDIAN_OVER = timedelta(days=30)


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Ask for a name; say how removal goes, and where the desk stands."""
    context = {
        "newest": next(iter(versions(settings.DATASET)), None),
        "left_out_owner_count": left_out_owner_count(settings.DATASET),
        "median_seconds": median_decision_seconds(clock.now() - _MEDIAN_OVER),
        "next_release": next_release(settings.DATASET),
        "decision_days": settings.DECISION_DAYS,
    }
    return render(request, "pages/front.html", context)
