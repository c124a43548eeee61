"""Which rules a list gets from what was accepted: names with their time, numbers as of today."""

import datetime as dt

import pytest

from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import OwnerListing
from bigcode_optout.core import clock
from bigcode_optout.removals import drafting, services, tasks
from bigcode_optout.removals.submission import ScopeChoice, Submission
from tests.builders import (
    DATA_DATE,
    account_claim,
    make_index,
    make_persona,
    make_user,
    processed_request,
    the_stack,
)
from tests.releases.builders import accepted_request, frozen

pytestmark = pytest.mark.django_db


def rules_in(release):
    return {(one.kind, one.name, one.repo_id, one.name_valid_until) for one in release.exclusions.all()}


@pytest.fixture
def renamed(tmp_path, sandbox):
    """The stand-in's brindle-fenn, whose repositories stand in the data under fennwick."""
    owned = sandbox.world.repositories_of(sandbox.world.account("brindle-fenn").id)
    make_index(tmp_path, [(f"fennwick/{one.name}", one.id, 10) for one in owned])
    return owned


def test_a_single_repository_picked_under_a_former_name_is_listed_under_todays_and_the_former_one_ends(
    renamed, sandbox
):
    one = renamed[0]
    user = make_persona(sandbox, "brindle-fenn")
    claims.read_owner("brindle-fenn")
    name = f"fennwick/{one.name}"
    choice = ScopeChoice(account_claim(user).pk, "repository", name)
    draft = drafting.choose_scope(
        by=user, dataset=the_stack(), submission=Submission((choice,)), known_ids={name: one.id}
    )
    request = services.submit(by=user, draft_id=draft.pk)
    tasks.process(request.pk)
    assert rules_in(frozen()) == {
        ("repository", f"brindle-fenn/{one.name}", one.id, None),
        ("repository", name, one.id, DATA_DATE),
    }


def test_what_was_accepted_by_number_stays_on_the_list_though_github_does_not_know_it_any_more(
    renamed, sandbox
):
    one = renamed[0]
    assert processed_request(make_persona(sandbox, "brindle-fenn")).state == "accepted"
    sandbox.world.delete_repository(f"brindle-fenn/{one.name}")
    claims.resolve(repository_ids=[one.id])
    assert ("repository", f"fennwick/{one.name}", one.id, DATA_DATE) in rules_in(frozen())


def test_what_went_to_somebody_else_since_does_not_go_on_the_list_beside_its_former_owner(renamed, sandbox):
    one = renamed[0]
    assert processed_request(make_persona(sandbox, "brindle-fenn")).state == "accepted"
    sandbox.world.transfer_repository(f"brindle-fenn/{one.name}", "low-tide-club")
    claims.resolve(repository_ids=[one.id])
    assert one.id not in {number for _, _, number, _ in rules_in(frozen())}


def test_an_owner_who_came_back_under_a_new_login_is_listed_under_it_and_the_old_one_ends(index):
    request = accepted_request(make_user())
    OwnerListing.objects.create(
        owner_id=501, login="otter-bay", kind="User", read_at=clock.now(), repository_count=0
    )
    assert rules_in(frozen()) == {
        ("owner", "otter-bay", None, None),
        ("owner", "otter-quay", None, request.submitted_at.date()),
    }


def test_a_sign_in_alone_tells_of_a_new_login(index):
    user = make_user()
    accepted_request(user)
    identity = user.identities.get()
    identity.login = "otter-bay"
    identity.save()
    claims.claim_account(identity)
    assert ("owner", "otter-bay", None, None) in rules_in(frozen())


def test_other_names_of_a_picked_repository_are_listed_until_the_data_that_has_them(tmp_path, sandbox):
    one = sandbox.world.repositories_of(sandbox.world.account("brindle-fenn").id)[0]
    name = f"brindle-fenn/{one.name}"
    make_index(tmp_path, [(name, one.id, 10)])
    make_index(
        tmp_path, [(f"fennwick/{one.name}", one.id, 10)], version="v2.0", data_date=dt.date(2022, 3, 31)
    )
    user = make_persona(sandbox, "brindle-fenn")
    choice = ScopeChoice(account_claim(user).pk, "repository", name)
    draft = drafting.choose_scope(
        by=user, dataset=the_stack(), submission=Submission((choice,)), known_ids={name: one.id}
    )
    request = services.submit(by=user, draft_id=draft.pk)
    tasks.process(request.pk)
    assert rules_in(frozen()) == {
        ("repository", name, one.id, None),
        ("repository", f"fennwick/{one.name}", one.id, dt.date(2022, 3, 31)),
    }
