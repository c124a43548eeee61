"""What locating and sweeps find, and the command that counts copies."""

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.catalog import queries
from tests.builders import make_index

pytestmark = pytest.mark.django_db
ROWS = [("Tern/notes", 7, 3), ("tern/wings", None, 9), ("gull/one", 5, 1)]


def test_what_is_found_has_name_id_and_sizes_and_everything_only_when_asked_for(tmp_path):
    version = make_index(tmp_path, ROWS)
    brief = {
        match.repository.repo_name: match
        for match in queries.find(version, owners=["TERN"], repository_ids=[5])
    }
    assert {name: set(match.by) for name, match in brief.items()} == {
        "Tern/notes": {"owner"},
        "tern/wings": {"owner"},
        "gull/one": {"repository_id"},
    }
    found = brief["Tern/notes"].repository
    assert (found.repo_key, found.repo_id, found.files, found.bytes, found.languages) == (
        "tern/notes",
        7,
        1,
        3,
        (),
    )
    [whole] = queries.find(version, repositories=["tern/notes"], is_brief=False)
    assert [share.language for share in whole.repository.languages] == ["Python"]


def test_holdings_have_the_languages(tmp_path):
    make_index(tmp_path, ROWS)
    rows = queries.holdings("the-stack", owner="tern")
    assert [row.full_name for row in rows] == ["tern/wings", "Tern/notes"]
    assert all(row.latest.languages for row in rows)


@pytest.mark.parametrize("threads", ["0", "-1", "two"])
def test_a_number_of_threads_that_is_none_is_refused(tmp_path, threads):
    with pytest.raises(CommandError, match="no number of threads"):
        call_command("count_copies", "v2.1", str(tmp_path), f"--threads={threads}")
