"""The room's wiring."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Freeze, export, hand over."""

    name = "bigcode_optout.releases"
    label = "releases"
