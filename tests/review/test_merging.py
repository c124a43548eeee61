"""A reviewer lets an earlier request of the same person stand for a later one."""

import pytest

from tests.builders import make_reviewer, make_user, reviewed_by_person
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


def test_a_request_that_an_earlier_one_covers_can_be_merged_into_it(client):
    user = make_user()
    elder = reviewed_by_person(user)
    request = reviewed_by_person(user)
    sign_in(client, make_reviewer("m.ashby"))
    address = f"/admin/removals/removalrequest/{request.pk}"
    assert f"Merge this into {elder.reference}" in client.get(f"{address}/change/").content.decode()
    client.post(f"{address}/merge/")
    request.refresh_from_db()
    assert (request.state, request.merged_into) == ("merged", elder)
    assert f"Merged: {elder.reference}" in client.get(f"{address}/change/").content.decode()


def test_what_nothing_earlier_covers_cannot_be_merged(client):
    request = reviewed_by_person(make_user())
    sign_in(client, make_reviewer("m.ashby"))
    response = client.post(f"/admin/removals/removalrequest/{request.pk}/merge/", follow=True)
    assert "No earlier request of the same person covers all of it" in response.content.decode()
    request.refresh_from_db()
    assert request.state == "in_review"
