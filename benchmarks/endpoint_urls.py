"""The site's addresses and, before them, a view that does nothing but count the call."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bigcode_optout.core.rate_limits import spend
from bigcode_optout.urls import urlpatterns as ours


def bare(request: HttpRequest) -> HttpResponse:
    """Spend the limit of the look-up and answer with two characters."""
    spend("look-up", request)
    return HttpResponse("{}", content_type="application/json; charset=utf-8")


urlpatterns = [path("bare", bare), *ours]
