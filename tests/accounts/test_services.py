from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.accounts.queries import identities_of, main_identity
from bigcode_optout.accounts.services import disconnect, record_sign_in
from bigcode_optout.core.errors import Conflict
from bigcode_optout.githubapi import Account

pytestmark = pytest.mark.django_db
THEN, NOW = datetime(2013, 3, 14, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)


def an_account(number=7, login="Tern-Hollow"):
    return Account(id=number, login=login, kind="User", created_at=THEN)


@pytest.fixture
def person():
    return User.objects.create(username="gh-7")


def test_a_number_belongs_to_one_person(person):
    record_sign_in(user=person, account=an_account(), at=NOW)
    with pytest.raises(Conflict) as refused:
        record_sign_in(user=User.objects.create(username="gh-8"), account=an_account(), at=NOW)
    assert refused.value.code == "identity_taken"
    assert GitHubIdentity.objects.get().user == person


def test_the_account_joined_first_is_the_main_one(person):
    first = record_sign_in(user=person, account=an_account(), at=NOW)
    second = record_sign_in(user=person, account=an_account(3, "an-elder-account"), at=NOW)
    assert main_identity(person) == first
    assert identities_of(person) == [first, second]


def test_the_main_account_is_not_disconnected_by_any_way(person):
    first = record_sign_in(user=person, account=an_account(), at=NOW)
    with pytest.raises(Conflict):
        disconnect(identity=first)
    assert GitHubIdentity.objects.filter(pk=first.pk).exists()


def test_the_database_takes_positive_numbers_only(person):
    with pytest.raises(IntegrityError):
        GitHubIdentity.objects.create(
            user=person, github_id=0, login="x", account_created_at=THEN, seen_at=NOW
        )
