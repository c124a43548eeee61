"""The policy's page in the admin: to be read by the desk, set by those who answer for it, tried before it holds."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from bigcode_optout.removals import automatic
from bigcode_optout.removals.models import PolicyChange
from tests.review.cases import waiting_request

ADDRESS = "/admin/policy/"
FORM = {
    "accepts_account": "on",
    "accepts_repository": "on",
    "large_from_members": "40",
    "large_from_repositories": "80",
    "number": "0",
    "reason": "Fewer by machine for a week.",
}


def test_a_reviewer_reads_it_and_cannot_set_it(desk):
    page = desk.get(ADDRESS).content.decode()
    assert "Own accounts" in page and "Let this hold" not in page
    assert desk.post(ADDRESS, FORM).status_code == 403
    assert not PolicyChange.objects.exists()


def test_a_release_manager_has_nothing_to_do_with_it(releases):
    assert releases.get(ADDRESS).status_code == 403


def test_what_is_set_holds_and_stands_in_the_history(boss):
    page = boss.post(ADDRESS, FORM, follow=True).content.decode()
    assert "The policy holds from now on" in page and "Fewer by machine for a week." in page
    policy = automatic.current()
    assert policy.accepts == {
        "account": True,
        "repository": True,
        "organisation": False,
        "former_login": False,
        "large_organisation": False,
    }
    assert (policy.large_from_members, policy.large_from_repositories) == (40, 80)


def test_the_stop_needs_only_a_reason_and_leaves_the_switches(boss):
    before = automatic.current()
    boss.post(ADDRESS, {"stop": "1", "number": "0", "reason": "A wave of wrong ones."})
    stopped = automatic.current()
    assert stopped.is_stopped and stopped.accepts == before.accepts
    assert "Stopped: nothing is accepted" in boss.get(ADDRESS).content.decode()
    boss.post(ADDRESS, {"go_on": "1", "number": str(stopped.number), "reason": "It is over."})
    assert not automatic.current().is_stopped


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({**FORM, "reason": ""}, 400, "Write why."),
        ({**FORM, "large_from_members": "500"}, 400, "Members are counted up to 100"),
        ({**FORM, "large_from_repositories": "many"}, 400, "Enter a whole number."),
        ({**FORM, "number": "7"}, 409, "Somebody else has changed the policy"),
        ({"stop": "1", "number": "0", "reason": " "}, 400, "Write why."),
    ],
)
def test_what_cannot_hold_is_said_and_nothing_changes(boss, sent, status, sentence):
    answer = boss.post(ADDRESS, sent)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not PolicyChange.objects.exists()


def test_a_trial_names_the_requests_that_would_go_another_way(index, boss, sandbox):
    request = waiting_request()
    answer = boss.post(ADDRESS, {**FORM, "reason": "A draft of why.", "try": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "A draft of why." in page
    assert "Of 1 request that were judged" in page or "Of 1 request" in page
    assert request.reference not in page
    assert not PolicyChange.objects.exists()


def test_neither_reason_nor_token_of_the_form_goes_into_the_address(boss):
    page = boss.get(ADDRESS).content.decode()
    forms = re.findall(r'<form method="(\w+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    [policy] = [(method, inside) for method, inside in forms if 'name="reason"' in inside]
    assert policy[0] == "post" and "csrfmiddlewaretoken" in policy[1]
    assert not any("csrfmiddlewaretoken" in inside for method, inside in forms if method != "post")


def test_who_may_not_set_it_reads_so_and_tries_all_the_same(desk):
    page = desk.get(ADDRESS).content.decode()
    assert "A senior reviewer lets them hold." in page and "Let this hold from now on" not in page
    tried = desk.post(ADDRESS, {**FORM, "try": "1"})
    assert tried.status_code == 200 and "What it would have decided" in tried.content.decode()
    assert desk.post(ADDRESS, FORM).status_code == 403 and not PolicyChange.objects.exists()


def test_the_log_of_the_desk_has_it_without_the_reason(boss):
    boss.post(ADDRESS, FORM)
    (entry,) = LogEntry.objects.all()
    assert (entry.change_message, entry.object_id) == (
        "The policy was set.",
        str(PolicyChange.objects.get().pk),
    )
