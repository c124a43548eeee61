"""Tokens: made by release managers, kept as a hash, for one purpose and for a time."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bigcode_optout.core import clock
from bigcode_optout.core.errors import Forbidden, Missing, Refused
from bigcode_optout.releases import access
from bigcode_optout.releases.models import AccessToken
from tests.builders import make_release_manager, make_reviewer

pytestmark = pytest.mark.django_db
Scope = AccessToken.Scope


def issue(**changes):
    wanted = {
        "holder": "Kelp Lab",
        "scopes": [Scope.LIST],
        "expires_at": clock.now() + timedelta(days=30),
        "has_accepted_terms": False,
        "by": None,
    }
    return access.issue(**wanted | changes)


def test_a_token_is_kept_as_a_hash_and_shown_once():
    issued = issue()
    row = AccessToken.objects.values().get()
    assert issued.text.startswith(row["prefix"] + "_") and len(issued.text) == 12 + 1 + 43
    assert row["secret_sha256"] == hashlib.sha256(issued.text.encode()).hexdigest()
    secret = issued.text.removeprefix(row["prefix"])
    assert not [value for value in row.values() if secret in str(value)]
    assert issued.text not in repr(issued) and issued.text not in str(issued.token)


def test_no_two_tokens_are_alike():
    texts = {issue().text for _ in range(20)}
    assert len(texts) == 20 and all(access.token_for(text) for text in texts)


def test_a_token_for_keyed_lists_needs_the_terms():
    with pytest.raises(Refused, match="accepted the terms"):
        issue(scopes=[Scope.LIST, Scope.KEYED])
    token = issue(scopes=[Scope.KEYED], has_accepted_terms=True).token
    assert token.scopes == (Scope.KEYED,) and token.terms_accepted_at is not None


def test_the_database_refuses_a_keyed_token_without_terms_and_one_for_nothing():
    row = {"holder": "x", "secret_sha256": "0" * 64, "expires_at": clock.now()}
    with pytest.raises(IntegrityError, match="keyed_token_has_accepted_terms"), transaction.atomic():
        AccessToken.objects.create(prefix="bcx_aaaaaaaa", reads_keyed=True, **row)
    with pytest.raises(IntegrityError, match="token_is_for_something"), transaction.atomic():
        AccessToken.objects.create(prefix="bcx_bbbbbbbb", **row)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holder": "  "}, "no_holder"),
        ({"scopes": []}, "no_scope"),
        ({"expires_at": clock.now()}, "no_expiry"),
        ({"expires_at": clock.now() + timedelta(days=400)}, "no_expiry"),
    ],
)
def test_a_token_names_its_holder_its_purpose_and_its_end(changes, code):
    with pytest.raises(Refused) as refused:
        issue(**changes)
    assert refused.value.code == code and not AccessToken.objects.exists()


def test_only_release_managers_make_and_revoke_tokens():
    manager, reviewer = make_release_manager(), make_reviewer()
    with pytest.raises(Forbidden):
        issue(by=reviewer)
    token = issue(by=manager).token
    with pytest.raises(Forbidden):
        access.revoke(token_id=token.pk, by=reviewer)
    assert access.revoke(token_id=token.pk, by=manager).revoked_by == manager
    with pytest.raises(Missing):
        access.revoke(token_id=token.pk + 1, by=manager)


def test_a_revoked_token_is_nobodys_and_keeps_its_first_end():
    issued = issue()
    assert access.token_for(issued.text) == issued.token
    first = access.revoke(token_id=issued.token.pk, by=None).revoked_at
    assert access.token_for(issued.text) is None
    assert access.revoke(token_id=issued.token.pk, by=None).revoked_at == first


@pytest.mark.parametrize("text", ["", "bcx_", "bcx_\x00", "bcx_é", "\ud800", "x" * 10_000])
def test_what_is_no_token_is_nobodys(text):
    issue()
    assert access.token_for(text) is None
