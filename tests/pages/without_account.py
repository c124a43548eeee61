"""Somebody who writes the form without a GitHub account, and the links that are mailed to them."""

import re

import pytest
from django.core import mail

from bigcode_optout.removals import outbox
from bigcode_optout.removals.models import RemovalRequest
from tests.builders import the_stack

WRITE = "/without-account/write/?case=lost"
FORM = {
    "names": "tern-hollow\ntern-hollow/reed-organ",
    "evidence": "My site tern.example names the account.",
    "links": "https://tern.example/about",
    "email": "tern@hollow.example",
}


@pytest.fixture(autouse=True)
def dataset(db):
    return the_stack()


def send_mails() -> list[str]:
    """Let what waits leave; the bodies of what left now."""
    mail.outbox.clear()
    for number in outbox.unsent():
        outbox.send(number)
    return [message.body for message in mail.outbox]


def link_in(body: str) -> str:
    return re.search(r"http://localhost:8000(/without-account/\S+)", body)[1]


def written(client, **changes) -> str:
    """Write the form; the path of the link that was mailed."""
    response = client.post(WRITE, FORM | changes)
    assert response.headers["Location"] == "/without-account/mailed/"
    return link_in(send_mails()[0])


def confirmed(client, **changes) -> RemovalRequest:
    """A request that was sent by the link."""
    client.post(written(client, **changes))
    return RemovalRequest.objects.get()
