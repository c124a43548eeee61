"""Logins under which repositories of a person stand though their account has another name today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bigcode_optout.claims.former_logins import may_have_former_logins
from bigcode_optout.claims.models import ClaimKind
from bigcode_optout.names import NameRefused, fold, parse_owner
from bigcode_optout.pages.blocks import Block


@dataclass(frozen=True)
class Suggestion:
    """A login that may be a former one of the account or organisation `present`. `count`: repositories that are its by
    number and stand under the login. `claim_id`: the claim of the account."""

    claim_id: int
    present: str
    login: str
    count: int

    @property
    def verb(self) -> str:
        """What the button that adds it says to the form."""
        return f"former-{self.claim_id}-{fold(self.login)}"


def suggestions_of(blocks: Sequence[Block]) -> list[Suggestion]:
    """The logins that GitHub's repository numbers found and that are not claimed yet, those with most first."""
    claimed = {block.claim.name_key for block in blocks if block.claim.kind == ClaimKind.FORMER_LOGIN}
    own = {block.claim.name_key for block in blocks if may_have_former_logins(block.claim)}
    found = [
        suggestion
        for block in blocks
        if may_have_former_logins(block.claim)
        for suggestion in _of(block)
        if fold(suggestion.login) not in claimed | own
    ]
    return sorted(found, key=lambda each: (-each.count, fold(each.login)))


def _of(block: Block) -> Iterable[Suggestion]:
    owned = set(block.owned_numbers)
    logins: dict[str, set[str]] = {}
    for pick in block.picks:
        if pick.is_former and pick.row.repository_ids & owned:
            login = pick.row.full_name.partition("/")[0]
            logins.setdefault(fold(login), set()).add(pick.row.full_name)
    for names in logins.values():
        login = min(names).partition("/")[0]
        if _is_name(login):
            yield Suggestion(block.claim.pk, block.claim.name, login, len(names))


def _is_name(login: str) -> bool:
    """A dataset may hold what is no name on GitHub."""
    try:
        return parse_owner(login).key == fold(login)
    except NameRefused:
        return False
