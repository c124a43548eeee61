"""Claims by sign-in, and what is learned from GitHub without anybody's token."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.claims import queries, services
from bigcode_optout.claims.models import Claim, RepositoryFact
from bigcode_optout.githubapi import NotFound, Unavailable
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def test_signing_in_again_under_a_new_login_is_the_same_claim_with_one_more_proof():
    user = make_user(501, "otter-quay")
    identity = GitHubIdentity.objects.get(user=user)
    identity.login = "otter-bay"
    identity.save()
    services.claim_account(identity)
    claim = Claim.objects.get(user=user)
    assert (claim.name, claim.name_key, claim.proofs.count()) == ("otter-bay", "otter-bay", 2)
    assert queries.is_proven(claim)


def test_a_proof_lasts_180_days_for_the_release_managers_list():
    claim = Claim.objects.get(user=make_user())
    proof = claim.proofs.get()
    assert proof.expires_at - proof.checked_at == dt.timedelta(days=180)


def test_an_owners_repositories_are_learned_by_number_with_their_time(sandbox):
    listing = services.read_owner("QUILLON-marsh")
    account = sandbox.world.account("quillon-marsh")
    assert (listing.owner_id, listing.repository_count) == (account.id, 14)
    assert queries.repository_ids_of(account.id) == {
        one.id for one in sandbox.world.repositories_of(account.id)
    }
    assert queries.listing_of(account.id, fresh=True)
    with time_machine.travel(dt.datetime.now(dt.UTC) + queries.FRESH + dt.timedelta(minutes=1)):
        assert queries.listing_of(account.id, fresh=True) is None
        assert queries.listing_of(account.id) is not None


def test_nothing_is_kept_of_a_listing_that_broke_off(sandbox):
    sandbox.faults.add(path=r"/users/quillon-marsh/repos", kind="server_error", times=1)
    with pytest.raises(Unavailable):
        services.read_owner("quillon-marsh")
    assert not RepositoryFact.objects.exists()


def test_an_owner_who_is_gone_is_an_error(sandbox):
    with pytest.raises(NotFound):
        services.read_owner("nobody-has-this")


def test_a_former_name_resolves_to_todays_owner_and_a_gone_one_to_nobody(sandbox):
    account = sandbox.world.account("brindle-fenn")
    name = "fen-maps"
    services.resolve(names=[f"fennwick/{name}", "fennwick/never-was"])
    since = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    facts = queries.facts_by_name([f"Fennwick/{name}", "fennwick/never-was"], since=since)
    assert facts[f"fennwick/{name}"].owner_id == account.id
    assert facts["fennwick/never-was"].owner_id is None


def test_a_number_resolves_after_a_transfer_to_the_new_owner(sandbox):
    world = sandbox.world
    repository = world.repositories_of(world.account("quillon-marsh").id)[0]
    since = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    services.resolve(repository_ids=[repository.id, 999999999999])
    assert queries.facts_by_id([repository.id], since=since)[repository.id].owner_id == 4117902
    world.transfer_repository(f"quillon-marsh/{repository.name}", "low-tide-club")
    services.resolve(repository_ids=[repository.id])
    facts = queries.facts_by_id([repository.id, 999999999999], since=since)
    assert facts[repository.id].owner_id == world.account("low-tide-club").id
    assert facts[999999999999].owner_id is None


def test_what_was_answered_before_github_fell_silent_is_kept(sandbox):
    world = sandbox.world
    first, second = world.repositories_of(world.account("quillon-marsh").id)[:2]
    sandbox.faults.add(path=rf"/repositories/{second.id}", kind="server_error", times=1)
    with pytest.raises(Unavailable):
        services.resolve(repository_ids=[first.id, second.id])
    assert RepositoryFact.objects.get().repository_id == first.id
