"""A case of a small world: who asks for what, what the rules are told of it, and what the design's rules make of it.

`facts` tells the rules what GitHub says today, through the same readings as the product. `design_accepts` is written
apart from them, from the sentences of the design and the decisions, and looks into the world itself.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bigcode_optout.claims.authority import Assessment, InVersion, Located, Subject, assess
from bigcode_optout.claims.authority_facts import login_holder, row_holder, standing
from bigcode_optout.claims.authority_former import assess_former_login
from tests.claims.authority_world import (
    LOGINS,
    NAMES,
    VERBS,
    Account,
    Row,
    Said,
    Step,
    Version,
    World,
    date_of,
    moment_of,
)

KINDS = ("ids", "names", "mixed")
# Whoever lost the role so many days before the request may still be believed: GitHub said it a day ago.
ROLE_DAYS = 1


@dataclass(frozen=True)
class Case:
    """`asker` asks for everything under `login`: the own one, or a former one. `role_ended_on`: when the asker's say
    over the account ended (an owner of an organisation may lose it), `stated_on`: when GitHub was asked about it."""

    world: World
    versions: tuple[Version, ...]
    asker: Account
    login: str
    role_ended_on: int | None
    stated_on: int

    @property
    def is_former(self) -> bool:
        return self.login != self.asker.login

    @property
    def has_role(self) -> bool:
        """Whether GitHub stated the role, and no more than a day ago."""
        was_held = self.role_ended_on is None or self.role_ended_on > self.stated_on
        return was_held and self.world.today - self.stated_on <= ROLE_DAYS

    def located(self, version: Version) -> list[Row]:
        """What the item covers: what stands under the login and, of the own account, what has one of its numbers."""
        numbers = set() if self.is_former else self.world.numbers_of(self.asker.id)
        return [row for row in version.rows if row.login == self.login or row.number in numbers]

    def said(self, row: Row) -> Said:
        return self.world.by_name(row.full_name) if row.number is None else self.world.by_number(row.number)


def make_case(
    steps: Sequence[Step],
    crawls: Sequence[tuple[int, str]],
    asker: int,
    login: int,
    role_ended: int | None,
    stated: int,
) -> Case:
    """A case from plain numbers; each picks among what there is."""
    world = World(steps)
    versions = tuple(
        world.crawl(f"v{number}", day % (world.today + 1), kind) for number, (day, kind) in enumerate(crawls)
    )
    living = world.living
    who = living[asker % len(living)]
    name = who.login if login < 0 else LOGINS[login % len(LOGINS)]
    return Case(world, versions, who, name, role_ended, world.today - stated)


def random_case(seed: random.Random) -> Case:
    """A case as chance wills."""
    steps = [
        (seed.choice(VERBS), seed.randrange(60), seed.randrange(60), seed.randrange(60))
        for _ in range(seed.randrange(4, 26))
    ]
    crawls = [(seed.randrange(30), seed.choice(KINDS)) for _ in range(seed.randrange(1, 4))]
    return make_case(steps, crawls, seed.randrange(4), seed.choice((-1, -1, 0, 1, 2, 3)), None, 0)


def judged(case: Case) -> Assessment:
    """What the rules say, told what GitHub says today."""
    subject = Subject(
        is_role_proven=case.role_ended_on is None or case.role_ended_on > case.stated_on,
        created_at=moment_of(case.asker.made_on),
        is_role_recent=case.world.today - case.stated_on <= ROLE_DAYS,
    )
    versions = [facts(case, version) for version in case.versions]
    return (
        assess_former_login(subject, versions) if case.is_former else assess("own_account", subject, versions)
    )


def facts(case: Case, version: Version) -> InVersion:
    day, owner = date_of(version.day), case.asker.id
    held_by = login_holder(case.world.by_login(case.login), owner_id=owner, data_date=day)
    return InVersion(
        version.name, day, [_located(case, version, row) for row in case.located(version)], held_by
    )


def _located(case: Case, version: Version, row: Row) -> Located:
    day, said = date_of(version.day), case.said(row)
    return Located(
        row.full_name,
        has_id=row.number is not None,
        under_name=row.login == case.login,
        standing=standing(
            said,
            subject_id=case.asker.id,
            is_repository=False,
            has_number=row.number is not None,
            data_date=day,
        ),
        holder=row_holder(
            row.full_name,
            said,
            case.world.by_login(row.login),
            owner_id=case.asker.id,
            owner_login=case.asker.login,
            owner_created_at=moment_of(case.asker.made_on),
            data_date=day,
        ),
        resolved_id=said.repository_id,
    )


# The design's rules, read off the world ---------------------------------------------------------------------------


def design_accepts(case: Case) -> bool:
    """Section 6, with decisions 2, 8 and 10, in their own words."""
    if not case.has_role:
        return False
    return _former_is_proven(case) if case.is_former else _own_is_proven(case)


def _own_is_proven(case: Case) -> bool:
    return all(_own_version_is_proven(case, version) for version in case.versions)


def _own_version_is_proven(case: Case, version: Version) -> bool:
    rows = case.located(version)
    if any(_leads_to_another(case, row) for row in rows):
        return False
    numbered = [row for row in rows if row.number is not None]
    if not all(_leads_to_asker(case, row) and _was_theirs(case, version, row) for row in numbered):
        return False
    nameless = [row for row in rows if row.number is None]
    if not nameless:
        return True
    if case.asker.made_on > version.day:
        return False
    one_resolves = any(_proves_alone(case, version, row) for row in rows)
    name_is_confirmed = any(
        row.number is not None and row.login == case.login and _leads_to_asker(case, row)
        for other in case.versions
        for row in case.located(other)
    )
    return one_resolves or name_is_confirmed


def _former_is_proven(case: Case) -> bool:
    held = [version for version in case.versions if case.located(version)]
    if not any(_four_conditions(case, version) for version in held):
        return False
    return all(_four_conditions(case, version) or _all_alone(case, version) for version in held)


def _four_conditions(case: Case, version: Version) -> bool:
    rows = case.located(version)
    resolved = [row for row in rows if _resolves(case, version, row)]
    return (
        _is_free(case, version)
        and not _has_dead_number(case, rows)
        and len(resolved) >= 3
        and all(_proves_alone(case, version, row) for row in resolved)
        and 2 * len(resolved) >= len(rows)
    )


def _all_alone(case: Case, version: Version) -> bool:
    return _is_free(case, version) and all(_proves_alone(case, version, row) for row in case.located(version))


def _is_free(case: Case, version: Version) -> bool:
    """Gone, or an account created after the data date."""
    holders = [each for each in case.world.living if each.login == case.login]
    return not any(each.made_on <= version.day for each in holders)


def _has_dead_number(case: Case, rows: Sequence[Row]) -> bool:
    """Decision 2: whose a numbered repository was that GitHub does not know any more, nobody can say."""
    return any(row.number is not None and case.said(row).owner_id is None for row in rows)


def _resolves(case: Case, version: Version, row: Row) -> bool:
    """Leads to a repository that can be the row's: one made after the data cannot, unless the number says so. One of
    somebody else counts as it stands."""
    found = case.world.repositories and case.said(row).repository_id
    if not found:
        return False
    is_later = case.world.repository(found).made_on > version.day
    return not (is_later and _leads_to_asker(case, row))


def _leads_to_asker(case: Case, row: Row) -> bool:
    return case.said(row).owner_id == case.asker.id


def _leads_to_another(case: Case, row: Row) -> bool:
    return case.said(row).owner_id not in (None, case.asker.id)


def _proves_alone(case: Case, version: Version, row: Row) -> bool:
    return _leads_to_asker(case, row) and _resolves(case, version, row) and _was_theirs(case, version, row)


def _was_theirs(case: Case, version: Version, row: Row) -> bool:
    """Decision 10: nothing says that it was somebody else's on the day of the data."""
    if case.asker.made_on > version.day:
        return False
    if row.login == case.asker.login:
        return True
    holder = next((each for each in case.world.living if each.login == row.login), None)
    repository = case.world.repository(case.said(row).repository_id)
    return (holder is None or holder.made_on > version.day) and repository.made_on >= case.asker.made_on


__all__ = ["KINDS", "NAMES", "VERBS", "Case", "design_accepts", "facts", "judged", "make_case", "random_case"]
