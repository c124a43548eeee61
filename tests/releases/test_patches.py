"""A release in the place of one that failed."""

import pytest

from bigcode_optout.core.errors import Conflict, Refused
from bigcode_optout.releases import planning, services, verifying
from bigcode_optout.releases.queries import next_release
from tests.builders import make_user, the_stack
from tests.releases.builders import accepted_request, planned
from tests.releases.proving import found, handed_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(index):
    """v3.1, of which something was found in the files."""
    accepted_request(make_user())
    return fail(handed_over())


def fail(release):
    verifying.record(release_id=release.pk, report=found(release, 0), by=None)
    release.refresh_from_db()
    return release


def patch_of(release, name=""):
    return planning.plan(dataset=the_stack(), name=name or planning.patch_name(release), replaces=release)


def test_the_name_counts_on_and_is_free(failed):
    assert planning.patch_name(failed) == "v3.1.1"
    second = fail(handed_over(release=patch_of(failed)))
    assert (second.name, planning.patch_name(second)) == ("v3.1.1", "v3.1.2")
    assert planning.patch_name(failed) == "v3.1.2"


def test_it_is_for_the_version_of_the_release_that_it_replaces(failed):
    patch = patch_of(failed)
    assert (patch.replaces, patch.version_names) == (failed, ["v3.1.1", "v3.1"])
    assert patch.events.get().data == {"replaces": "v3.1"}


def test_it_opens_beside_the_next_release_and_requesters_read_of_it_first(failed):
    planned("v3.2")
    assert next_release("the-stack").name == "v3.2"
    patch = patch_of(failed)
    assert next_release("the-stack") == patch


def test_it_takes_what_stood_on_the_failed_list_and_what_was_accepted_since(failed):
    accepted_request(make_user(502, "tern-hollow"))
    patch = services.freeze(release_id=patch_of(failed).pk, by=None)
    assert {one.name: one.since_release for one in patch.exclusions.all()} == {
        "otter-quay": "v3.1",
        "tern-hollow": "v3.1.1",
    }
    assert patch.previous == failed


def test_a_failed_release_has_one_in_its_place(failed):
    patch_of(failed)
    with pytest.raises(Conflict, match=r"v3\.1\.1 stands in the place of v3\.1 already"):
        patch_of(failed, "v3.1.9")


def test_only_what_failed_is_replaced(index):
    release = handed_over()
    with pytest.raises(Conflict, match=r"v3\.1 is handed over; only a failed release"):
        patch_of(release, "v3.1.1")


def test_a_release_of_another_dataset_is_not_replaced(failed):
    from bigcode_optout.catalog.models import Dataset

    other = Dataset.objects.create(slug="the-heap", title="The Heap")
    with pytest.raises(Refused, match="another dataset"):
        planning.plan(dataset=other, name="v1.1", replaces=failed)


def test_a_second_next_release_is_still_refused_beside_it(failed):
    patch_of(failed)
    planned("v3.2")
    with pytest.raises(Conflict, match="still open"):
        planned("v3.3")
