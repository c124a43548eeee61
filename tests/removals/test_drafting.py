"""What may stand in a draft."""

import pytest

from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.accounts.services import disconnect
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Claim, RepositoryFact
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Missing, Refused
from bigcode_optout.names import parse_owner, parse_repository
from bigcode_optout.removals import drafting, services
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.submission import ScopeChoice, Submission
from tests.builders import account_claim, make_draft, make_user, the_stack

pytestmark = pytest.mark.django_db


def choose(user, *choices, **more):
    return drafting.choose_scope(by=user, dataset=the_stack(), submission=Submission(choices, **more))


def test_everything_under_the_own_account_carries_the_accounts_number():
    user = make_user()
    item = make_draft(user).items.get()
    assert (item.kind, item.name, item.owner_id) == ("owner", "otter-quay", 501)


def test_choosing_again_replaces_the_draft_and_never_makes_a_second():
    user = make_user()
    make_draft(user, ["otter-quay/kelp", "otter-quay/reef"])
    draft = make_draft(user, ["otter-quay/kelp"], commits=False)
    assert RemovalRequest.objects.count() == 1
    assert [(item.name, item.kinds) for item in draft.items.all()] == [
        ("otter-quay/kelp", ["files", "issues"])
    ]


def test_one_repository_in_two_spellings_is_one_item():
    draft = make_draft(make_user(), ["otter-quay/kelp", "Otter-Quay/KELP"])
    assert draft.items.count() == 1


@pytest.mark.parametrize("name", ["somebody-else/kelp", "otter-quay-2/kelp"])
def test_a_repository_of_somebody_else_does_not_fit_the_own_account(name):
    user = make_user()
    with pytest.raises(Refused, match="does not belong to otter-quay"):
        choose(user, ScopeChoice(account_claim(user).pk, "repository", name))


def test_another_owner_does_not_fit_the_own_account():
    user = make_user()
    with pytest.raises(Refused, match="does not belong"):
        choose(user, ScopeChoice(account_claim(user).pk, "owner", "somebody-else"))


def test_a_claim_of_another_person_is_as_if_it_were_not_there():
    somebody = make_user(502, "tern-hollow")
    with pytest.raises(Missing):
        choose(make_user(), ScopeChoice(account_claim(somebody).pk, "owner", "tern-hollow"))


@pytest.mark.parametrize(
    "name", ["a/b/c", "otter quay/kelp", "otter-quay/*", "ott\u212ar-quay/kelp", "otter-quay/\x00"]
)
def test_what_is_no_name_is_refused_with_a_sentence(name):
    user = make_user()
    with pytest.raises(Refused) as refused:
        choose(user, ScopeChoice(account_claim(user).pk, "repository", name))
    assert len(refused.value.sentence) > 20


def test_nothing_chosen_and_no_kind_are_refused():
    user = make_user()
    with pytest.raises(Refused, match="Choose what"):
        choose(user)
    choice = ScopeChoice(account_claim(user).pk, "owner", "otter-quay")
    with pytest.raises(Refused, match="Choose files"):
        choose(user, choice, files=False, commits=False, issues=False)


def test_a_repository_under_a_former_name_fits_when_its_number_is_known_to_be_the_owners():
    user = make_user()
    RepositoryFact.objects.create(
        full_name_key="",
        repository_id=77,
        owner_id=501,
        full_name="otter-quay/kelp",
        learned_at=user.date_joined,
    )
    choice = ScopeChoice(account_claim(user).pk, "repository", "otter-old/kelp")
    draft = drafting.choose_scope(
        by=user, dataset=the_stack(), submission=Submission((choice,)), known_ids={"otter-old/kelp": 77}
    )
    assert draft.items.get().repository_id == 77


def test_a_draft_of_many_parts_asks_the_database_no_more_often_than_one_of_two(django_assert_max_num_queries):
    user = make_user()
    claim = account_claim(user)
    few, many = ([ScopeChoice(claim.pk, "repository", f"otter-quay/r{n}") for n in range(c)] for c in (2, 60))
    choose(user, *few)
    with django_assert_max_num_queries(20):
        choose(user, *few)
    with django_assert_max_num_queries(20):
        choose(user, *many)


def test_somebody_elses_claim_cannot_be_chosen():
    theirs = account_claim(make_user(502, "somebody-else"))
    with pytest.raises(Missing):
        choose(make_user(), ScopeChoice(theirs.pk, "owner", "somebody-else"))


def test_claims_of_organisations_and_repositories_are_made_once():
    user = make_user()
    first = claims.make_claim(by=user, name=parse_owner("Norrvik-Instruments"))
    again = claims.make_claim(by=user, name=parse_owner("norrvik-instruments"))
    other = claims.make_claim(by=user, name=parse_repository("norrvik-instruments/kelp"))
    assert first == again
    assert Claim.objects.filter(user=user).count() == 3
    assert (first.kind, other.kind) == ("organisation", "repository")


def test_describing_needs_a_draft_and_discarding_forgets_it():
    user = make_user()
    with pytest.raises(Refused, match="nothing to send"):
        drafting.describe(by=user, dataset=the_stack(), ground="", message="", email="")
    make_draft(user)
    drafting.discard(by=user, dataset=the_stack())
    assert drafting.draft_of(user, the_stack()) is None


def test_a_draft_over_an_account_that_was_parted_from_its_person_is_not_sent():
    user = make_user()
    second = GitHubIdentity.objects.create(
        user=user, github_id=502, login="tern-hollow", account_created_at=clock.now(), seen_at=clock.now()
    )
    draft = make_draft(user, claim=claims.claim_account(second))
    disconnect(identity=second)
    with pytest.raises(Refused, match="renamed, or taken"):
        services.submit(by=user, draft_id=draft.pk)
    assert RemovalRequest.objects.get().state == "draft"


@pytest.mark.parametrize("names", [(), ("otter-quay/kelp",)])
def test_a_draft_over_a_name_that_the_account_gave_up_is_not_sent(names):
    user = make_user()
    draft = make_draft(user, names)
    identity = user.identities.get()
    identity.login = "new-otter"
    identity.save()
    claims.claim_account(identity)
    with pytest.raises(Refused, match="renamed"):
        services.submit(by=user, draft_id=draft.pk)
