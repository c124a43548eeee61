"""The room's wiring."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """JSON for scripts. Owns no models."""

    name = "bigcode_optout.api"
    label = "api"
