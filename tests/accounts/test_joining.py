from allauth.socialaccount.models import SocialAccount

from bigcode_optout.accounts.models import GitHubIdentity, User
from tests.accounts.browser import Browser, query_of

QUILLON, BRINDLE = 4117902, 1698341


def numbers_of(browser):
    return list(browser.user.identities.values_list("github_id", flat=True))


def test_a_second_account_is_joined_to_the_same_person(github, browser):
    browser.sign_in("quillon-marsh")
    person = browser.user
    assert browser.join("brindle-fenn")["location"] == "/account/"
    assert browser.user == person
    assert numbers_of(browser) == [QUILLON, BRINDLE]
    assert "brindle-fenn is joined to your account here." in browser.desk.get("/account/").content.decode()


def test_either_account_then_signs_the_person_in(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    other = Browser()
    other.sign_in("brindle-fenn")
    assert other.user == browser.user


def test_joining_lets_the_person_choose_the_account_and_asks_no_scope(github, browser):
    browser.sign_in("quillon-marsh")
    asked = query_of(browser.leave_for_github("/accounts/join/?scope=repo&next=https://evil.example/"))
    assert (asked["prompt"], asked["scope"]) == ("select_account", "")


def test_joining_what_is_joined_changes_nothing(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("quillon-marsh")
    assert numbers_of(browser) == [QUILLON]


def test_joining_needs_a_person(github, browser):
    assert browser.desk.post("/accounts/join/")["location"].startswith("/sign-in/?next=")
    assert browser.desk.get("/account/")["location"].startswith("/sign-in/?next=")


def test_a_joining_begun_by_one_person_is_not_finished_by_another(github, browser):
    browser.sign_in("quillon-marsh")
    back = browser.come_back(browser.leave_for_github("/accounts/join/"), "brindle-fenn")
    states = browser.desk.session["socialaccount_states"]
    other = Browser()
    other.sign_in("moss-kettering")
    session = other.desk.session
    session["socialaccount_states"] = states
    session.save()
    assert other.desk.get(back).status_code == 400
    assert not GitHubIdentity.objects.filter(github_id=BRINDLE).exists()


def test_the_account_page_shows_number_and_age(github, browser):
    browser.sign_in("quillon-marsh")
    page = browser.desk.get("/account/").content.decode()
    assert "quillon-marsh" in page
    assert str(QUILLON) in page
    assert "March 2013" in page


def test_a_joined_account_can_be_disconnected_with_its_grant(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    away = browser.leave_for_github(f"/accounts/disconnect/{BRINDLE}/")
    browser.desk.get(browser.come_back(away, "brindle-fenn"))
    assert numbers_of(browser) == [QUILLON]
    assert not SocialAccount.objects.filter(uid=str(BRINDLE)).exists()
    assert github.world.grants.granted(BRINDLE, "sandbox-client") is None
    other = Browser()
    other.sign_in("brindle-fenn")
    assert other.user != browser.user


def test_the_wrong_account_disconnects_nothing(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    away = browser.leave_for_github(f"/accounts/disconnect/{BRINDLE}/")
    assert browser.desk.get(browser.come_back(away, "quillon-marsh")).status_code == 403
    assert numbers_of(browser) == [QUILLON, BRINDLE]


def test_nothing_is_disconnected_while_github_cannot_withdraw_the_grant(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    github.faults.add("/grant", "server_error")
    away = browser.leave_for_github(f"/accounts/disconnect/{BRINDLE}/")
    assert browser.desk.get(browser.come_back(away, "brindle-fenn")).status_code == 503
    assert numbers_of(browser) == [QUILLON, BRINDLE]


def test_the_first_account_stays(github, browser):
    browser.sign_in("quillon-marsh")
    browser.join("brindle-fenn")
    assert browser.desk.post(f"/accounts/disconnect/{QUILLON}/").status_code == 409
    assert numbers_of(browser) == [QUILLON, BRINDLE]


def test_nobody_disconnects_somebody_elses_account(github, browser):
    Browser().sign_in("brindle-fenn")
    browser.sign_in("quillon-marsh")
    assert browser.desk.post(f"/accounts/disconnect/{BRINDLE}/").status_code == 404


def test_staff_with_a_joined_account_keep_their_rights_and_their_session(github, browser):
    staff = User.objects.create_user("desk-reviewer", password="a long password", is_staff=True)
    browser.desk.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    browser.join("brindle-fenn")
    staff.refresh_from_db()
    assert staff.is_staff
    assert numbers_of(browser) == [BRINDLE]
