"""The room's wiring."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Freeze, export, hand over."""

    name = "bigcode_optout.releases"
    label = "releases"

    def ready(self) -> None:
        """Register the checks; watch over the histories and what stands on frozen lists."""
        # Imported for what it registers.
        from bigcode_optout.releases import checks  # noqa: F401
        from bigcode_optout.removals import triggers

        for table in ("releases_releaseevent", "releases_exclusion", "releases_exclusion_items"):
            triggers.register(*triggers.append_only(table))
