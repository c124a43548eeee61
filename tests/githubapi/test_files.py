"""A file in a repository, read to its size limit and no further."""

import base64
from typing import Any

import pytest

from bigcode_optout.githubapi import BadAnswer, GitHubClient, NotFound

from .scripted_github import ScriptedGitHub, answer

PATH = "/repos/quillon-marsh/tidepool/contents/bigcode-optout.txt"


def content_body(data: bytes = b"code 7KQ2\n", **changes: Any) -> dict[str, Any]:
    text = base64.encodebytes(data).decode()
    return {"type": "file", "encoding": "base64", "size": len(data), "content": text} | changes


def test_a_file_is_read_to_the_byte(github: ScriptedGitHub, client: GitHubClient) -> None:
    data = bytes(range(256)) * 4
    github.on(PATH, answer(content_body(data)))

    assert client.file_content("quillon-marsh/tidepool", "bigcode-optout.txt") == data


def test_a_path_is_quoted_part_by_part(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/repos/quillon-marsh/tidepool/contents/a%20b/%C3%A4%3F.txt", answer(content_body()))

    assert client.file_content("quillon-marsh/tidepool", "a b/ä?.txt") == b"code 7KQ2\n"


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../secrets", "a//b", "a/./b"])
def test_a_path_that_leaves_the_repository_is_refused(
    path: str, github: ScriptedGitHub, client: GitHubClient
) -> None:
    with pytest.raises(ValueError, match="inside the repository"):
        client.file_content("quillon-marsh/tidepool", path)
    assert github.asked == []


@pytest.mark.parametrize(
    "body", [[], [content_body()], *({"type": t} for t in ("dir", "symlink", "submodule"))]
)
def test_what_is_there_but_is_no_file_is_not_found(
    body: object, github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on(PATH, answer(body))

    with pytest.raises(NotFound):
        client.file_content("quillon-marsh/tidepool", "bigcode-optout.txt")


@pytest.mark.parametrize(
    "body",
    [
        content_body(b"x" * 101),
        content_body(size=5),
        content_body(size=True),
        content_body(size="10"),
        content_body(encoding="none", content=""),
        content_body(content="!!!!"),
        content_body(content=None),
        {},
        None,
    ],
)
def test_a_file_too_large_or_at_odds_with_itself_is_no_answer(
    body: object, github: ScriptedGitHub, client: GitHubClient
) -> None:
    github.on(PATH, answer(body))

    with pytest.raises(BadAnswer):
        client.file_content("quillon-marsh/tidepool", "bigcode-optout.txt", max_bytes=100)
