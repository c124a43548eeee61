"""Every address of the site, by room."""

from django.contrib import admin
from django.urls import include, path

from bigcode_optout.api.documents import key_set

urlpatterns = [
    # Before the pages, whose many addresses would be compared first.
    path("api/", include("bigcode_optout.api.urls")),
    path(".well-known/bigcode-exclusions-keys.json", key_set, name="key_set"),
    path("", include("bigcode_optout.core.urls")),
    path("", include("bigcode_optout.accounts.urls")),
    path("", include("bigcode_optout.pages.urls")),
    path("admin/", admin.site.urls),
]
