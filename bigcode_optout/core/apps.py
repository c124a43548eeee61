"""The room's wiring: the Celery app is set here, so that the package root stays empty."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Domain-free things: reference numbers, errors, limits, log context."""

    name = "bigcode_optout.core"
    label = "core"

    def ready(self) -> None:
        """Set the Celery app that `shared_task` binds to; carry request ids into tasks, and connections from one to the
        next."""
        # Imported for what they register.
        from bigcode_optout import celery  # noqa: F401
        from bigcode_optout.core import checks, task_connections, task_context  # noqa: F401
