"""`manage.py hand_over_release NAME`."""

from typing import Any

from bigcode_optout.releases import services
from bigcode_optout.releases.management.release_command import ReleaseCommand
from bigcode_optout.releases.models import Release


class Command(ReleaseCommand):
    """Requesters then read “in the list handed over for …”."""

    help = "Mark a frozen release as handed over to those who build the dataset, and tell the requesters."

    def act(self, release: Release, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Hand over."""
        done = services.hand_over(release_id=release.pk, by=None)
        assert done.handed_over_at is not None
        facts = {"release": done.name, "state": done.state, "handed_over_at": done.handed_over_at.isoformat()}
        return facts, f"{done.name} is handed over."
