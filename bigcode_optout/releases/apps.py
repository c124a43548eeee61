"""The room's wiring."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Freeze, export, hand over."""

    name = "bigcode_optout.releases"
    label = "releases"

    def ready(self) -> None:
        """Register the checks."""
        # Imported for what it registers.
        from bigcode_optout.releases import checks  # noqa: F401
