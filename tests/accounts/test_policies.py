from bigcode_optout.accounts.models import User
from bigcode_optout.accounts.policies import PASSWORD_BACKEND, came_by_password


def test_a_session_from_github_is_not_one_from_the_staff_log_in(github, browser):
    browser.sign_in("quillon-marsh")
    User.objects.update(is_staff=True)
    assert not came_by_password(browser.request())


def test_a_session_from_the_staff_log_in_is_told_apart(browser):
    user = User.objects.create_user("desk-reviewer", password="a long password", is_staff=True)
    browser.desk.force_login(user, backend=PASSWORD_BACKEND)
    assert came_by_password(browser.request())


def test_nobody_came_by_password(browser):
    assert not came_by_password(browser.request())
