"""Addresses for machines that watch over us."""

from django.urls import path

from bigcode_optout.core import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
