"""The room's wiring."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The public pages. Owns no models."""

    name = "bigcode_optout.pages"
    label = "pages"
