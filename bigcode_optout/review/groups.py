"""The groups of the desk and what each may do. The table is the truth: every migrate puts a changed group right."""

from collections.abc import Mapping
from typing import Any

REVIEWER = "reviewer"
SENIOR_REVIEWER = "senior reviewer"
RELEASE_MANAGER = "release manager"
AUDITOR = "auditor"
# Who reads the log of what staff did reads the list of staff, too (admins/people.py).
READ_LOG = "admin.view_logentry"

# By group: permissions as "room.codename".
_WORKING: Mapping[str, frozenset[str]] = {
    REVIEWER: frozenset(
        {
            "removals.view_removalrequest",
            "removals.decide_removalrequest",
            "removals.view_outboxmessage",
            "removals.view_statement",
            "removals.view_reasontext",
            "removals.view_policychange",
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
            "releases.view_accesstoken",
            "releases.issue_accesstoken",
            "releases.revoke_accesstoken",
            "releases.record_verification",
            "releases.publish_release",
            "catalog.view_dataset",
            "catalog.view_datasetversion",
            "catalog.view_indexbuild",
        }
    ),
}
_READ = frozenset(
    key for permissions in _WORKING.values() for key in permissions if key.split(".")[1].startswith("view_")
)
PERMISSIONS: Mapping[str, frozenset[str]] = {
    **_WORKING,
    # Of two who decide about a large organisation one is senior; appeals, texts and the policy are theirs.
    SENIOR_REVIEWER: _WORKING[REVIEWER]
    | {"removals.decide_senior", "removals.add_reasontext", "removals.set_policy"},
    # Reads whatever anybody here reads, and changes nothing.
    AUDITOR: _READ | {READ_LOG},
}


def make_groups(using: str = "default", **_: Any) -> None:
    """Create the groups and give each exactly its permissions. May run any number of times."""
    from django.contrib.auth.models import Group, Permission

    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for name, wanted in PERMISSIONS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        # A migration to an older state has fewer models, and so fewer permissions.
        group.permissions.set([by_name[key] for key in wanted if key in by_name])
