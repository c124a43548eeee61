import pytest
from django.http import HttpResponse

from bigcode_optout.accounts import token_steps
from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.core.errors import Conflict
from bigcode_optout.githubapi import Unavailable
from tests.accounts.browser import Browser, query_of


@pytest.fixture
def steps(monkeypatch):
    known = {}
    monkeypatch.setattr(token_steps, "_steps", known)
    return known


@pytest.fixture
def taken(steps):
    """A registered step that notes what it was called with."""
    calls = []

    def run(request, viewer, token, deadline, subject):
        calls.append((request.user, viewer, token, deadline, subject))
        return HttpResponse("done")

    token_steps.register("organisation", run)
    return calls


def begin(browser, *, scope="read:org", subject="17"):
    return token_steps.start(browser.request(), name="organisation", scope=scope, subject=subject)["location"]


def test_a_step_is_taken_with_the_token_the_subject_and_one_budget(github, browser, taken, settings):
    browser.sign_in("hale-ostrander")
    response = browser.desk.get(browser.come_back(begin(browser), "hale-ostrander", granted="read:org"))
    assert response.content == b"done"
    ((user, viewer, token, deadline, subject),) = taken
    assert user == browser.user
    assert viewer.account.login == "hale-ostrander"
    assert viewer.granted_scopes == {"read:org"}
    assert token.startswith("gho_")
    assert deadline.seconds == settings.GITHUB_PROOF_BUDGET_SECONDS
    assert subject == "17"


def test_only_the_scope_of_the_step_is_asked(github, browser, taken):
    browser.sign_in("hale-ostrander")
    assert query_of(begin(browser))["scope"] == "read:org"
    assert query_of(begin(browser, scope=""))["scope"] == ""


def test_the_token_is_void_after_the_step_and_good_during_it(github, browser, steps):
    alive = []

    def run(request, viewer, token, deadline, subject):
        alive.append(token in github.world.grants.tokens)
        return HttpResponse()

    token_steps.register("organisation", run)
    browser.sign_in("hale-ostrander")
    browser.desk.get(browser.come_back(begin(browser), "hale-ostrander"))
    assert alive == [True]
    assert not github.world.grants.tokens


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError(), 500), (Unavailable(), 503), (Conflict("taken", "It is taken."), 409)],
)
def test_the_token_is_void_also_when_the_step_fails(github, browser, steps, error, status):
    def run(request, viewer, token, deadline, subject):
        raise error

    token_steps.register("organisation", run)
    browser.sign_in("hale-ostrander")
    assert browser.desk.get(browser.come_back(begin(browser), "hale-ostrander")).status_code == status
    assert not github.world.grants.tokens


def test_a_step_changes_neither_who_is_signed_in_nor_what_is_joined(github, browser, taken):
    browser.sign_in("hale-ostrander")
    session, before = browser.desk.session.session_key, GitHubIdentity.objects.get()
    browser.desk.get(browser.come_back(begin(browser), "hale-ostrander"))
    assert browser.desk.session.session_key == session
    assert GitHubIdentity.objects.get().seen_at == before.seen_at


def test_coming_back_with_an_account_of_somebody_else_is_refused(github, browser, taken):
    Browser().sign_in("sunniva-dahl")
    browser.sign_in("hale-ostrander")
    person = browser.user
    response = browser.desk.get(browser.come_back(begin(browser), "sunniva-dahl", granted="read:org"))
    assert response.status_code == 403
    assert "another account" in response.content.decode()
    assert not taken
    assert browser.user == person
    assert not github.world.grants.tokens


def test_coming_back_with_an_account_nobody_knows_is_refused_and_not_joined(github, browser, taken):
    browser.sign_in("hale-ostrander")
    assert browser.desk.get(browser.come_back(begin(browser), "sunniva-dahl")).status_code == 403
    assert GitHubIdentity.objects.count() == 1


def test_any_of_the_persons_accounts_will_do_and_can_be_chosen(github, browser, taken):
    browser.sign_in("hale-ostrander")
    browser.join("sunniva-dahl")
    away = begin(browser)
    assert query_of(away)["prompt"] == "select_account"
    browser.desk.get(browser.come_back(away, "sunniva-dahl"))
    assert taken[0][1].account.login == "sunniva-dahl"


def test_a_step_is_not_taken_after_signing_out(github, browser, taken):
    browser.sign_in("hale-ostrander")
    back = browser.come_back(begin(browser), "hale-ostrander")
    browser.desk.post("/sign-out/")
    assert browser.desk.get(back).status_code == 400
    assert not taken


def test_a_step_begun_by_one_person_is_not_taken_by_another(github, browser, taken):
    browser.sign_in("hale-ostrander")
    back = browser.come_back(begin(browser), "hale-ostrander")
    states = browser.desk.session["socialaccount_states"]
    other = Browser()
    other.sign_in("sunniva-dahl")
    session = other.desk.session
    session["socialaccount_states"] = states
    session.save()
    assert other.desk.get(back).status_code == 400
    assert not taken


def test_a_plain_sign_in_never_ends_in_a_step(github, browser, taken):
    browser.sign_in("hale-ostrander", step="organisation", process="redirect")
    assert not taken


def test_an_unknown_step_is_not_begun(github, browser, steps):
    browser.sign_in("hale-ostrander")
    with pytest.raises(KeyError):
        begin(browser)


def test_a_name_stands_for_one_step(taken):
    with pytest.raises(ValueError, match="organisation"):
        token_steps.register("organisation", lambda *args: HttpResponse())
