"""One-time codes: in an organisation's public profile a proof, in a file evidence; read without anybody's token."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from bigcode_optout.claims import challenges, queries, services, tasks
from bigcode_optout.claims.models import Challenge, Claim, Proof
from bigcode_optout.core.errors import Conflict, Missing, Refused
from bigcode_optout.githubapi import NotFound, Unavailable
from bigcode_optout.names import parse, parse_repository
from tests.builders import make_persona, make_user

pytestmark = pytest.mark.django_db
HARROW = "harrow-and-pine"


@pytest.fixture
def ansel(sandbox):
    """An owner whose organisation keeps sites out."""
    return make_persona(sandbox, "ansel-thorncroft")


def claimed(user, text=HARROW) -> Claim:
    return services.make_claim(by=user, name=parse(text))


def issued(user, text=HARROW) -> Challenge:
    return challenges.issue_for_profile(by=user, claim_id=claimed(user, text).pk)


def later(**delta):
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(**delta))


@pytest.mark.parametrize("field", ["description", "blog", "location"])
def test_a_code_in_the_public_profile_proves_the_claim_by_number_without_any_token(sandbox, ansel, field):
    challenge = issued(ansel)
    sandbox.world.edit_profile(HARROW, **{field: f"Seeds. {challenge.code.upper()} Trees."})
    sandbox.requests.clear()
    tasks.check_challenge(challenge.pk)
    challenge.refresh_from_db()
    assert (challenge.end, challenge.is_live) == (Challenge.End.FOUND, False)
    proof = challenge.claim.proofs.get()
    assert (proof.method, proof.outcome) == (Proof.Method.PROFILE_CODE, Proof.Outcome.PROVEN)
    assert proof.evidence == {
        "organisation_id": sandbox.world.account(HARROW).id,
        "login": HARROW,
        "field": field,
    }
    assert queries.is_proven(challenge.claim)
    [asked] = sandbox.requests.rows()
    assert asked["path"].endswith(f"/orgs/{HARROW}")


def test_a_found_code_works_once_and_may_be_taken_down(sandbox, ansel):
    challenge = issued(ansel)
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    tasks.check_challenge(challenge.pk)
    tasks.check_challenge(challenge.pk)
    assert challenge.claim.proofs.count() == 1
    sandbox.world.edit_profile(HARROW, description="Seeds.")
    tasks.check_challenges()
    assert queries.is_proven(Claim.objects.get(pk=challenge.claim_id))


def test_another_persons_code_proves_nothing_for_me(sandbox, ansel):
    mine, theirs = issued(ansel), issued(make_user(502, "tern-hollow"))
    sandbox.world.edit_profile(HARROW, description=theirs.code)
    tasks.check_challenge(mine.pk)
    mine.refresh_from_db()
    assert mine.is_live and not mine.claim.proofs.exists()
    assert mine.finding == "The public profile of harrow-and-pine does not have the code."


def test_a_name_that_became_another_organisations_proves_nothing_and_says_so(sandbox, ansel):
    challenge = issued(ansel)
    sandbox.world.rename_account(HARROW, "harrow")
    sandbox.world.add_account(HARROW, id=990001, type="Organization")
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    tasks.check_challenge(challenge.pk)
    challenge.refresh_from_db()
    assert challenge.end == Challenge.End.OTHER_SUBJECT
    assert "another organisation by now" in challenge.finding
    assert not challenge.claim.proofs.exists()
    with pytest.raises(Conflict, match="another organisation"):
        challenges.issue_for_profile(by=ansel, claim_id=challenge.claim_id)


def test_a_code_is_good_for_seven_days(sandbox, ansel):
    challenge = issued(ansel)
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    with later(days=7, minutes=1):
        tasks.check_challenges()
        challenge.refresh_from_db()
        assert challenge.end == Challenge.End.EXPIRED
        assert not challenge.claim.proofs.exists()
        assert issued(ansel).code != challenge.code


def test_asking_again_gives_the_same_code_and_the_database_keeps_one_alive(ansel):
    challenge = issued(ansel)
    assert issued(ansel) == challenge
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.create(
            claim=challenge.claim,
            place="profile",
            code="another",
            subject_id=1,
            name="x",
            made_at=challenge.made_at,
            expires_at=challenge.expires_at,
            next_check_at=challenge.made_at,
        )


def test_codes_are_random_and_long(ansel):
    codes = {challenges.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {len("bigcode-optout-") + 16}


def test_the_sweep_looks_by_itself_every_few_minutes_and_nobody_asks_in_between(sandbox, ansel):
    challenge = issued(ansel)
    sandbox.requests.clear()
    tasks.check_challenges()
    assert sandbox.requests.rows() == []
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    with later(minutes=11):
        tasks.check_challenges()
    assert queries.is_proven(Claim.objects.get(pk=challenge.claim_id))


def test_when_github_asks_to_wait_the_code_waits_and_the_sweep_stops(sandbox, ansel):
    first, second = issued(ansel), issued(make_persona(sandbox, "hale-ostrander"), "low-tide-club")
    Challenge.objects.update(next_check_at=first.made_at)
    sandbox.faults.add(path=r"/orgs/", kind="primary_limit", times=1)
    sandbox.requests.clear()
    tasks.check_challenges()
    assert len(sandbox.requests.rows()) <= 1
    live = Challenge.objects.filter(ended_at=None)
    assert live.count() == 2
    assert max(one.next_check_at for one in live) > dt.datetime.now(dt.UTC)
    assert second.is_live


@pytest.mark.parametrize("kind", ["server_error", "not_json", "timeout"])
def test_silence_is_said_and_the_next_look_succeeds(sandbox, ansel, kind, monkeypatch):
    challenge = issued(ansel)
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    if kind == "timeout":
        monkeypatch.setattr("bigcode_optout.githubapi.client.BACKGROUND_SECONDS", 0.3)
    sandbox.faults.add(path=r"/orgs/", kind=kind, times=1)
    tasks.check_challenge(challenge.pk)
    challenge.refresh_from_db()
    assert challenge.is_live and challenge.finding.startswith("GitHub")
    tasks.check_challenge(challenge.pk)
    assert queries.is_proven(Claim.objects.get(pk=challenge.claim_id))


def test_no_code_is_given_out_while_github_is_silent_or_knows_no_such_organisation(sandbox, ansel):
    sandbox.faults.add(path=r"/orgs/", kind="server_error", times=1)
    with pytest.raises(Unavailable):
        issued(ansel)
    with pytest.raises(NotFound):
        issued(ansel, "no-such-organisation")
    assert not Challenge.objects.exists()


def test_looking_now_is_for_the_codes_own_person_while_it_lives(sandbox, ansel):
    challenge = issued(ansel)
    with pytest.raises(Missing):
        challenges.ask_to_look(by=make_user(), challenge_id=challenge.pk)
    asked = challenges.ask_to_look(by=ansel, challenge_id=challenge.pk)
    assert asked.is_waiting and asked.pk in challenges.due()
    tasks.check_challenge(challenge.pk)
    challenge.refresh_from_db()
    assert not challenge.is_waiting
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    tasks.check_challenge(challenge.pk)
    with pytest.raises(Conflict):
        challenges.ask_to_look(by=ansel, challenge_id=challenge.pk)


def test_nobody_gets_a_code_for_somebody_elses_claim_or_for_an_account(sandbox, ansel):
    claim = claimed(ansel)
    with pytest.raises(Missing):
        challenges.issue_for_profile(by=make_user(), claim_id=claim.pk)
    account = Claim.objects.get(user=ansel, kind="account")
    with pytest.raises(Missing):
        challenges.issue_for_profile(by=ansel, claim_id=account.pk)


def test_a_file_in_a_repository_is_kept_as_evidence_and_proves_nothing(sandbox):
    odalys = make_persona(sandbox, "odalys-brook")
    claim = claimed(odalys, "norrvik-instruments")
    name = "norrvik-instruments/field-recorder-firmware"
    challenge = challenges.issue_for_file(by=odalys, claim_id=claim.pk, repository=parse_repository(name))
    tasks.check_challenge(challenge.pk)
    challenge.refresh_from_db()
    assert challenge.finding == f"{name} has no file bigcode-optout.txt on its default branch."
    sandbox.world.write_file(name, "bigcode-optout.txt", f"{challenge.code}\n")
    tasks.check_challenge(challenge.pk)
    proof = claim.proofs.get()
    assert (proof.method, proof.outcome) == (Proof.Method.REPOSITORY_FILE, Proof.Outcome.EVIDENCE)
    assert proof.evidence["repository_id"] == sandbox.world.repository(name).id
    assert not queries.is_proven(claim)


def test_evidence_of_a_file_undoes_no_proof(sandbox):
    odalys = make_persona(sandbox, "odalys-brook")
    name = "norrvik-instruments/field-recorder-firmware"
    claim = claimed(odalys, name)
    claim = services.name_subject(claim=claim, subject_id=sandbox.world.repository(name).id, name=name)
    services.record_proof(
        claim=claim,
        method=Proof.Method.PERMISSION,
        outcome=Proof.Outcome.PROVEN,
        evidence={"admin": True},
        sentence="GitHub says you administer it.",
    )
    challenge = challenges.issue_for_file(by=odalys, claim_id=claim.pk, repository=parse_repository(name))
    sandbox.world.write_file(name, "bigcode-optout.txt", challenge.code)
    tasks.check_challenge(challenge.pk)
    assert claim.proofs.count() == 2
    assert queries.is_proven(Claim.objects.get(pk=claim.pk))


def test_a_file_counts_in_a_repository_of_the_claim_only_and_of_the_same_number(sandbox):
    hale = make_persona(sandbox, "hale-ostrander")
    claim = claimed(hale, "norrvik-instruments")
    with pytest.raises(Refused, match="does not belong"):
        challenges.issue_for_file(
            by=hale, claim_id=claim.pk, repository=parse_repository("low-tide-club/shared-lab")
        )
    name = "norrvik-instruments/field-recorder-firmware"
    challenge = challenges.issue_for_file(by=hale, claim_id=claim.pk, repository=parse_repository(name))
    Challenge.objects.filter(pk=challenge.pk).update(subject_id=4)
    sandbox.world.write_file(name, "bigcode-optout.txt", challenge.code)
    tasks.check_challenge(challenge.pk)
    challenge.refresh_from_db()
    assert challenge.end == Challenge.End.OTHER_SUBJECT
    assert not claim.proofs.exists()
