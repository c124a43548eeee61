"""Addresses of the public pages."""

from django.urls import include, path, register_converter
from django.views.generic import TemplateView

from bigcode_optout.core.references import ReferenceConverter
from bigcode_optout.pages.views import front, home, information, look_up

# Before the addresses of requests are imported: they use it.
register_converter(ReferenceConverter, "reference")

app_name = "pages"
urlpatterns = [
    path("", front.front, name="front"),
    path("look-up/", look_up.look_up, name="look_up"),
    path("requests/", home.home, name="requests"),
    path("how-it-works/", information.how_it_works, name="how_it_works"),
    path("privacy/", information.privacy, name="privacy"),
    path("who-may-ask/", information.who_may_ask, name="who_may_ask"),
    path("for-dataset-builders/", information.builders, name="builders"),
    path("accessibility/", information.accessibility, name="accessibility"),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="pages/robots.txt", content_type="text/plain"),
        name="robots",
    ),
    path("", include("bigcode_optout.pages.request_urls")),
    path("", include("bigcode_optout.pages.statement_urls")),
    path("", include("bigcode_optout.pages.owner_urls")),
]
