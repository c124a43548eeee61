"""Rules for tests: by hand, and at random from a few names so that names, spellings and owners meet."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from bigcode_optout.exclusionlist import KeySet, PublicKey, ReleaseFacts, Rule, SigningKey
from bigcode_optout.names import fold

FACTS = ReleaseFacts(
    release="v3.2", dataset="bigcode/the-stack", previous_release="v3.1", frozen_on=date(2026, 11, 1)
)
EVERYTHING = ("files", "commits", "issues")


def rule(name: str, scope: tuple[str, ...] = EVERYTHING, **changes: Any) -> Rule:
    """A rule for an owner, or for a repository if the name has a slash."""
    values: dict[str, Any] = {
        "kind": "repository" if "/" in name else "owner",
        "name": name,
        "name_key": fold(name),
        "name_valid_until": None,
        "owner_id": None,
        "repo_id": None,
        "files": "files" in scope,
        "commits": "commits" in scope,
        "issues": "issues" in scope,
        "since_release": "v3.2",
    }
    return Rule(**values | changes)


SAMPLE = [
    rule("Ada-Example", owner_id=7),
    rule("null", ("issues",)),
    rule("-old-hyphen-", ("commits",)),
    rule("Renamed", ("files",), name_valid_until=date(2023, 9, 6), owner_id=9),
    rule("Some-Org/Widget.js", owner_id=11, repo_id=2**40, since_release="v3.1"),
    rule("-2/3", ("files",), repo_id=12),
]

LOGINS = ("ada", "bob-x", "-dash", "007", "null", "carol")
TITLES = ("widget", "Site.github.io", "-2", "a_b")


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """The text with each letter in either case."""
    upper = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(c.upper() if up else c.lower() for c, up in zip(text, upper, strict=True))


logins = st.sampled_from(LOGINS).flatmap(spelled)
full_names = st.tuples(st.sampled_from(LOGINS), st.sampled_from(TITLES)).map("/".join).flatmap(spelled)
scopes = st.sets(st.sampled_from(EVERYTHING), min_size=1).map(tuple)
ids = st.none() | st.integers(1, 2**63 - 1)
days = st.none() | st.dates()


@st.composite
def any_rule(draw: st.DrawFn) -> Rule:
    """Any valid rule over the few names above."""
    name = draw(logins | full_names)
    return rule(
        name,
        draw(scopes),
        owner_id=draw(ids),
        repo_id=draw(ids) if "/" in name else None,
        name_valid_until=draw(days),
        since_release=draw(st.sampled_from(["v3", "=v3.1", "'quoted", 'a "b", c'])),
    )


lists_of_rules = st.lists(any_rule(), max_size=12)

SIGNING_KEY = SigningKey.generate()
OTHER_KEY = SigningKey.generate()
DAY = date(2026, 1, 1)


def key_set(*keys: SigningKey, **changes: Any) -> KeySet:
    """A key set with these keys, or with SIGNING_KEY, each valid since DAY."""
    entries = [PublicKey.of(key.public_pem, valid_from=DAY) for key in keys or (SIGNING_KEY,)]
    return KeySet(replace(entry, **changes) for entry in entries)
