"""Two people here become one only after both signed in in one browser, and only after they said yes."""

from datetime import timedelta

import pytest
import time_machine

from bigcode_optout.accounts.merging import merge_people
from bigcode_optout.accounts.models import GitHubIdentity, PersonMerge, User
from bigcode_optout.accounts.policies import are_same_person
from bigcode_optout.claims.models import Claim
from bigcode_optout.core import clock
from bigcode_optout.core.errors import Conflict
from bigcode_optout.removals import merging, services
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.removals.queries import requests_of
from tests.accounts.browser import Browser
from tests.builders import (
    account_claim,
    make_draft,
    make_reviewer,
    make_user,
    reviewed_by_person,
    submitted_request,
)

QUILLON, BRINDLE = 4117902, 1698341
pytestmark = pytest.mark.django_db


@pytest.fixture
def both(github, browser):
    """brindle-fenn with a request of its own, and quillon-marsh, who has just joined it."""
    Browser().sign_in("brindle-fenn")
    brindle = GitHubIdentity.objects.get(github_id=BRINDLE).user
    submitted_request(brindle, email="brindle@fen.example")
    browser.sign_in("quillon-marsh")
    response = browser.join("brindle-fenn")
    assert response["location"] == "/account/merge/"
    return browser, brindle


def page_of(browser, path="/account/merge/"):
    return browser.desk.get(path).content.decode()


def test_nothing_moves_before_the_yes_and_the_page_says_what_will(both):
    browser, brindle = both
    page = page_of(browser)
    assert "Make the two accounts one?" in page
    assert "One request moves to your account, with date, reference number and receipt as they are." in page
    assert "This cannot be undone here." in page
    brindle.refresh_from_db()
    assert brindle.is_active
    assert GitHubIdentity.objects.get(github_id=BRINDLE).user == brindle


def test_the_yes_moves_accounts_requests_and_claims_and_closes_the_other(both):
    browser, brindle = both
    person = browser.user
    assert browser.desk.post("/account/merge/", {"do": "merge"})["location"] == "/account/"
    assert list(person.identities.values_list("github_id", flat=True)) == [QUILLON, BRINDLE]
    [request] = requests_of(person)
    assert [event.code for event in request.events.all()] == ["submit", "join_people"]
    assert request.mails.get().address == "brindle@fen.example"
    assert not Claim.objects.filter(user=brindle).exists()
    brindle.refresh_from_db()
    assert not brindle.is_active
    assert not brindle.has_usable_password()
    assert are_same_person(brindle, person)
    merge = PersonMerge.objects.get()
    assert (merge.source, merge.target, merge.github_ids) == (brindle, person, [BRINDLE])
    assert "brindle-fenn and everything of it is joined" in page_of(browser, "/account/")


def test_either_account_opens_the_one_person_afterwards(both):
    browser, _ = both
    browser.desk.post("/account/merge/", {"do": "merge"})
    other = Browser()
    other.sign_in("brindle-fenn")
    assert other.user == browser.user


def test_sessions_of_the_closed_person_end(github, browser):
    other = Browser()
    other.sign_in("brindle-fenn")
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    browser.desk.post("/account/merge/", {"do": "merge"})
    assert other.desk.get("/requests/").status_code == 302
    assert not other.user.is_authenticated


def test_a_no_leaves_everything_as_it_is(both):
    browser, brindle = both
    browser.desk.post("/account/merge/", {"do": "keep"})
    assert "The two stay apart." in page_of(browser, "/account/")
    assert browser.desk.post("/account/merge/", {"do": "merge"})["location"] == "/account/"
    brindle.refresh_from_db()
    assert brindle.is_active
    assert not PersonMerge.objects.exists()


def test_the_question_is_open_for_ten_minutes(both):
    browser, _ = both
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert browser.desk.post("/account/merge/", {"do": "merge"}).status_code == 302
    assert not PersonMerge.objects.exists()


def test_the_page_is_nobodys_who_did_not_just_sign_in_twice(both):
    _, brindle = both
    stranger = Browser()
    stranger.sign_in("moss-kettering")
    assert stranger.desk.get("/account/merge/")["location"] == "/account/"
    assert stranger.desk.post("/account/merge/", {"do": "merge"}).status_code == 302
    assert stranger.desk.post("/account/merge/", {"do": "merge", "source": brindle.pk}).status_code == 302
    assert Browser().desk.get("/account/merge/")["location"].startswith("/sign-in/")
    assert not PersonMerge.objects.exists()


def test_another_person_in_the_same_browser_has_no_offer(both):
    browser, _ = both
    offer = browser.desk.session["merge_offer"]
    other = Browser()
    other.sign_in("moss-kettering")
    session = other.desk.session
    session["merge_offer"] = offer
    session.save()
    other.desk.post("/account/merge/", {"do": "merge"})
    assert not PersonMerge.objects.exists()


def test_the_yes_needs_the_forms_token(both):
    browser, _ = both
    browser.desk.handler.enforce_csrf_checks = True
    assert browser.desk.post("/account/merge/", {"do": "merge"}).status_code == 403


@pytest.mark.parametrize("who", ["source", "target"])
def test_staff_are_never_merged(github, browser, who):
    Browser().sign_in("brindle-fenn")
    browser.sign_in("quillon-marsh")
    number = BRINDLE if who == "source" else QUILLON
    User.objects.filter(identities__github_id=number).update(is_staff=True)
    assert browser.join("brindle-fenn")["location"] == "/account/"
    assert "never merged with another account" in page_of(browser, "/account/")
    assert not PersonMerge.objects.exists()


def make_pair() -> tuple[User, User]:
    return make_user(501, "otter-quay"), make_user(502, "tern-hollow")


def test_of_two_drafts_the_newer_stays_with_the_choices_of_both():
    target, source = make_pair()
    make_draft(target, ["otter-quay/kelp"], email="otter@quay.example")
    newer = make_draft(source, ["tern-hollow/reef"])
    merge_people(by=target, source_id=source.pk, github_id=502)
    draft = RemovalRequest.objects.get()
    assert (draft.pk, draft.requester, draft.email) == (newer.pk, target, "otter@quay.example")
    assert [item.name for item in draft.items.all()] == ["otter-quay/kelp", "tern-hollow/reef"]
    services.submit(by=target, draft_id=draft.pk)


def test_a_draft_alone_moves():
    target, source = make_pair()
    draft = make_draft(source)
    merge_people(by=target, source_id=source.pk, github_id=502)
    draft.refresh_from_db()
    assert draft.requester == target


def test_both_histories_say_so():
    target, source = make_pair()
    requests = [reviewed_by_person(target), reviewed_by_person(source)]
    merge_people(by=target, source_id=source.pk, github_id=502)
    for request in requests:
        event = request.events.last()
        assert (event.code, event.by, event.data) == (
            "join_people",
            target,
            {"from": source.pk, "to": target.pk},
        )


def test_the_same_claim_of_both_becomes_one_with_the_proofs_of_both():
    target, source = make_pair()
    for user in (target, source):
        claim = Claim.objects.create(user=user, kind="organisation", name="norrvik", subject_id=9)
        claim.proofs.create(
            method="membership",
            outcome="proven",
            sentence=user.username,
            checked_at=clock.now(),
            expires_at=clock.now(),
        )
    request = submitted_request(source, claim=claim)
    merge_people(by=target, source_id=source.pk, github_id=502)
    claim = Claim.objects.get(kind="organisation")
    assert claim.user == target
    assert sorted(proof.sentence for proof in claim.proofs.all()) == ["gh-501", "gh-502"]
    assert request.items.get().claim == claim


def test_a_member_of_staff_decides_on_nothing_of_either_sign_in():
    target, source = make_pair()
    reviewer = make_reviewer()
    reviewer.same_person_as = source
    reviewer.save()
    merge_people(by=target, source_id=source.pk, github_id=502)
    assert are_same_person(User.objects.get(pk=reviewer.pk), User.objects.get(pk=target.pk))
    assert are_same_person(User.objects.get(pk=reviewer.pk), User.objects.get(pk=source.pk))


def test_a_mark_of_the_closed_person_goes_along():
    target, source = make_pair()
    reviewer = make_reviewer()
    source.same_person_as = reviewer
    source.save()
    merge_people(by=target, source_id=source.pk, github_id=502)
    assert are_same_person(User.objects.get(pk=target.pk), reviewer)


def test_marks_of_two_members_of_staff_are_never_joined():
    target, source = make_pair()
    target.same_person_as, source.same_person_as = make_reviewer("one"), make_reviewer("two")
    target.save(), source.save()
    with pytest.raises(Conflict, match="different members of our staff"):
        merge_people(by=target, source_id=source.pk, github_id=502)
    assert source.identities.count() == 1


def test_a_second_merge_of_the_same_finds_nothing():
    target, source = make_pair()
    merge_people(by=target, source_id=source.pk, github_id=502)
    with pytest.raises(Conflict):
        merge_people(by=target, source_id=source.pk, github_id=502)
    with pytest.raises(Conflict):
        merge_people(by=source, source_id=target.pk, github_id=501)


def test_nothing_is_merged_for_a_like_name_or_address():
    target, source = make_user(501, "otter-quay"), make_user(502, "Otter-Quay")
    submitted_request(target, email="otter@quay.example")
    submitted_request(source, email="otter@quay.example")
    assert requests_of(target).count() == requests_of(source).count() == 1
    assert not merging.merge_duplicate(request_id=requests_of(source).get().pk)


def test_taking_an_account_away_leaves_what_was_sent_with_it(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    claim = Claim.objects.get(user=browser.user, subject_id=BRINDLE)
    request = submitted_request(browser.user, claim=claim)
    before = request.canonical_text
    away = browser.leave_for_github(f"/accounts/disconnect/{BRINDLE}/")
    browser.desk.get(browser.come_back(away, "brindle-fenn"))
    request.refresh_from_db()
    assert (request.state, request.canonical_text, request.items.get().claim) == ("submitted", before, claim)
    assert list(requests_of(browser.user)) == [request]
    assert account_claim(browser.user).subject_id == QUILLON


def test_what_is_chosen_in_either_draft_stays_chosen_with_the_kinds_of_both():
    target, source = make_pair()
    target_claim = Claim.objects.get(user=target, kind="account")
    make_draft(target, ["otter-quay/kelp"], commits=False, issues=False)
    make_draft(source, ["tern-hollow/reef"], files=False, issues=False)
    RemovalRequest.objects.get(requester=source).items.update(
        name="otter-quay/kelp", name_key="otter-quay/kelp", claim=target_claim
    )
    merge_people(by=target, source_id=source.pk, github_id=502)
    assert RemovalRequest.objects.get().items.get().kinds == ["files", "commits"]
