"""What a rule must not accept though nothing located speaks against it. Index and GitHub (the stand-in) are real."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, Proof, RepositoryFact
from bigcode_optout.names import parse_owner
from bigcode_optout.removals import tasks
from tests.builders import (
    account_claim,
    count_members,
    make_index,
    make_persona,
    processed_request,
    submitted_request,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(tmp_path, sandbox):
    """A version without anything of the people here."""
    make_index(tmp_path, [("nobody-here/something", 77, 10)])


def guards_of(request):
    assert request.state == "in_review"
    return request.items.get().assessment["guards"]


def proven(user, kind, account_or_repository, name):
    """The person's claim, proven just now."""
    claim = Claim.objects.create(user=user, kind=kind, subject_id=account_or_repository.id, name=name)
    count_members(account_or_repository.id)
    evidence = {"viewer_id": user.identities.get().github_id}
    method = Proof.Method.MEMBERSHIP if kind == "organisation" else Proof.Method.PERMISSION
    claims.record_proof(
        claim=claim,
        method=method,
        outcome=Proof.Outcome.PROVEN,
        evidence=evidence,
        sentence="GitHub said so.",
    )
    return claim


def days_later(days):
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days))


def test_a_login_that_was_left_since_the_sign_in_and_taken_by_somebody_is_not_theirs(elsewhere, sandbox):
    user = make_persona(sandbox, "pemberly-quiet")
    sandbox.world.rename_account("pemberly-quiet", "pemberly-loud")
    sandbox.world.add_account("pemberly-quiet", id=999001)
    assert guards_of(processed_request(user)) == ["name_not_current"]


def test_an_account_that_was_deleted_since_the_sign_in_waits_for_a_person(elsewhere, sandbox):
    user = make_persona(sandbox, "pemberly-quiet")
    sandbox.world.delete_account("pemberly-quiet")
    assert guards_of(processed_request(user)) == ["owner_not_read"]


def test_while_github_never_said_what_belongs_to_the_owner_nothing_found_is_not_taken_for_nothing_there(
    tmp_path, sandbox
):
    owned = sandbox.world.repositories_of(sandbox.world.account("brindle-fenn").id)
    make_index(tmp_path, [(f"fennwick/{one.name}", one.id, 10) for one in owned])
    request = submitted_request(make_persona(sandbox, "brindle-fenn"))
    sandbox.faults.add(path=".*", kind="server_error", times=1000)
    with days_later(1.01):
        tasks.process(request.pk)
    request.refresh_from_db()
    assert guards_of(request) == ["owner_not_read"]


def test_a_role_that_was_stated_days_ago_waits_for_a_person(elsewhere, sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    claim = proven(user, "organisation", sandbox.world.account("low-tide-club"), "low-tide-club")
    with days_later(3):
        assert guards_of(processed_request(user, claim=claim)) == ["role_proven_long_ago"]


def test_a_role_that_was_just_stated_is_accepted(elsewhere, sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    claim = proven(user, "organisation", sandbox.world.account("low-tide-club"), "low-tide-club")
    assert processed_request(user, claim=claim).state == "accepted"


def test_a_role_whose_proof_has_run_out_is_not_proven(elsewhere, sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    claim = proven(user, "organisation", sandbox.world.account("low-tide-club"), "low-tide-club")
    with days_later(181):
        assert "role_not_proven" in guards_of(processed_request(user, claim=claim))


def test_whoever_administered_a_repository_before_it_was_given_away_is_not_heard_by_a_rule(
    elsewhere, sandbox
):
    world = sandbox.world
    user = make_persona(sandbox, "moss-kettering")
    repository = world.repositories_of(world.account("moss-kettering").id)[0]
    claim = proven(user, "repository", repository, f"moss-kettering/{repository.name}")
    world.transfer_repository(claim.name, "low-tide-club")
    with days_later(90):
        assert "role_proven_long_ago" in guards_of(processed_request(user, [claim.name], claim=claim))


def test_a_large_organisation_is_large_also_when_its_repositories_are_ticked_one_by_one(
    tmp_path, sandbox, settings
):
    settings.LARGE_ORGANISATION_REPOSITORIES = 3
    organisation = sandbox.world.account("norrvik-instruments")
    names = [f"norrvik-instruments/{one.name}" for one in sandbox.world.repositories_of(organisation.id)]
    make_index(tmp_path, [(name, None, 10) for name in names])
    user = make_persona(sandbox, "hale-ostrander")
    claim = proven(user, "organisation", organisation, "norrvik-instruments")
    assert processed_request(user, names[:2], claim=claim).state == "accepted"
    many = processed_request(user, names, claim=claim)
    assert many.state == "in_review"
    assert all("large_organisation" in item.assessment["guards"] for item in many.items.all())


def test_what_strangers_ask_without_proof_makes_nobodys_organisation_large(tmp_path, sandbox, settings):
    settings.LARGE_ORGANISATION_REPOSITORIES = 3
    organisation = sandbox.world.account("norrvik-instruments")
    names = [f"norrvik-instruments/{one.name}" for one in sandbox.world.repositories_of(organisation.id)]
    make_index(tmp_path, [(name, None, 10) for name in names])
    stranger = make_persona(sandbox, "quillon-marsh")
    claim = claims.make_claim(by=stranger, name=parse_owner("norrvik-instruments"))
    theirs = processed_request(stranger, claim=claim)
    assert theirs.items.get().located.count() >= 3
    owner = make_persona(sandbox, "hale-ostrander")
    role = proven(owner, "organisation", organisation, "norrvik-instruments")
    request = processed_request(owner, names[:1], claim=role)
    assert (request.state, request.items.get().assessment["guards"]) == ("accepted", [])
    theirs.refresh_from_db()
    # Once a person has accepted it, it counts: what is left out is large, whoever asked first.
    theirs.items.update(state="accepted")
    assert "large_organisation" in guards_of(processed_request(owner, names[1:2], claim=role))


def test_a_repository_made_after_the_data_does_not_confirm_a_name(tmp_path, sandbox):
    """An old account that moves into a freed login needs no more than a new repository of the old name."""
    make_index(tmp_path, [("moss-kettering/old-garden", None, 10), ("moss-kettering/gone", None, 10)])
    sandbox.world.add_repository("moss-kettering/old-garden", id=999003, created_at="2025-01-01T00:00:00Z")
    request = processed_request(make_persona(sandbox, "moss-kettering"))
    assert guards_of(request) == ["not_confirmed"]


def test_a_repository_that_was_given_away_goes_with_its_new_owner_though_no_version_has_it(
    elsewhere, sandbox
):
    world = sandbox.world
    user = make_persona(sandbox, "quillon-marsh")
    claims.read_owner("quillon-marsh")
    repository = world.repositories_of(world.account("quillon-marsh").id)[0]
    world.transfer_repository(f"quillon-marsh/{repository.name}", "low-tide-club")
    with days_later(3):
        assert processed_request(user).state == "accepted"
    fact = RepositoryFact.objects.get(full_name_key="", repository_id=repository.id)
    assert fact.owner_id == world.account("low-tide-club").id


def test_a_version_that_was_registered_after_the_request_was_sent_is_searched_too(
    elsewhere, tmp_path, sandbox
):
    request = submitted_request(make_persona(sandbox, "larkspur-dev"))
    make_index(tmp_path, [("larkspur-dev/garden", None, 10)], version="v2.0")
    tasks.process(request.pk)
    request.refresh_from_db()
    assert "name_taker" in guards_of(request)


def test_items_that_no_worker_survived_are_told_as_not_located(elsewhere, sandbox, settings):
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    settings.LOCATE_ATTEMPTS = 0
    tasks.process(request.pk)
    request.refresh_from_db()
    assert "locating_gave_up" in guards_of(request)


def test_the_last_try_goes_to_review_with_what_the_index_says_though_github_is_silent(
    elsewhere, sandbox, settings
):
    settings.LOCATE_ATTEMPTS = 1
    request = submitted_request(make_persona(sandbox, "quillon-marsh"))
    sandbox.faults.add(path=".*", kind="server_error", times=100)
    tasks.process(request.pk)
    request.refresh_from_db()
    assert guards_of(request) == ["owner_not_read"]
    assert request.locate_runs.get().state == "done"


def test_a_silent_github_does_not_use_up_the_tries_before_the_day_is_over(settings):
    waits = sum(min(900, 10 * 2 ** min(number, 10)) for number in range(settings.LOCATE_ATTEMPTS))
    assert waits > settings.GITHUB_PATIENCE_SECONDS


def test_a_claim_keeps_the_number_that_requests_stand_on_when_its_name_becomes_somebody_elses(
    elsewhere, sandbox
):
    user = make_persona(sandbox, "hale-ostrander")
    first = proven(user, "organisation", sandbox.world.account("low-tide-club"), "low-tide-club")
    other = claims.name_subject(claim=first, subject_id=999002, name="low-tide-club")
    first.refresh_from_db()
    assert first.subject_id == sandbox.world.account("low-tide-club").id
    assert (other.subject_id, other.pk == first.pk, other.proofs.count()) == (999002, False, 0)


def test_a_sign_in_under_a_new_login_forgets_the_listing_under_the_old_one(elsewhere, sandbox):
    user = make_persona(sandbox, "quillon-marsh")
    claims.read_owner("quillon-marsh")
    sandbox.world.rename_account("quillon-marsh", "quillon-mere")
    identity = user.identities.get()
    identity.login = "quillon-mere"
    identity.save()
    claims.claim_account(identity)
    assert account_claim(user).name == "quillon-mere"
    assert processed_request(user).state == "accepted"
