"""The room's wiring."""

from django.apps import AppConfig


class RemovalsConfig(AppConfig):
    """The request from draft to fulfilled."""

    name = "bigcode_optout.removals"
    label = "removals"
