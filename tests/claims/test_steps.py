"""Proofs that need the person's token, asked of the stand-in over real HTTP."""

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from bigcode_optout.accounts.github import client
from bigcode_optout.claims import queries, services, steps
from bigcode_optout.claims.models import Claim, Proof
from bigcode_optout.core.errors import Missing
from bigcode_optout.githubapi import Deadline
from bigcode_optout.names import parse
from tests.builders import make_persona, make_user

pytestmark = pytest.mark.django_db
STEPS = {"organisation": steps.prove_organisation, "repository": steps.prove_repository}


def prove(sandbox, login, text, *, scopes="", user=None):
    """The person claims `text`, and comes back from GitHub with a token of that scope. Returns claim and sentence."""
    user = user or make_persona(sandbox, login)
    claim = services.make_claim(by=user, name=parse(text))
    token = sandbox.world.issue_token(login, scopes).value
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    request._messages = FallbackStorage(request)
    viewer = client().viewer(token)
    response = STEPS[claim.kind](request, viewer, token, Deadline(3), str(claim.pk))
    assert response.status_code == 302
    [message] = list(request._messages)
    return Claim.objects.filter(user=user, kind=claim.kind).get(), str(message)


def test_an_owner_of_the_organisation_has_proven_it_by_number(sandbox):
    claim, sentence = prove(sandbox, "hale-ostrander", "NORRVIK-instruments", scopes="read:org")
    assert queries.is_proven(claim)
    assert claim.subject_id == sandbox.world.account("norrvik-instruments").id
    assert claim.name == "norrvik-instruments"
    assert sentence == "GitHub says you are an owner of norrvik-instruments."
    assert claim.proofs.get().evidence["role"] == "admin"


def test_a_member_is_not_an_owner_and_reads_what_to_do(sandbox):
    claim, sentence = prove(sandbox, "wren-abernathy", "norrvik-instruments", scopes="read:org")
    assert not queries.is_proven(claim)
    assert sentence == (
        "You are a member of norrvik-instruments, not an owner. An owner can ask, or a reviewer decides."
    )


def test_an_open_invitation_proves_nothing(sandbox):
    claim, sentence = prove(sandbox, "ottilie-grange", "norrvik-instruments", scopes="read:org")
    assert not queries.is_proven(claim)
    assert "invitation" in sentence


def test_without_the_scope_the_page_says_what_happened(sandbox):
    claim, sentence = prove(sandbox, "hale-ostrander", "norrvik-instruments")
    assert not queries.is_proven(claim)
    assert sentence.startswith("You did not let us read your organisations")


def test_an_organisation_that_one_has_nothing_to_do_with_is_not_proven(sandbox):
    claim, sentence = prove(sandbox, "quillon-marsh", "norrvik-instruments", scopes="read:org")
    assert not queries.is_proven(claim)
    assert sentence == "GitHub does not list quillon-marsh as a member of norrvik-instruments."


def test_an_organisation_that_blocks_the_app_is_told_and_can_be_tried_again(sandbox):
    sandbox.faults.add(path=r"/user/memberships", kind="forbidden_policy", times=1)
    user = make_persona(sandbox, "hale-ostrander")
    claim, sentence = prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    assert not queries.is_proven(claim)
    assert sentence.endswith("You can try again.")
    assert claim.proofs.get().outcome == Proof.Outcome.UNAVAILABLE
    again, _ = prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    assert queries.is_proven(again)


@pytest.mark.parametrize("kind", ["server_error", "primary_limit", "not_json"])
def test_when_github_does_not_answer_the_claim_stays_and_nothing_is_lost(sandbox, kind):
    sandbox.faults.add(path=r"/user/memberships", kind=kind, times=1)
    claim, sentence = prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org")
    assert not queries.is_proven(claim)
    assert sentence.endswith("You can try again.")


def test_silence_later_does_not_undo_a_proof(sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    sandbox.faults.add(path=r"/user/memberships", kind="server_error", times=1)
    claim, _ = prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    assert queries.is_proven(claim)
    assert claim.proofs.count() == 2


def test_who_lost_the_role_is_not_proven_any_more(sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    sandbox.world.set_membership("norrvik-instruments", "hale-ostrander", role="member", state="active")
    claim, _ = prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    assert not queries.is_proven(claim)


def test_who_administers_a_repository_has_proven_it_by_number(sandbox):
    name = "norrvik-instruments/field-recorder-firmware"
    claim, sentence = prove(sandbox, "odalys-brook", name.upper())
    assert queries.is_proven(claim)
    assert claim.subject_id == sandbox.world.repository(name).id
    assert sentence == f"GitHub says you administer {name}."


def test_reading_a_public_repository_is_no_authority(sandbox):
    claim, sentence = prove(sandbox, "quillon-marsh", "norrvik-instruments/field-recorder-firmware")
    assert not queries.is_proven(claim)
    assert "does not say that you administer" in sentence


def test_a_repository_that_does_not_exist_is_told(sandbox):
    claim, sentence = prove(sandbox, "quillon-marsh", "norrvik-instruments/no-such-thing")
    assert (queries.is_proven(claim), claim.subject_id) == (False, None)
    assert sentence == "GitHub shows no public repository norrvik-instruments/no-such-thing."


def test_a_claim_of_another_person_cannot_be_proven_through_ones_own_session(sandbox):
    stranger = make_user(502, "tern-hollow")
    theirs = services.make_claim(by=stranger, name=parse("norrvik-instruments"))
    request = RequestFactory().get("/")
    request.user = make_persona(sandbox, "hale-ostrander")
    token = sandbox.world.issue_token("hale-ostrander", "read:org").value
    with pytest.raises(Missing):
        steps.prove_organisation(request, client().viewer(token), token, Deadline(3), str(theirs.pk))
    assert not theirs.proofs.exists()


def test_one_organisation_under_two_names_is_one_claim(sandbox):
    user = make_persona(sandbox, "hale-ostrander")
    prove(sandbox, "hale-ostrander", "norrvik-instruments", scopes="read:org", user=user)
    sandbox.world.rename_account("norrvik-instruments", "norrvik")
    claim, _ = prove(sandbox, "hale-ostrander", "norrvik", scopes="read:org", user=user)
    assert claim.name == "norrvik"
