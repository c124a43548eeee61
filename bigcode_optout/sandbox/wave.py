"""``python -m bigcode_optout.sandbox.wave``: invent a wave of requests, the GitHub they come from, and the truth.

Writes ``world.json`` (for the stand-in), ``people.jsonl`` (who asks for what, and what would be right) and
``rows.jsonl`` (what stands in the dataset). The same seed gives the same files.

The mix is that of the public requests after a version came out: 88 % for the own account, 12 % for others.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .wave_names import login_of, repository_of

ACCEPT, QUEUE, MERGE = "accept", "queue", "merge"
# Shares of a hundred thousand; the first six are requests for the own account.
SHARES = {
    "own": 76_000,
    "own, nothing in the dataset": 3_000,
    "own, renamed since": 4_000,
    "own, asked twice": 3_000,
    "own, name taken from somebody": 1_200,
    "own, a repository is gone": 800,
    "organisation of their own": 3_500,
    "large organisation": 1_000,
    "organisation as a member": 1_000,
    "repository of somebody else": 5_500,
    "repository, misspelt": 1_000,
}
# Of those who ask for their account, so many ask for organisations of theirs as well: 1.4 more on average.
SEVERAL = 0.08
_MORE = (1, 1, 1, 2, 2)
_BEFORE, _AFTER = ("2012", "2022"), "2024-03-01T10:00:00Z"


@dataclass
class Person:
    """Who asks. ``asks``: kind of claim and name; ``token`` shows roles; ``truth`` is what would be right."""

    case: str
    truth: str
    github_id: int
    login: str
    created_at: str
    asks: list[dict[str, str]] = field(default_factory=list)
    token: str = ""


class Wave:
    """A world that grows while people are invented."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- invented data, to be the same again
        self.number = 10_000_000
        self.accounts: list[dict[str, Any]] = []
        self.memberships: list[dict[str, Any]] = []
        self.repositories: list[dict[str, Any]] = []
        self.tokens: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []
        self.people: list[Person] = []

    def account(self, *, type: str = "User", created_at: str = "", **fields: Any) -> dict[str, Any]:
        """Somebody, from before the data unless told otherwise."""
        self.number += self.random.randint(1, 40)
        login = login_of(self.number)
        year = self.random.randint(int(_BEFORE[0]), int(_BEFORE[1]))
        row = {
            "id": self.number,
            "login": login,
            "type": type,
            "created_at": created_at or f"{year}-05-{self.random.randint(1, 28):02}T08:00:00Z",
            **fields,
        }
        self.accounts.append(row)
        return row

    def repository(self, owner: dict[str, Any], *, name_in_data: str = "", is_gone: bool = False) -> str:
        """A repository of the owner, and its row in the data; returns owner/name as it stands there."""
        self.number += self.random.randint(1, 40)
        full_name = f"{owner['login']}/{repository_of(self.number)}"
        if not is_gone:
            created_at = f"{int(owner['created_at'][:4])}-07-01T08:00:00Z"
            self.repositories.append({"id": self.number, "full_name": full_name, "created_at": created_at})
        in_data = name_in_data or full_name
        self.rows.append({"name": in_data, "id": self.number, "bytes": self.random.randint(200, 90_000)})
        return in_data

    def repositories_of(self, owner: dict[str, Any], count: int | None = None) -> None:
        """Few for most, many for some, as on GitHub."""
        for _ in range(count or min(int(self.random.paretovariate(0.9)), 60)):
            self.repository(owner)

    def join(self, organisation: dict[str, Any], account: dict[str, Any], role: str) -> None:
        """Somebody belongs to an organisation."""
        self.memberships.append(
            {"organisation": organisation["login"], "login": account["login"], "role": role}
        )

    def person(self, case: str, truth: str, account: dict[str, Any], *asks: tuple[str, str]) -> Person:
        """Somebody who asks; for their own account if nothing else is said."""
        made = Person(case, truth, account["id"], account["login"], account["created_at"])
        made.asks = [{"kind": kind, "name": name} for kind, name in asks or (("account", account["login"]),)]
        if any(kind == "organisation" for kind, _ in asks):
            made.token = f"gho_wave{account['id']}"
            self.tokens.append({"login": account["login"], "scopes": "read:org", "value": made.token})
        self.people.append(made)
        return made

    def organisation(self, owner: dict[str, Any], *, repositories: int, role: str = "admin") -> str:
        """An organisation that the account belongs to; returns its login."""
        made = self.account(type="Organization")
        self.join(made, owner, role)
        self.repositories_of(made, repositories)
        return str(made["login"])


def _own(wave: Wave, case: str) -> None:
    account = wave.account()
    wave.repositories_of(account)
    asks = [("account", account["login"])]
    if wave.random.random() < SEVERAL:
        for _ in range(wave.random.choice(_MORE)):
            asks.append(("organisation", wave.organisation(account, repositories=wave.random.randint(1, 8))))
    wave.person(case, ACCEPT, account, *asks)


def _nothing(wave: Wave, case: str) -> None:
    wave.person(case, ACCEPT, wave.account())


def _renamed(wave: Wave, case: str) -> None:
    account = wave.account()
    former = login_of(account["id"] + 1_000_000_000)
    account["former_logins"] = [former]
    for number in range(wave.random.randint(1, 6)):
        wave.repository(account, name_in_data=f"{former}/work-{number}")
    wave.person(case, ACCEPT, account)


def _twice(wave: Wave, case: str) -> None:
    account = wave.account()
    wave.repositories_of(account)
    wave.person(case, ACCEPT, account)
    wave.person(case, MERGE, account)


def _taken(wave: Wave, case: str) -> None:
    account = wave.account(created_at=_AFTER)
    for number in range(wave.random.randint(1, 4)):
        wave.repository(account, name_in_data=f"{account['login']}/old-{number}", is_gone=True)
    wave.person(case, QUEUE, account)


def _gone(wave: Wave, case: str) -> None:
    account = wave.account()
    wave.repositories_of(account, 3)
    wave.repository(account, is_gone=True)
    wave.person(case, QUEUE, account)


def _organisation(wave: Wave, case: str) -> None:
    account = wave.account()
    login = wave.organisation(account, repositories=wave.random.randint(1, 12))
    wave.person(case, ACCEPT, account, ("organisation", login))


def _large(wave: Wave, case: str) -> None:
    account = wave.account()
    login = wave.organisation(account, repositories=wave.random.randint(120, 200))
    wave.person(case, QUEUE, account, ("organisation", login))


def _member(wave: Wave, case: str) -> None:
    account = wave.account()
    login = wave.organisation(account, repositories=4, role="member")
    wave.person(case, QUEUE, account, ("organisation", login))


def _somebody_else(wave: Wave, case: str) -> None:
    name = wave.repository(wave.account())
    wave.person(case, QUEUE, wave.account(), ("repository", name))


def _misspelt(wave: Wave, case: str) -> None:
    name = wave.repository(wave.account())
    wave.person(case, QUEUE, wave.account(), ("repository", name[:-1]))


CASES: dict[str, Callable[[Wave, str], None]] = dict(
    zip(
        SHARES,
        (
            _own,
            _nothing,
            _renamed,
            _twice,
            _taken,
            _gone,
            _organisation,
            _large,
            _member,
            _somebody_else,
            _misspelt,
        ),
        strict=True,
    )
)


def invent(requests: int, *, seed: int = 1) -> Wave:
    """A wave of exactly ``requests`` requests, in an order of chance, the shares kept as near as whole numbers can."""
    wave = Wave(seed)
    for case, share in SHARES.items():
        per_person = 2 if case == "own, asked twice" else 1
        for _ in range(requests * share // 100_000 // per_person):
            CASES[case](wave, case)
    while len(wave.people) < requests:
        _own(wave, "own")
    wave.random.shuffle(wave.people)
    _second_is_merged(wave.people)
    return wave


def _second_is_merged(people: list[Person]) -> None:
    """Of two requests of one person the later one is the one to be merged."""
    seen: set[int] = set()
    for person in people:
        if person.truth in (ACCEPT, MERGE):
            person.truth = MERGE if person.github_id in seen else ACCEPT
        seen.add(person.github_id)


def write(wave: Wave, folder: Path) -> None:
    """The three files, into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    world = {
        "accounts": wave.accounts,
        "memberships": wave.memberships,
        "repositories": wave.repositories,
        "personas": [],
        "tokens": wave.tokens,
    }
    (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
    _write_lines(folder / "people.jsonl", (asdict(person) for person in wave.people))
    _write_lines(folder / "rows.jsonl", iter(wave.rows))


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a wave into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m bigcode_optout.sandbox.wave", description="Invent a wave."
    )
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    wave = invent(options.requests, seed=options.seed)
    write(wave, options.folder)
    sys.stdout.write(
        f"{len(wave.people)} requests, {len(wave.accounts)} accounts, {len(wave.rows)} repositories\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
