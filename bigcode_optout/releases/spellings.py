"""In which spellings the indexes hold what a list names: the legacy format is compared with case."""

from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.queries import find, versions
from bigcode_optout.exclusionlist import Rule, Spellings
from bigcode_optout.names import fold, split_full_name
from bigcode_optout.releases.models import Release
from bigcode_optout.removals.models import ScopeItem


def spellings_for(release: Release, rules: list[Rule]) -> Spellings:
    """Every spelling of the rules' names in every indexed version, and the one that the requester sees.

    A rule with `name_valid_until` takes its spellings from the versions that the date covers.
    """
    table = _Table(rules)
    for version in versions(release.dataset.slug):
        table.read(version)
    for item in ScopeItem.objects.filter(exclusions__release=release).distinct():
        table.typed(item)
    return Spellings(
        owners=table.owners, repositories=table.repositories, repositories_of_owner=table.of_owner
    )


class _Table:
    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self.owners: dict[str, set[str]] = {}
        self.repositories: dict[str, set[str]] = {}
        self.of_owner: dict[str, set[str]] = {}

    def read(self, version: DatasetVersion) -> None:
        """Take the spellings of one version."""
        covering = [
            rule
            for rule in self.rules
            if rule.name_valid_until is None or version.data_date <= rule.name_valid_until
        ]
        owner_keys = {rule.name_key for rule in covering if rule.kind == "owner"}
        names = {rule.name_key for rule in covering if rule.kind == "repository"}
        by_number = {
            rule.repo_id: rule for rule in covering if rule.kind == "repository" and rule.repo_id is not None
        }
        owner_of_number = self._owner_names(by_number)
        for match in find(version, owners=owner_keys, repositories=names, repository_ids=by_number):
            full_name = match.repository.repo_name
            if split_full_name(full_name) is None:
                continue
            self._spell(full_name)
            owner_key = fold(full_name.partition("/")[0])
            if owner_key in owner_keys:
                self.of_owner.setdefault(owner_key, set()).add(full_name)
            number = match.repository.repo_id
            for key in owner_of_number.get(number, ()) if number is not None else ():
                self.of_owner.setdefault(key, set()).add(full_name)

    def _owner_names(self, by_number: dict[int, Rule]) -> dict[int, set[str]]:
        """The owner rules that a repository number stands beside."""
        keys: dict[int, set[str]] = {}
        for rule in self.rules:
            if rule.kind == "owner" and rule.owner_id is not None:
                keys.setdefault(rule.owner_id, set()).add(rule.name_key)
        return {
            number: keys.get(rule.owner_id, set())
            for number, rule in by_number.items()
            if rule.owner_id is not None
        }

    def typed(self, item: ScopeItem) -> None:
        """Take the spelling that the requester asked in."""
        if item.kind == ScopeItem.Kind.OWNER:
            self.owners.setdefault(item.name_key, set()).add(item.name)
        else:
            self._spell(item.name)

    def _spell(self, full_name: str) -> None:
        owner = full_name.partition("/")[0]
        self.repositories.setdefault(fold(full_name), set()).add(full_name)
        self.owners.setdefault(fold(owner), set()).add(owner)
