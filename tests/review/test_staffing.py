"""Invite, lost second factor, leaving, blocking: who may, what ends at once, what the log says."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bigcode_optout.accounts import second_factor
from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Forbidden, Refused
from bigcode_optout.removals import private_links, services, statements
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review import staffing
from tests.builders import make_draft, make_reviewer, make_user, reviewed_by_person, stated_request
from tests.review.cases import text_of
from tests.staff import sign_in, staff_client

pytestmark = pytest.mark.django_db
INDEX, USERS = reverse("admin:index"), reverse("admin:accounts_user_changelist")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def chief(django_user_model):
    return django_user_model.objects.create_superuser("chief", password="a long pass phrase")


def logged(user: User) -> list[str]:
    return [
        entry.change_message
        for entry in LogEntry.objects.filter(object_id=str(user.pk), user__username="chief")
    ]


def choose_password(browser: Client, link: str, password: str = "quite another phrase"):
    page = browser.get(link.removeprefix("http://localhost:8000"), follow=True)
    if not page.redirect_chain:
        return page
    return browser.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_somebody_invited_chooses_a_password_and_sets_up_a_second_factor(chief, client, capsys):
    call_command("invite_staff", "m.ashby", group="reviewer", by="chief")
    link = capsys.readouterr().out.strip()
    user = User.objects.get(username="m.ashby")
    assert (
        user.is_staff
        and not user.has_usable_password()
        and [str(each) for each in user.groups.all()] == ["reviewer"]
    )
    assert choose_password(client, link)["Location"] == INDEX
    page = client.post(
        reverse("admin:login"), {"username": "m.ashby", "password": "quite another phrase"}, follow=True
    )
    assert page.redirect_chain[-1][0] == reverse("admin:second_factor_set_up")
    assert logged(user) == ["Invited as reviewer."]


def test_a_link_works_once(chief, client):
    link = staffing.invite(by=chief, username="m.ashby", group="auditor")
    choose_password(client, link)
    assert "This link was used" in text_of(choose_password(Client(), link))


def test_a_weak_password_is_not_taken(chief, client):
    link = staffing.invite(by=chief, username="m.ashby", group="auditor")
    assert "too short" in text_of(choose_password(client, link, "short"))
    assert not User.objects.get(username="m.ashby").has_usable_password()


def test_an_invitation_does_not_go_round_the_second_factor_of_somebody_who_has_one(chief, client):
    user = make_reviewer()
    second_factor.TOTP.activate(user, SECRET)
    choose_password(client, staffing.invite(by=chief, username="e.thorne", group="reviewer"))
    page = client.post(
        reverse("admin:login"), {"username": "e.thorne", "password": "quite another phrase"}, follow=True
    )
    assert page.redirect_chain[-1][0].startswith(reverse("admin:second_factor") + "?")


@pytest.mark.parametrize(("name", "group"), [("gh-501", "reviewer"), ("", "reviewer"), ("m.ashby", "kings")])
def test_what_is_no_name_or_no_group_is_refused(chief, name, group):
    make_user()
    with pytest.raises(Refused):
        staffing.invite(by=chief, username=name, group=group)
    assert not User.objects.filter(is_staff=True).exclude(pk=chief.pk).exists()


def test_only_a_superuser_does_any_of_this(chief):
    reviewer, other, person = make_reviewer(), make_reviewer("m.ashby"), make_user()
    for act in (
        lambda: staffing.invite(by=reviewer, username="friend", group="reviewer"),
        lambda: staffing.reset_second_factor(by=reviewer, user=other),
        lambda: staffing.leave(by=reviewer, user=other),
        lambda: staffing.block(by=reviewer, user=person, reason="x"),
        lambda: staffing.unblock(by=reviewer, user=person),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not LogEntry.objects.exists()


def test_a_lost_second_factor_is_forgotten_and_the_person_signed_out(chief, capsys):
    user = make_reviewer()
    second_factor.TOTP.activate(user, SECRET)
    second_factor.new_recovery_codes(user)
    theirs, others = staff_client(user), staff_client(make_reviewer("m.ashby"))
    call_command("reset_second_factor", "e.thorne", by="chief")
    assert "sets up a new second factor" in capsys.readouterr().out
    assert theirs.get(INDEX).status_code == 302 and others.get(INDEX).status_code == 200
    assert not Authenticator.objects.filter(user=user).exists()
    assert logged(user) == ["Second factor reset."]


def test_an_open_session_is_not_enough_to_reset_ones_own(chief, django_user_model):
    with_another = django_user_model.objects.create_superuser("second", password="x")
    with pytest.raises(Forbidden):
        staffing.reset_second_factor(by=chief, user=chief)
    with_another.delete()
    staffing.reset_second_factor(by=chief, user=chief)
    assert logged(chief) == ["Second factor reset."]


@pytest.fixture
def cases(chief):
    """Two open requests on the desk of who leaves; the colleague asked for the second one."""
    leaver, colleague = make_reviewer(), make_reviewer("m.ashby")
    first, second = (reviewed_by_person(make_user(number, f"tern-{number}")) for number in (601, 602))
    User.objects.filter(pk=colleague.pk).update(same_person_as=second.requester)
    colleague.refresh_from_db()
    for request in (first, second):
        services.assign(by=leaver, request_id=request.pk, to=leaver)
    return leaver, colleague, first, second


def test_who_leaves_hands_over_what_is_open_and_keeps_nothing_but_their_row(cases, capsys):
    leaver, colleague, first, second = cases
    browser = staff_client(leaver)
    call_command("staff_leaves", "e.thorne", by="chief", to="m.ashby")
    assert "2 open requests went to m.ashby" in capsys.readouterr().out
    for request in (first, second):
        request.refresh_from_db()
    assert (first.assignee, second.assignee) == (colleague, None)
    assert (
        first.events.last().data == {"to": colleague.pk, "left": leaver.pk}
        and first.events.last().is_internal
    )
    leaver.refresh_from_db()
    assert not (leaver.is_staff or leaver.is_active or leaver.has_usable_password() or leaver.groups.exists())
    assert browser.get(INDEX).status_code == 302
    assert logged(leaver) == ["Left the desk; 2 open requests handed to m.ashby."]


def test_github_accounts_of_who_leaves_stay_theirs(chief):
    person = make_user()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    person.refresh_from_db()
    staffing.leave(by=chief, user=person)
    assert person.is_active and not person.is_staff and person.identities.count() == 1


def test_nobody_hands_over_to_who_decides_nothing_or_lets_themselves_go(cases, chief, manager):
    leaver, *_ = cases
    with pytest.raises(Refused):
        staffing.leave(by=chief, user=leaver, hand_to=manager)
    with pytest.raises(Forbidden):
        staffing.leave(by=chief, user=chief)
    assert RemovalRequest.objects.filter(assignee=leaver).count() == 2


def test_an_abusive_account_is_closed_and_its_requests_wait_for_a_decision(chief, capsys):
    person = make_user()
    request = reviewed_by_person(person)
    make_draft(person)
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    call_command("block_account", person.username, by="chief", reason="A thousand forged claims.")
    assert "1 open requests wait" in capsys.readouterr().out
    assert browser.get(reverse("accounts:account")).status_code == 302
    assert not RemovalRequest.objects.filter(state="draft").exists()
    line = request.events.last()
    assert (line.code, line.is_internal, line.words.text) == (
        "block_account",
        True,
        "A thousand forged claims.",
    )
    request.refresh_from_db()
    assert request.state == "in_review"
    call_command("block_account", person.username, by="chief", undo=True)
    person.refresh_from_db()
    assert person.is_active and request.events.last().code == "unblock_account"
    assert logged(person) == ["Account blocked: A thousand forged claims.", "Account opened again."][::-1]


def test_staff_are_not_blocked_and_a_reason_is_needed(chief):
    with pytest.raises(Refused):
        staffing.block(by=chief, user=make_reviewer(), reason="x")
    with pytest.raises(CommandError):
        call_command("block_account", make_user().username, by="chief")
    assert not User.objects.filter(is_active=False).exists()


def test_superusers_do_all_of_it_from_the_list_of_users(chief):
    boss, user, person = staff_client(chief), make_reviewer(), make_user()
    second_factor.TOTP.activate(user, SECRET)

    def act(name, on):
        page = boss.post(USERS, {"action": name, "_selected_action": [on.pk]}, follow=True)
        return " ".join(str(message) for message in page.context["messages"])

    assert re.search(r"/admin/welcome/\S+/\S+/", act("invitation_link", user))
    assert "sets up a new second factor" in act("reset_second_factor", user)
    assert "has left the desk" in act("leave_the_desk", user)
    assert "is blocked" in act("block_account", person)
    assert "may sign in again" in act("unblock_account", person)
    assert "Another superuser has to do this." in act("leave_the_desk", chief)
    assert len(logged(user)) == 3 and len(logged(person)) == 2


def test_others_have_none_of_these_actions(chief):
    auditor = User.objects.get(pk=_auditor().pk)
    browser = sign_in(Client(), auditor)
    page = browser.get(USERS)
    assert page.status_code == 200 and "block_account" not in text_of(page)
    person = make_user()
    browser.post(USERS, {"action": "block_account", "_selected_action": [person.pk]})
    person.refresh_from_db()
    assert person.is_active


def _auditor() -> User:
    from django.contrib.auth.models import Group

    user = User.objects.create_user("a.lind", is_staff=True)
    user.groups.add(Group.objects.get(name="auditor"))
    return user


def test_who_asked_without_an_account_is_let_in_no_more_once_blocked(chief, client):
    request = stated_request("skerry-archive")
    statement = private_links.statement_of(request)
    link = reverse("pages:follow", args=[statement.pk, private_links.follow_code(statement)])
    page = reverse("pages:status", args=[request.reference])
    client.get(link)
    assert client.get(page).status_code == 200
    staffing.block(by=chief, user=request.requester, reason="Abuse.")
    assert client.get(page).status_code == 302
    assert Client().get(link).status_code == 404
    client.post(reverse("pages:withdraw", args=[request.reference]))
    statements.renew_link(reference=request.reference, email=request.email)
    request.refresh_from_db()
    assert request.state == "submitted" and not request.mails.filter(kind="new_link").exists()


def test_unblocked_they_get_a_new_link_and_still_no_sign_in(chief):
    request = stated_request("skerry-archive")
    staffing.block(by=chief, user=request.requester, reason="Abuse.")
    staffing.unblock(by=chief, user=request.requester)
    statement, requester = private_links.statement_of(request), User.objects.get(pk=request.requester_id)
    assert statement.follow_key and request.mails.filter(kind="new_link").count() == 1
    assert not requester.is_active


def test_the_form_of_a_user_takes_nobody_off_the_desk(chief):
    reviewer, request = make_reviewer(), reviewed_by_person(make_user())
    services.assign(by=reviewer, request_id=request.pk, to=reviewer)
    address = reverse("admin:accounts_user_change", args=[reviewer.pk])
    browser = staff_client(chief)
    fields = {"username": reviewer.username, "date_joined_0": "2026-11-01", "date_joined_1": "12:00:00"}
    group = reviewer.groups.get().pk
    assert browser.post(address, fields | {"groups": [group]}).status_code == 302
    reviewer.refresh_from_db(), request.refresh_from_db()
    assert reviewer.is_staff and reviewer.is_active and request.assignee == reviewer
    # Without the group there is nothing to decide any more, and nothing stays on that desk.
    assert browser.post(address, fields | {"groups": []}).status_code == 302
    request.refresh_from_db()
    assert (list(reviewer.groups.all()), request.assignee) == ([], None)
