"""Addresses for programs. What is under `v1` keeps its form; what changes it gets another number."""

from django.urls import path, re_path

from bigcode_optout.api import documents, look_up
from bigcode_optout.api.application import api
from bigcode_optout.api.problems import nothing_here

app_name = "api"
urlpatterns = [
    # First, and a plain view: it is asked most, and answers in a millisecond.
    path("v1/look-up", look_up.look_up, name="look_up"),
    path("openapi.json", documents.openapi, name="openapi"),
    path("docs", documents.docs, name="docs"),
    path("", nothing_here),
    path("", api.urls),
    re_path(r"^.*$", nothing_here),
]
