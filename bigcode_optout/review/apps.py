"""The room's wiring: the desk's own admin site, and the groups with their permissions."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class DeskAdminConfig(AdminConfig):
    """Django's admin with the desk's site in place of the stock one."""

    default_site = "bigcode_optout.review.site.DeskAdminSite"


class ReviewConfig(AppConfig):
    """The staff desk: its own rows are lines of the queue, views and bulk runs."""

    name = "bigcode_optout.review"
    label = "review"
    default = True

    def ready(self) -> None:
        """Make the groups after each migrate, hear of changed requests, and watch over the admin's log."""
        from bigcode_optout.removals import change_hooks, triggers
        from bigcode_optout.review import bulk_erasing, lines
        from bigcode_optout.review.groups import make_groups

        change_hooks.register(lines.hear)
        change_hooks.register(bulk_erasing.hear)
        # A message may hold somebody's words.
        triggers.register(*triggers.append_only("django_admin_log", erasable="change_message"))

        # Of all rooms `auth` comes last, so by then every permission of ours is there.
        post_migrate.connect(make_groups, sender=apps.get_app_config("auth"), dispatch_uid="review.groups")
