import pytest


def test_the_sign_in_page_says_what_happens_and_has_one_button(browser):
    page = browser.desk.get("/sign-in/").content.decode()
    assert "No password, and we never see your code." in page
    assert "Sign in with GitHub" in page


def test_the_sign_in_page_keeps_where_one_wanted_to_go(browser):
    page = browser.desk.get("/sign-in/?next=/account/").content.decode()
    assert 'name="next" value="/account/"' in page


def test_the_sign_in_page_does_not_keep_another_site(browser):
    assert "evil" not in browser.desk.get("/sign-in/?next=//evil.example/").content.decode()


def test_opening_the_page_does_not_go_to_github(browser):
    assert browser.desk.get("/accounts/github/login/").status_code == 200


@pytest.mark.parametrize("path", ["/accounts/join/", "/accounts/disconnect/1/"])
def test_ways_to_github_begin_with_a_post(github, browser, path):
    browser.sign_in("quillon-marsh")
    assert browser.desk.get(path).status_code == 405


def test_a_form_from_another_site_begins_nothing(github):
    from django.test import Client

    strict = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    assert strict.post("/sign-in/").status_code == 403


def test_the_call_back_is_not_kept_by_any_cache(github, browser):
    assert "no-store" in browser.sign_in("quillon-marsh")["Cache-Control"]
