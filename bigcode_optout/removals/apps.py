"""The room's wiring."""

from django.apps import AppConfig


class RemovalsConfig(AppConfig):
    """The request from draft to fulfilled."""

    name = "bigcode_optout.removals"
    label = "removals"

    def ready(self) -> None:
        """Hear of what is shown or told about a claim, and of people who become one; watch over the histories."""
        from bigcode_optout.accounts import merge_hooks
        from bigcode_optout.claims import evidence_hooks
        from bigcode_optout.removals import checks, moving, reassessing, triggers  # noqa: F401 - checks registers

        evidence_hooks.register(reassessing.hear_of_evidence)
        merge_hooks.register(merge_hooks.MergeHook(moving.move_requests, moving.foretell_requests))
        triggers.connect(self)
