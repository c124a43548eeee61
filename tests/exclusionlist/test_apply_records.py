"""Commits, issues and the repository-level versions: every kind of scope has somebody who applies it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bigcode_optout.exclusionlist.__main__ import main
from bigcode_optout.exclusionlist.applying import Options, apply
from bigcode_optout.exclusionlist.rules import SCOPE_KINDS

from .builders import rule
from .shard_builders import exclusions, filtered, put, v2

COMMITS = pa.table(
    {
        "repo_name": ["ada/x", "bob/y", "bob/z", "bob/y", None],
        "actor.login": ["bob", "ADA", "carol", None, "dora"],
        "message": ["a", "b", "c", "d", "e"],
    }
)
EVENTS = pa.table(
    {
        "type": [
            "IssuesEvent",
            "IssueCommentEvent",
            "IssueCommentEvent",
            "PullRequestEvent",
            "PullRequestEvent",
        ],
        "action": ["opened", "created", "created", "opened", "opened"],
        "actor.login": ["Ada", "bob", "ada", "bob", "bob"],
        "repo.name": ["bob/y"] * 4 + ["bob/z"],
        "issue_user_login": ["Ada", "Ada", "carol", None, None],
        "pull_request.user.login": [None, None, None, "bob", "bob"],
        "head_repo_name": [None, None, None, "ADA/fork", "bob/fork"],
        "base_repo_name": [None, None, None, "bob/y", "bob/z"],
    }
)


def event(actor, action="created", head=None, base=None):
    return {
        "type": "x",
        "action": action,
        "actor.login": actor,
        "head_repo_name": head,
        "base_repo_name": base,
    }


EVENT = pa.struct(
    [
        ("type", pa.string()),
        ("action", pa.string()),
        ("actor.login", pa.string()),
        ("head_repo_name", pa.large_string()),
        ("base_repo_name", pa.string()),
    ]
)
CONVERSATIONS = [
    ("bob/y/pull/1", [event("Ada", "opened"), event("bob")]),
    ("bob/y/pull/2", [event("bob", "opened"), event("ADA"), event("carol"), event("ada", "closed")]),
    ("bob/y/pull/3", [event("ada"), event("Ada")]),
    ("bob/y/pull/4", [event("bob", "opened", head="Ada/y", base="bob/y")]),
    ("ada/x/pull/5", [event("bob", "opened")]),
    ("bob/pull/pull/6", [event("bob", "opened"), event(None)]),
    ("bob/y/pull/7", None),
    ("bob/y/pull/8", []),
]


def conversations(kind=pa.list_) -> pa.Table:
    guids, events = zip(*CONVERSATIONS, strict=True)
    return pa.table({"pull_request.guid": guids, "events": pa.array(events, kind(EVENT))})


SHARDS = {
    "files": ("v2", v2(["ada/x", "bob/y"])),
    "commits": ("commits", COMMITS),
    "issues": ("issues", EVENTS),
}


@pytest.mark.parametrize("kind", SCOPE_KINDS)
@pytest.mark.parametrize("name", ["Ada", "Bob/Y"])
def test_every_kind_of_scope_on_the_list_has_a_row_removed_for_it(tmp_path, kind, name):
    schema, table = SHARDS[kind]
    assert filtered(tmp_path, [rule(name, (kind,))], table, schema).num_rows < table.num_rows


@pytest.mark.parametrize("kind", SCOPE_KINDS)
def test_a_rule_touches_no_other_kind_of_record(tmp_path, kind):
    schema, table = SHARDS[kind]
    others = tuple(other for other in SCOPE_KINDS if other != kind)
    assert filtered(tmp_path, [rule("ada", others), rule("bob/y", others)], table, schema).equals(table)


def test_commits_go_by_author_and_by_repository_owner(tmp_path):
    assert filtered(tmp_path, [rule("ada")], COMMITS, "commits").column("message").to_pylist() == [
        "c",
        "d",
        "e",
    ]


def test_a_repository_rule_takes_commits_of_the_repository_alone(tmp_path):
    left = filtered(tmp_path, [rule("bob/y")], COMMITS, "commits").column("message").to_pylist()
    assert left == ["a", "c", "e"]


def test_pairs_of_commits_without_any_login_go_by_repository_and_are_counted(tmp_path, capsys):
    pairs = COMMITS.drop_columns(["actor.login"])
    exclusions(tmp_path / "list", [rule("ADA"), rule("bob/z"), rule("carol")])
    put(pairs, tmp_path / "in/pairs.parquet")
    put(COMMITS, tmp_path / "in/signed.parquet")
    words = ["--list", str(tmp_path / "list"), "--schema", "commits", str(tmp_path / "in")]
    assert main(["apply", *words, "--output", str(tmp_path / "out")]) == 0
    assert "5 rows are in shards without any author’s login" in capsys.readouterr().out
    left = pq.read_table(tmp_path / "out/pairs.parquet").column("message").to_pylist()
    assert left == ["b", "d", "e"]
    report = json.loads((tmp_path / "out.apply.json").read_text())
    assert [shard["rows_without_login"] for shard in report["shards"]] == [5, 0]
    words[-1] = str(tmp_path / "out")
    assert main(["verify", *words, "--report", str(tmp_path / "r.json")]) == 0
    found = json.loads((tmp_path / "r.json").read_text())
    assert report["totals"]["rows_without_login"] == 5 and found["rows_without_login"] == 3


def test_a_login_in_a_struct_is_found_too_and_a_number_where_there_is_one(tmp_path):
    table = pa.table(
        {
            "repo": [{"name": "a/a", "id": 5}, {"name": "b/b", "id": 6}, {"name": "c/c", "id": 7}],
            "actor": [{"login": "x"}, {"login": "ADA"}, None],
        }
    )
    left = filtered(tmp_path, [rule("ada"), rule("old/name", repo_id=5)], table, "commits")
    assert left.column("repo").to_pylist() == [{"name": "c/c", "id": 7}]


def test_events_go_with_their_actor_their_opener_and_the_pull_requests_source(tmp_path):
    left = filtered(tmp_path, [rule("ada")], EVENTS, "issues")
    assert left.column("head_repo_name").to_pylist() == ["bob/fork"]


def test_a_repository_rule_leaves_a_pull_request_that_only_came_from_there(tmp_path):
    assert filtered(tmp_path, [rule("ada/fork")], EVENTS, "issues").num_rows == EVENTS.num_rows


@pytest.mark.parametrize("kind", [pa.list_, pa.large_list])
def test_conversations_go_or_lose_single_events(tmp_path, kind):
    left = filtered(tmp_path, [rule("Ada")], conversations(kind), "issues")
    guids, events = left.column("pull_request.guid").to_pylist(), left.column("events").to_pylist()
    assert guids == [f"bob/{name}" for name in ("y/pull/2", "pull/pull/6", "y/pull/7", "y/pull/8")]
    assert [each["actor.login"] for each in events[0]] == ["bob", "carol"]
    assert events[1:] == [CONVERSATIONS[5][1], None, []]
    assert left.schema.equals(conversations(kind).schema)


def test_a_conversation_goes_by_its_repository(tmp_path):
    left = filtered(tmp_path, [rule("BOB/pull")], conversations(), "issues")
    assert left.num_rows == len(CONVERSATIONS) - 1
    assert "bob/pull/pull/6" not in left.column("pull_request.guid").to_pylist()


def test_events_are_cut_rightly_across_row_groups_and_counted(tmp_path):
    listed = exclusions(tmp_path / "list", [rule("ada"), rule("carol", ("issues",))])
    put(pa.concat_tables([conversations()] * 3), tmp_path / "in/a.parquet", row_group_size=5)
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options("issues"))
    assert report["totals"]["rows_removed"] == 12 and report["totals"]["events_removed"] == 9
    counted = {
        line["name_key"]: (line["rows_removed"], line["events_removed"]) for line in report["exclusions"]
    }
    assert counted == {"ada": (12, 6), "carol": (0, 3)}


@pytest.mark.parametrize("schema", ["v3", "v2-ids"])
def test_a_row_that_is_a_repository_goes_whole_and_its_files_are_counted(tmp_path, schema):
    name, number = ("repo_path", "repo_id") if schema == "v3" else ("repo_name", "github_id")
    table = pa.table(
        {name: ["ADA/x", "b/b", "c/c"], number: [1, 2, 3], "num_files": pa.array([4, 5, 6], pa.int32())}
    )
    listed = exclusions(tmp_path / "list", [rule("ada"), rule("old/c", repo_id=3)])
    put(table, tmp_path / "in/a.parquet")
    report = apply(listed, [tmp_path / "in"], output=tmp_path / "out", options=Options(schema))
    assert report["totals"]["rows_removed"] == 2 and report["totals"]["files_removed"] == 10
    assert [line["files_removed"] for line in report["exclusions"]] == [4, 6]
