"""Every address of the site, by room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("bigcode_optout.core.urls")),
    path("", include("bigcode_optout.accounts.urls")),
    path("", include("bigcode_optout.pages.urls")),
    path("admin/", admin.site.urls),
]
