"""Claiming a former login, learning who has it today, and proofs that nobody edits."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from bigcode_optout.accounts import services as accounts
from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.claims import former_logins, queries, services
from bigcode_optout.claims.models import Claim, LoginFact, Proof
from bigcode_optout.core.errors import Missing, Refused
from bigcode_optout.githubapi import Unavailable
from bigcode_optout.names import parse_owner, parse_repository
from tests.builders import account_claim, make_persona, make_user

pytestmark = pytest.mark.django_db
FENNWICK = parse_owner("Fennwick")


def claimed(user, name=FENNWICK):
    return former_logins.claim_former_login(by=user, claim_id=account_claim(user).pk, name=name)


def test_a_former_login_is_claimed_once_and_stands_on_the_account_of_today():
    user = make_user()
    first, again = claimed(user), claimed(user, parse_owner("fennwick"))
    assert first == again
    assert (first.kind, first.name, first.subject_id) == ("former_login", "Fennwick", 501)
    assert first.present == account_claim(user)
    assert queries.is_proven(first), "the account is, and the rest is asked of GitHub row by row"


def test_one_account_may_have_had_several_logins():
    user = make_user()
    claimed(user)
    claimed(user, parse_owner("fenny"))
    assert Claim.objects.filter(user=user, kind="former_login", subject_id=501).count() == 2


def test_the_login_of_today_is_no_former_one():
    with pytest.raises(Refused, match="the name of your account today"):
        claimed(make_user(login="otter-quay"), parse_owner("OTTER-quay"))


def test_another_persons_account_has_no_former_login_for_me():
    other = account_claim(make_user(502, "brindle-fenn"))
    with pytest.raises(Missing):
        former_logins.claim_former_login(by=make_user(), claim_id=other.pk, name=FENNWICK)


def test_a_repository_has_no_former_login():
    user = make_user()
    claim = services.make_claim(by=user, name=parse_repository("norrvik/gauge"))
    with pytest.raises(Refused):
        former_logins.claim_former_login(by=user, claim_id=claim.pk, name=FENNWICK)


def test_a_former_login_goes_with_the_account_that_is_taken_away():
    user = make_user()
    joined = GitHubIdentity.objects.create(
        user=user,
        github_id=502,
        login="otter-bay",
        account_created_at=dt.datetime(2012, 5, 1, tzinfo=dt.UTC),
        seen_at=dt.datetime.now(dt.UTC),
    )
    present = services.claim_account(joined)
    claim = former_logins.claim_former_login(by=user, claim_id=present.pk, name=FENNWICK)
    assert claim in queries.claims_of(user)
    accounts.disconnect(identity=joined)
    assert claim not in queries.claims_of(user)
    with pytest.raises(Missing):
        queries.claim_of(user, claim.pk)


def test_the_database_refuses_a_former_login_of_nobody():
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(user=make_user(), kind="former_login", name="fennwick")


def test_who_has_a_login_today_is_learned_with_its_time(sandbox):
    taker = sandbox.world.account("larkspur-dev")
    assert former_logins.learn_login("Larkspur-DEV").account_id == taker.id
    assert former_logins.learn_login("fennwick").account_id is None
    now = dt.datetime.now(dt.UTC)
    assert former_logins.login_facts(["FENNWICK"], since=now - dt.timedelta(minutes=1)).keys() == {"fennwick"}
    assert former_logins.login_facts(["fennwick"], since=now + dt.timedelta(minutes=1)) == {}


def test_silence_of_github_leaves_what_was_known_of_a_login(sandbox):
    former_logins.learn_login("larkspur-dev")
    sandbox.faults.add(path=r"/users/larkspur-dev", kind="server_error", times=1)
    with pytest.raises(Unavailable):
        former_logins.learn_login("larkspur-dev")
    assert LoginFact.objects.get().account_id == sandbox.world.account("larkspur-dev").id


def test_what_was_learned_of_a_login_is_forgotten_after_a_month(sandbox):
    former_logins.learn_login("fennwick")
    assert former_logins.forget_login_facts() == 0
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31)):
        assert former_logins.forget_login_facts() == 1


def test_a_proof_is_never_edited():
    proof = account_claim(make_user()).proofs.get()
    proof.sentence = "You own everything."
    with pytest.raises(TypeError):
        proof.save()
    with pytest.raises(TypeError):
        Proof.objects.filter(pk=proof.pk).update(outcome="not_proven")
    with pytest.raises(TypeError), transaction.atomic():
        Proof.objects.bulk_update([proof], ["sentence"])
    proof.refresh_from_db()
    assert proof.sentence == "You signed in to GitHub as otter-quay."


def test_a_later_answer_by_the_same_method_supersedes_and_silence_does_not():
    user = make_user()
    claim = services.make_claim(by=user, name=parse_owner("norrvik"))
    for outcome in (Proof.Outcome.PROVEN, Proof.Outcome.NOT_PROVEN, Proof.Outcome.UNAVAILABLE):
        services.record_proof(
            claim=claim, method=Proof.Method.MEMBERSHIP, outcome=outcome, evidence={}, sentence="-"
        )
    found = queries.with_superseded(claim.proofs.all())
    assert [(proof.outcome, is_superseded) for proof, is_superseded in found] == [
        ("unavailable", False),
        ("not_proven", False),
        ("proven", True),
    ]


def test_the_account_is_read_anew_at_every_sign_in_and_the_earlier_proof_is_superseded(sandbox):
    user = make_persona(sandbox, "quillon-marsh")
    services.claim_account(user.identities.get())
    assert [old for _, old in queries.with_superseded(account_claim(user).proofs.all())] == [False, True]
