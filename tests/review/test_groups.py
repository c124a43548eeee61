"""The groups, each with just its permissions."""

import pytest
from django.contrib.auth.models import Group, Permission

from bigcode_optout.review.groups import PERMISSIONS, make_groups

pytestmark = pytest.mark.django_db


def held(group: str) -> set[str]:
    permissions = Group.objects.get(name=group).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


@pytest.mark.parametrize("group", PERMISSIONS)
def test_each_migrate_leaves_a_group_with_exactly_its_permissions(group):
    assert held(group) == PERMISSIONS[group]


def test_a_group_that_was_changed_is_put_right():
    reviewers = Group.objects.get(name="reviewer")
    reviewers.permissions.set([Permission.objects.get(codename="freeze_release")])
    make_groups()
    make_groups()
    assert held("reviewer") == PERMISSIONS["reviewer"]
    assert Group.objects.count() == len(PERMISSIONS)


def test_no_group_may_both_decide_and_freeze():
    for permissions in PERMISSIONS.values():
        assert not {"removals.decide_removalrequest", "releases.freeze_release"} <= permissions


def test_no_group_adds_changes_or_deletes_what_belongs_to_the_lifecycle():
    for permissions in PERMISSIONS.values():
        verbs = {
            name for name in permissions if name.split(".")[1].split("_")[0] in {"add", "change", "delete"}
        }
        # A text for decisions, and a plan, are nobody’s request.
        assert verbs <= {"releases.add_release", "releases.change_release", "removals.add_reasontext"}
