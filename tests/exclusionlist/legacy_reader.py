"""How BigCode's older scripts understand the one-row list, in own words: four sets, compared by letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class FourLists:
    repositories: set[str] = field(default_factory=set)
    accounts_for_repositories: set[str] = field(default_factory=set)
    accounts_for_commits: set[str] = field(default_factory=set)
    accounts_for_issues: set[str] = field(default_factory=set)

    def drops(self, repo_name: str) -> bool:
        """The repository and owner filter that both scripts begin with."""
        return repo_name in self.repositories or repo_name.split("/")[0] in self.accounts_for_repositories


def four_lists(row: Mapping[str, Sequence[str]]) -> FourLists:
    lists = FourLists()
    for account, strings in row.items():
        words = set(strings)
        if "all" in words:
            words.remove("all")
            lists.accounts_for_repositories.add(account)
            lists.accounts_for_commits.add(account)
            lists.accounts_for_issues.add(account)
        else:
            if "Commits" in words:
                words.remove("Commits")
                lists.accounts_for_commits.add(account)
            if "GitHub issue" in words:
                words.remove("GitHub issue")
                lists.accounts_for_issues.add(account)
        lists.repositories |= words
    return lists
