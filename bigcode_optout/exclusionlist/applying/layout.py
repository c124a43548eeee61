"""In which columns of a shard the rules look, schema by schema.

Files: `names.DATASET_COLUMNS`. Commits and issues: rows as BigCode's pull-request and issue scripts have them
(bigcode-project/the-stack-v2, `pull_requests_and_issues`): flat event rows with a dot in the column's name, or
one row for a conversation with its events in a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bigcode_optout.names import DATASET_COLUMNS

Schema = Literal["v1", "v2", "v2-ids", "v3", "commits", "issues"]
ScopeKind = Literal["files", "commits", "issues"]
Role = Literal["repository", "guid", "head", "login", "id"]
"""What a column holds and so what is compared with it.

`repository`: a full name; owner and repository rules. `guid`: a full name before `/pull/`; the same. `head`: the
repository a pull request came from; owner rules only, since a pull request stands in another repository.
`login`: owner rules. `id`: a repository's number.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or with a dot a field of a struct if no column has that name. `holder` groups the columns of
    one holder of a row; only version 1 has several.
    """

    name: str
    role: Role
    holder: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` must all be there; of each group in `one_of` at least one, and all that are there count.
    `logins` are looked at where they are there; rows of shards that have none of them are counted.

    `holders` are the prefixes of the columns that belong to each holder. A row is one file, or as many as
    `file_count` says, or as `file_list` is long; none where `counts_files` is False.
    """

    scope_kind: ScopeKind
    columns: tuple[Column, ...] = ()
    one_of: tuple[tuple[Column, ...], ...] = ()
    optional: tuple[Column, ...] = ()
    logins: tuple[Column, ...] = ()
    holders: tuple[str, ...] = ()
    counts_files: bool = False
    file_count: str | None = None
    file_list: str | None = None


def _files(schema: str) -> Layout:
    known = DATASET_COLUMNS[schema]
    names = tuple(Column(name, "repository", holder) for holder, name in enumerate(known.names))
    ids = (Column(known.repository_id, "id"),) if known.repository_id else ()
    several = len(known.names) > 1
    return Layout(
        "files",
        names + ids,
        holders=tuple(name.removesuffix("repo_name") for name in known.names) if several else (),
        counts_files=True,
        file_count=known.file_count,
        file_list=known.files,
    )


_REPOSITORY = tuple(Column(name, "repository") for name in ("repo_name", "repo.name"))
_GUID = Column("pull_request.guid", "guid")
_BASE = Column("base_repo_name", "repository")
_HEAD = Column("head_repo_name", "head")
_IDS = tuple(Column(name, "id") for name in ("repo_id", "repo.id"))
_ACTOR = Column("actor.login", "login")
_PULL_OPENER = Column("pull_request.user.login", "login")
_ISSUE_OPENER = Column("issue_user_login", "login")

COMMITS = Layout(
    "commits",
    one_of=((*_REPOSITORY, _GUID),),
    optional=_IDS,
    logins=(_ACTOR, *(Column(name, "login") for name in ("author.login", "author_login"))),
)
"""BigCode's pairs of commits name no author: of those rows only the repository can be compared."""
EVENTS = Layout(
    "issues",
    columns=(_ACTOR,),
    one_of=((*_REPOSITORY, _GUID), (_ISSUE_OPENER, _PULL_OPENER)),
    optional=(_BASE, _HEAD, *_IDS),
)
"""One row an event. Each carries who opened its conversation, so no other row has to be looked at."""

CONVERSATIONS = Layout(
    "issues",
    one_of=((*_REPOSITORY, Column("repo", "repository"), _GUID),),
    optional=(_ISSUE_OPENER, _PULL_OPENER, *_IDS),
)
"""One row a conversation; its events stand in a list, whose own columns are those below."""

EVENT_LIST = "events"
EVENT_ACTION = "action"
OPENED = "opened"
EVENT_LOGINS = ("actor.login", "author")
EVENT_REPOSITORIES = (_BASE, _HEAD)

LAYOUTS: Mapping[Schema, Layout] = MappingProxyType(
    {
        "v1": _files("v1"),
        "v2": _files("v2"),
        "v2-ids": _files("v2-ids"),
        "v3": _files("v3"),
        "commits": COMMITS,
        "issues": EVENTS,
    }
)
SCHEMAS: tuple[Schema, ...] = tuple(LAYOUTS)
