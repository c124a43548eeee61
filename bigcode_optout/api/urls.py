"""Addresses for programs. What is under `v1` keeps its form; what changes it gets another number."""

from django.urls import path

from bigcode_optout.api import look_up

app_name = "api"
urlpatterns = [path("v1/look-up", look_up.look_up, name="look_up")]
