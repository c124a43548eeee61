"""What belongs to another owner by now goes back to a reviewer with a mail, never silently on a list or off it."""

import pytest

from bigcode_optout.claims import services as claims
from bigcode_optout.claims.models import Proof
from bigcode_optout.claims.telling import tell
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.names import split_full_name
from bigcode_optout.releases import readiness, services
from bigcode_optout.releases.models import Recheck
from bigcode_optout.removals import services as removals
from bigcode_optout.removals import two_people
from bigcode_optout.removals.deciding import declining
from bigcode_optout.removals.models import Decision, RemovalRequest, ScopeItem
from bigcode_optout.removals.reassessing import reassess
from tests.builders import (
    make_persona,
    make_reviewer,
    processed_request,
)
from tests.releases.builders import planned
from tests.releases.preparing_cases import WHO, outcomes, prepare, rules_of

pytestmark = pytest.mark.django_db
Outcome = Recheck.Outcome


def test_a_single_repository_that_was_given_away_goes_back_to_a_reviewer_with_a_mail(single, owned, sandbox):
    release = planned()
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    done = prepare(release)
    assert outcomes(done) == {("repository", f"{WHO}/{owned[0].name}"): Outcome.MOVED}
    single.refresh_from_db()
    item = single.items.get()
    assert (single.state, item.state, item.proof_state) == ("in_review", "open", "contradicted")
    assert "other_owner" in item.assessment["guards"] and single.due_at > clock.now()
    assert [event.request for event in readiness.told_of(done)] == [single]
    mail = single.mails.get(kind="contradicted")
    assert mail.subject == f"A part of your request {single.reference} is looked at again"
    assert f"- {WHO}/{owned[0].name}\n" in mail.body and "What happens next: a reviewer decides" in mail.body
    assert "low-tide-club" not in mail.body
    assert rules_of(release) == set()


def test_of_an_owner_only_the_repository_that_was_given_away_is_in_doubt(everything, owned, sandbox):
    release = planned()
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    done = prepare(release)
    assert outcomes(done)["repository", f"{WHO}/{owned[0].name}"] == Outcome.MOVED
    everything.refresh_from_db()
    owner, part = everything.items.get(kind="owner"), everything.items.get(kind="repository")
    assert (everything.state, owner.state, part.state) == ("in_review", "accepted", "open")
    assert (part.repository_id, part.owner_id) == (owned[0].id, owner.owner_id)
    assert part.located.count() == 1
    rules = rules_of(release)
    assert ("owner", WHO, None, None) in rules
    assert owned[0].id not in {rule[2] for rule in rules}


def test_what_a_reviewer_decided_once_is_not_brought_up_again(single, owned, sandbox):
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    release = planned()
    prepare(release)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    removals.decide(by=make_reviewer(), request_id=single.pk, verdicts={single.items.get().pk: accept})
    prepare(release)
    single.refresh_from_db()
    assert single.state == "accepted"
    assert single.mails.filter(kind="contradicted").count() == 1
    assert owned[0].id in {rule[2] for rule in rules_of(release)}


def test_given_on_to_a_third_owner_it_is_a_new_contradiction(single, owned, sandbox):
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    release = planned()
    prepare(release)
    accept = removals.ItemVerdict(Decision.Verdict.ACCEPT, Decision.Reason.CONTROL_SHOWN)
    removals.decide(by=make_reviewer(), request_id=single.pk, verdicts={single.items.get().pk: accept})
    sandbox.world.transfer_repository(f"low-tide-club/{owned[0].name}", "norrvik-instruments")
    prepare(release)
    single.refresh_from_db()
    assert single.state == "in_review"


def test_no_rule_accepts_what_was_contradicted_though_there_is_news(single, owned, sandbox):
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    prepare(planned())
    sandbox.world.transfer_repository(f"low-tide-club/{owned[0].name}", WHO)
    claims.resolve(repository_ids=[owned[0].id])
    tell(by=single.requester, claim_id=single.items.get().claim_id, text="It is mine again.", links=[])
    reassess(request_id=single.pk)
    single.refresh_from_db()
    assert single.state == "in_review"


def test_what_stands_on_a_frozen_list_is_doubted_and_the_next_freeze_waits_for_the_decision(
    single, owned, sandbox
):
    first = planned("v3.1")
    services.freeze(release_id=first.pk, by=None)
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    release = planned("v3.2")
    prepare(release)
    single.refresh_from_db()
    assert single.state == "in_review" and single.items.get().frozen_at
    with pytest.raises(Conflict, match=f"reviewer has to decide first: {single.reference}"):
        services.freeze(release_id=release.pk, by=None)
    declined = declining(single.pk, Decision.Reason.INSUFFICIENT_PROOF)
    proposal = two_people.propose(by=make_reviewer(), request_id=single.pk, verdicts=declined)
    two_people.confirm(by=make_reviewer("m.orr"), request_id=single.pk, proposal_id=proposal.pk)
    assert rules_of(release) == set()
    first.refresh_from_db()
    assert len(services.rules_of(first)) == 1


def test_one_who_administers_a_repository_of_others_is_asked_about_its_owner(owned, sandbox):
    user = make_persona(sandbox, WHO)
    full_name = "norrvik-instruments/field-recorder-firmware"
    there = sandbox.world.repository(full_name)
    claim = claims.make_claim(by=user, name=split_full_name(full_name))
    claim = claims.name_subject(claim=claim, subject_id=there.id, name=full_name)
    evidence = {"repository_id": there.id, "owner_id": there.owner_id, "admin": True}
    claims.record_proof(
        claim=claim,
        method=Proof.Method.PERMISSION,
        outcome=Proof.Outcome.PROVEN,
        evidence=evidence,
        sentence="GitHub says you administer it.",
    )
    request = processed_request(user, [full_name], claim=claim)
    assert request.state == "accepted"
    sandbox.world.transfer_repository(full_name, "low-tide-club")
    prepare(planned())
    request.refresh_from_db()
    assert request.state == "in_review"


def test_a_repository_without_a_number_is_asked_about_by_its_name(single, owned, sandbox):
    single.items.update(repository_id=None)
    release = planned()
    assert outcomes(prepare(release)) == {("name", f"{WHO}/{owned[0].name}"): Outcome.SAME}
    sandbox.world.replace_account(WHO, id=88_000_003, created_at="2026-10-01T00:00:00Z")
    sandbox.world.add_repository(f"{WHO}/{owned[0].name}", id=99_000_001)
    prepare(release)
    single.refresh_from_db()
    assert (single.state, single.items.get().state) == ("in_review", "open")


def test_a_request_that_waits_for_an_answer_comes_back_with_its_clock_running(single, owned, sandbox):
    reviewer = make_reviewer()
    other = ScopeItem.objects.create(
        request=single,
        claim=single.items.get().claim,
        kind="repository",
        name=f"{WHO}/asked-about",
        owner_id=1,
    )
    RemovalRequest.objects.filter(pk=single.pk).update(state="in_review")
    removals.ask(by=reviewer, request_id=single.pk, question="Whose is it?")
    sandbox.world.transfer_repository(f"{WHO}/{owned[0].name}", "low-tide-club")
    prepare(planned())
    single.refresh_from_db()
    assert (single.state, single.clock_stopped_at) == ("in_review", None)
    assert other.decisions.count() == 0
