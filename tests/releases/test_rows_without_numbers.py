"""Before a freeze rows without numbers are asked about by their names, where the owner's list lacks them."""

import pytest

from bigcode_optout.releases.models import Recheck
from tests.builders import make_index, make_persona, processed_request
from tests.releases.builders import planned
from tests.releases.preparing_cases import ADDRESS, WHO, asked, outcomes, prepare, rules_of

pytestmark = pytest.mark.django_db
Outcome = Recheck.Outcome


@pytest.fixture
def nameless(sandbox, tmp_path):
    """An accepted request for everything of an account, whose rows have no numbers."""
    names = [one.name for one in sandbox.world.repositories_of(sandbox.world.account(WHO).id)][:3]
    make_index(tmp_path, [(f"{WHO}/{name}", None, 10) for name in names])
    request = processed_request(make_persona(sandbox, WHO), email=ADDRESS)
    assert request.state == "accepted"
    return request, names


def test_what_the_owners_list_names_today_is_not_asked_about_once_more(nameless, sandbox):
    before = asked(sandbox, f"/repos/{WHO}/")
    assert outcomes(prepare(planned())) == {("owner", WHO): Outcome.SAME}
    assert asked(sandbox, f"/repos/{WHO}/") == before


def test_a_repository_that_was_given_away_becomes_a_part_of_its_own(nameless, sandbox):
    request, names = nameless
    release = planned()
    sandbox.world.transfer_repository(f"{WHO}/{names[0]}", "low-tide-club")
    assert outcomes(prepare(release))["name", f"{WHO}/{names[0]}"] == Outcome.MOVED
    request.refresh_from_db()
    owner, part = request.items.get(kind="owner"), request.items.get(kind="repository")
    assert (request.state, owner.state, part.state) == ("in_review", "accepted", "open")
    assert (part.name, part.repository_id, part.located.count()) == (f"{WHO}/{names[0]}", None, 1)
    assert request.mails.filter(kind="contradicted").count() == 1
    assert ("owner", WHO, None, None) in rules_of(release)


def test_two_that_went_to_the_same_owner_are_two_parts_and_told_once(nameless, sandbox):
    request, names = nameless
    for name in names[:2]:
        sandbox.world.transfer_repository(f"{WHO}/{name}", "low-tide-club")
    release = planned()
    prepare(release)
    request.refresh_from_db()
    assert set(request.items.filter(kind="repository").values_list("name", flat=True)) == {
        f"{WHO}/{name}" for name in names[:2]
    }
    prepare(release)
    assert request.events.filter(code="contradict").count() == 1


def test_a_young_repository_of_somebody_else_under_the_name_contradicts_nothing(nameless, sandbox):
    request, names = nameless
    world = sandbox.world
    world.rename_account(WHO, "quillon-dune")
    world.delete_repository(f"quillon-dune/{names[0]}")
    world.add_account(WHO, id=990_500_001, created_at="2025-05-05T05:05:05Z")
    world.add_repository(f"{WHO}/{names[0]}", id=990_500_002, created_at="2025-05-06T05:05:05Z")
    assert outcomes(prepare(planned()))["name", f"{WHO}/{names[0]}"] == Outcome.MOVED
    request.refresh_from_db()
    assert request.state == "accepted"


def test_what_is_deleted_changes_nothing(nameless, sandbox):
    request, names = nameless
    sandbox.world.delete_repository(f"{WHO}/{names[0]}")
    assert outcomes(prepare(planned()))["name", f"{WHO}/{names[0]}"] == Outcome.GONE
    request.refresh_from_db()
    assert request.state == "accepted"


def test_more_than_the_limit_are_not_asked_for_one_by_one(nameless, sandbox, settings):
    _, names = nameless
    settings.RESOLVE_LIMIT = 1
    for name in names[:2]:
        sandbox.world.delete_repository(f"{WHO}/{name}")
    assert "name" not in {kind for kind, _ in outcomes(prepare(planned()))}
