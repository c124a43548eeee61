"""The page “What should be left out?” asks the database as often for many accounts and versions as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bigcode_optout.accounts.models import GitHubIdentity
from bigcode_optout.claims import services as claims
from bigcode_optout.claims.former_logins import claim_former_login
from bigcode_optout.claims.models import OwnerListing, Proof
from bigcode_optout.core import clock
from bigcode_optout.names import parse_owner
from tests.builders import account_claim, count_members, make_draft, make_index
from tests.pages.conftest import know_owner

PAGE = "/requests/new/"
MOST = 19


def questions(client) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(PAGE).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def join(user, number):
    """One more account of the person, and an organisation that it owns."""
    login, team = f"otter-{number}", f"quay-{number}"
    identity = GitHubIdentity.objects.create(
        user=user,
        github_id=6000 + number,
        login=login,
        account_created_at=clock.now(),
        seen_at=clock.now(),
    )
    claims.claim_account(identity)
    know_owner(6000 + number, login, {"kelp": 60_000 + number})
    claim = claims.make_claim(by=user, name=parse_owner(team))
    claim = claims.name_subject(claim=claim, subject_id=7000 + number, name=team)
    claims.record_proof(
        claim=claim,
        method=Proof.Method.MEMBERSHIP,
        outcome=Proof.Outcome.PROVEN,
        evidence={},
        sentence="Owner.",
    )
    count_members(7000 + number)
    OwnerListing.objects.create(
        owner_id=7000 + number, login=team, kind="Organization", read_at=clock.now(), repository_count=0
    )


@pytest.mark.once
@pytest.mark.parametrize("with_draft", [False, True])
def test_it_asks_less_than_twenty_times_whatever_there_is(requester, client, tmp_path, with_draft):
    client.get(PAGE)
    before = questions(client)
    assert len(before) <= MOST, "\n".join(before)
    for number in range(6):
        join(requester, number)
    claim_former_login(by=requester, claim_id=account_claim(requester).pk, name=parse_owner("old-otter"))
    for version in ("v1.9", "v1.8", "v1.7"):
        make_index(tmp_path, [("otter-quay/kelp", None, 900), ("otter-1/kelp", 60_001, 5)], version=version)
    if with_draft:
        make_draft(requester, ["otter-quay/kelp"])
    client.get(PAGE)
    after = questions(client)
    assert len(after) <= MOST, "\n".join(after)
