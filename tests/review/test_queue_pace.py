"""The desk with some hundreds of requests written in bulk: its pages take few queries, however many there are."""

import pytest
from django.urls import reverse

from benchmarks.queue_rows import fill
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.review import lines
from tests.builders import make_reviewer

QUEUE = reverse("admin:removals_removalrequest_changelist")


@pytest.fixture
def full(reviewer):
    """Six hundred requests in every state, with some ten thousand located repositories."""
    fill(request_count=600, located_mean=10, reviewers=[reviewer, make_reviewer("j.amadi")])


@pytest.fixture
def addresses(full, desk) -> dict[str, str]:
    request = (
        RemovalRequest.objects.filter(state="in_review").order_by("-queue_line__repository_count").first()
    )
    planned = desk.post(QUEUE, {"action": "accept", "_selected_action": [request.pk], "select_across": "1"})
    return {
        "index": reverse("admin:index"),
        "queue": QUEUE,
        "queue, all": f"{QUEUE}?waiting=all&p=3",
        "search": f"{QUEUE}?q=account-4",
        "request": reverse("admin:removals_removalrequest_change", args=[request.pk]),
        "repositories": reverse("admin:removals_removalrequest_repositories", args=[request.pk]),
        "bulk": planned["Location"],
        "mails": reverse("admin:removals_outboxmessage_changelist"),
        "claims": reverse("admin:claims_claim_changelist"),
        "identities": reverse("admin:accounts_githubidentity_changelist"),
    }


def test_each_page_takes_fewer_than_twenty_queries(desk, addresses, django_assert_max_num_queries):
    for name, address in addresses.items():
        with django_assert_max_num_queries(19, info=name):
            assert desk.get(address).status_code == 200, name


def test_the_generated_rows_have_the_lines_that_they_should_have(full):
    assert RemovalRequest.objects.count() == 600
    assert [line for batch in lines.differing() for line in batch] == []
