"""What the dataset holds of a person's GitHub accounts, before any form."""

from dataclasses import dataclass

from django.conf import settings

from bigcode_optout.accounts.models import GitHubIdentity, User
from bigcode_optout.accounts.queries import identities_of
from bigcode_optout.catalog.queries import Answer, RepositoryRow, holdings, look_up
from bigcode_optout.claims.queries import listing_of, repository_ids_of
from bigcode_optout.names import NameRefused, OwnerName, fold


@dataclass(frozen=True)
class Holding:
    """An account, what stands under its login, and what GitHub's repository numbers find under other names.

    `is_listed`: GitHub was asked which repositories the account has, so that their numbers are known.
    """

    identity: GitHubIdentity
    answer: Answer
    elsewhere: list[RepositoryRow]
    is_listed: bool

    @property
    def older_versions(self) -> list[str]:
        """Versions that have the name and are older than the account: there it was somebody else's."""
        made_on = self.identity.account_created_at.date()
        return [
            each.version.name
            for each in self.answer.versions
            if each.is_in and each.version.data_date < made_on
        ]

    @property
    def has_sizes(self) -> bool:
        """False when no version says how long its files are."""
        return any(each.version.has_sizes for each in self.answer.versions)


def holdings_of(user: User) -> list[Holding]:
    """What the dataset holds of each GitHub account of the person, the first one joined first."""
    found = []
    for identity in identities_of(user):
        try:
            name = OwnerName(identity.login)
        except NameRefused:
            # A login of a kind that no dataset has; nothing can stand under it.
            continue
        found.append(
            Holding(identity, look_up(settings.DATASET, name), _elsewhere(identity), _is_listed(identity))
        )
    return found


def _elsewhere(identity: GitHubIdentity) -> list[RepositoryRow]:
    ids = repository_ids_of(identity.github_id)
    if not ids:
        return []
    rows = holdings(settings.DATASET, owner=identity.login, repository_ids=ids)
    return [row for row in rows if fold(row.full_name.partition("/")[0]) != identity.login_key]


def _is_listed(identity: GitHubIdentity) -> bool:
    return listing_of(identity.github_id) is not None
