"""Each fault of GitHub at the one-time code, at a second owner's link and between two calls of one call-back."""

import datetime as dt

import pytest
import time_machine

from bigcode_optout.claims import challenges, queries, services, tasks
from bigcode_optout.claims.models import Challenge, Claim, MemberCount, Proof
from bigcode_optout.names import parse
from bigcode_optout.removals import inviting
from tests.builders import make_persona, make_user, the_stack
from tests.claims.test_faults_of_github import FAULTS, SENSELESS, come_in, little_patience, prove
from tests.pages.reading import text_of
from tests.removals.owning import owner_claim_of, request_over

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HARROW, NORRVIK = "harrow-and-pine", "norrvik-instruments"
WRONG_SHAPE = {"wrong shape": ("wrong_shape", {}, SENSELESS)}
EVERY = FAULTS | WRONG_SHAPE
GONE = {"404": ("not_found", {}, "")}
# Without anybody's token it is the site itself that GitHub does not let in.
OURS = "GitHub refused this site’s own registration. Nothing is wrong with your account."
IN_PUBLIC = EVERY | GONE | {"401": ("unauthorized", {}, OURS)}


@pytest.fixture(autouse=True)
def _desk(db, settings):
    the_stack()
    settings.GITHUB_PROOF_BUDGET_SECONDS = settings.GITHUB_SIGN_IN_BUDGET_SECONDS = 10.0


@pytest.fixture
def ansel(sandbox, client):
    user = make_persona(sandbox, "ansel-thorncroft")
    client.force_login(user, backend=BACKEND)
    return user


@pytest.mark.parametrize("fault", IN_PUBLIC)
def test_no_code_is_given_out_the_page_says_why_and_the_next_press_gives_one(
    sandbox, settings, client, ansel, fault
):
    kind, options, sentence = IN_PUBLIC[fault]
    claim = services.make_claim(by=ansel, name=parse(HARROW))
    page = f"/claims/{claim.pk}/profile-code/"
    sandbox.faults.add(f"/orgs/{HARROW}", kind, **options)
    with little_patience(settings, fault):
        text = text_of(client.post(page, follow=True))
    assert (sentence or f"GitHub shows no organisation {HARROW}. Check the name.") in text
    assert not Challenge.objects.exists()
    assert Claim.objects.get(pk=claim.pk).subject_id is None
    sandbox.faults.clear()
    # Where GitHub asks to wait, it is not asked before that.
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        client.post(page)
    assert Challenge.objects.get().code in text_of(client.get(page))


@pytest.mark.parametrize("fault", IN_PUBLIC)
def test_a_look_for_the_code_that_fails_is_told_on_its_page_and_the_code_still_works(
    sandbox, client, ansel, fault, monkeypatch
):
    kind, options, sentence = IN_PUBLIC[fault]
    claim = services.make_claim(by=ansel, name=parse(HARROW))
    challenge = challenges.issue_for_profile(by=ansel, claim_id=claim.pk)
    sandbox.world.edit_profile(HARROW, description=challenge.code)
    sandbox.faults.add(f"/orgs/{HARROW}", kind, **options)
    with monkeypatch.context() as patience:
        if fault == "time-out":
            patience.setattr("bigcode_optout.githubapi.client.BACKGROUND_SECONDS", 0.4)
        tasks.check_challenge(challenge.pk)
    text = text_of(client.get(f"/claims/{claim.pk}/profile-code/"))
    challenge.refresh_from_db()
    assert challenge.is_live and challenge.finding
    assert sentence in text and challenge.finding in text and challenge.code in text
    assert not queries.is_proven(claim)
    sandbox.faults.clear()
    with time_machine.travel(challenge.next_check_at + dt.timedelta(seconds=1)):
        tasks.check_challenges()
    assert queries.is_proven(Claim.objects.get(pk=claim.pk))


@pytest.fixture
def invitation(sandbox):
    """wren-abernathy, a member, asked for all of norrvik-instruments and has a link for an owner."""
    asker = make_user(501, "otter-quay")
    number = sandbox.world.account(NORRVIK).id
    owner_claim_of(asker, role="member", organisation_id=number, name=NORRVIK)
    request = request_over(asker)
    return inviting.invite(by=asker, reference=request.reference, claim_id=request.items.get().claim_id)


@pytest.mark.parametrize("fault", EVERY)
def test_a_second_owner_reads_what_happened_keeps_the_link_and_can_confirm_afterwards(
    sandbox, settings, invitation, fault
):
    kind, options, sentence = EVERY[fault]
    link = f"/second-owner/{inviting.code_of(invitation)}/"
    browser = come_in("hale-ostrander")
    sandbox.faults.add("/user/memberships/", kind, **options)
    with little_patience(settings, fault):
        text = show_role(browser, link)
    assert sentence in text
    assert "otter-quay" not in text
    assert not sandbox.world.grants.tokens
    assert browser.desk.post(link, {"do": "confirm"}).status_code == 403
    invitation.refresh_from_db()
    assert (invitation.ended_at, invitation.request.confirmations.count()) == (None, 0)

    sandbox.faults.clear()
    assert "otter-quay asks that this is left out" in show_role(browser, link)
    browser.desk.post(link, {"do": "confirm"})
    assert invitation.request.confirmations.count() == 1


def show_role(browser, link):
    """Ask GitHub for the role from the link's page; what is read on the way back."""
    away = browser.leave_for_github(link, do="ask")
    back = browser.come_back(away, "hale-ostrander", granted="read:org")
    return text_of(browser.desk.get(back, follow=True))


def test_a_membership_in_a_wrong_shape_is_told_and_proves_nothing(sandbox):
    browser = come_in("hale-ostrander")
    sandbox.faults.add("/user/memberships/", "wrong_shape")
    assert SENSELESS in prove(browser, "hale-ostrander", "/requests/new/organisation/", NORRVIK)
    claim = Claim.objects.get(user=browser.user, kind="organisation")
    assert claim.proofs.get().outcome == Proof.Outcome.UNAVAILABLE


@pytest.mark.parametrize("fault", [*EVERY, "404", "10,000 pages"])
def test_the_role_stands_when_the_members_cannot_be_counted_and_their_number_stays_unknown(
    sandbox, settings, fault
):
    more = GONE | {"10,000 pages": ("endless_pages", {}, "")}
    kind, options, _ = (EVERY | more)[fault]
    browser = come_in("hale-ostrander")
    sandbox.faults.add(f"/orgs/{NORRVIK}/members", kind, **{**options, "times": None})
    # Silence is waited for until the budget of the call-back is spent.
    settings.GITHUB_PROOF_BUDGET_SECONDS = 1.5 if fault == "time-out" else 10.0
    text = prove(browser, "hale-ostrander", "/requests/new/organisation/", NORRVIK)
    assert f"GitHub says you are an owner of {NORRVIK}." in text
    claim = Claim.objects.get(user=browser.user, kind="organisation")
    assert queries.is_proven(claim)
    assert not MemberCount.objects.filter(organisation_id=claim.subject_id, is_whole=True).exists()
    assert not sandbox.world.grants.tokens
