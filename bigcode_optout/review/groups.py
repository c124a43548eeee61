"""The two groups of the desk and what each may do. The table is the truth: every migrate puts a changed group right."""

from collections.abc import Mapping
from typing import Any

REVIEWER = "reviewer"
RELEASE_MANAGER = "release manager"

# By group: permissions as "room.codename".
PERMISSIONS: Mapping[str, frozenset[str]] = {
    REVIEWER: frozenset(
        {
            "removals.view_removalrequest",
            "removals.decide_removalrequest",
            "removals.view_outboxmessage",
            "removals.view_statement",
            "claims.view_claim",
            "claims.view_proof",
            "accounts.view_githubidentity",
            "catalog.view_dataset",
            "catalog.view_datasetversion",
            "catalog.view_indexbuild",
            "releases.view_release",
            "releases.view_reappearance",
            "releases.view_versionsweep",
        }
    ),
    RELEASE_MANAGER: frozenset(
        {
            "releases.view_release",
            "releases.view_reappearance",
            "releases.view_versionsweep",
            "releases.add_release",
            "releases.change_release",
            "releases.freeze_release",
            "releases.export_release",
            "releases.hand_over_release",
            "catalog.view_dataset",
            "catalog.view_datasetversion",
            "catalog.view_indexbuild",
        }
    ),
}


def make_groups(using: str = "default", **_: Any) -> None:
    """Create both groups and give each exactly its permissions. May run any number of times."""
    from django.contrib.auth.models import Group, Permission

    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for name, wanted in PERMISSIONS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        # A migration to an older state has fewer models, and so fewer permissions.
        group.permissions.set([by_name[key] for key in wanted if key in by_name])
