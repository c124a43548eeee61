"""The page about the lifecycle says what the table says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.releases import diagram as of_releases
from bigcode_optout.removals.diagram import BEGIN, END, diagram, table, with_diagram
from bigcode_optout.removals.lifecycle import TABLE


def test_every_move_of_the_table_is_an_arrow() -> None:
    arrows = diagram()
    for row in TABLE.values():
        for source in row.sources:
            assert f"    {source} --> {row.target}: {row.verb}\n" in arrows


def test_the_table_says_who_and_on_what_condition() -> None:
    lines = {line.split(" | ")[0].removeprefix("| "): line for line in table().splitlines()}
    assert "never by the requester" in lines["accept"]
    assert "only before the freeze" in lines["withdraw"]
    assert lines["appeal"].endswith("| requester | once |")


def test_what_people_wrote_around_the_diagram_stays() -> None:
    page = with_diagram(f"above\n{BEGIN}\nold\n{END}\nbelow\n")
    assert page.startswith("above\n")
    assert page.endswith("\nbelow\n")
    assert "old" not in page
    assert with_diagram(page) == page


def test_a_stale_page_fails_the_check_and_is_put_right_by_the_command(tmp_path) -> None:
    path = tmp_path / "lifecycle.md"
    path.write_text(f"{BEGIN}\n{END}\n{of_releases.BEGIN}\n{of_releases.END}\n")
    with pytest.raises(CommandError, match="make docs"):
        call_command("lifecycle_diagram", "--check", "--path", path)
    call_command("lifecycle_diagram", "--path", path, stdout=StringIO())
    call_command("lifecycle_diagram", "--check", "--path", path)
    assert diagram() in path.read_text()
    assert of_releases.diagram() in path.read_text()


def test_a_page_without_the_marks_is_refused(tmp_path) -> None:
    path = tmp_path / "lifecycle.md"
    path.write_text("no marks")
    with pytest.raises(CommandError, match="marks"):
        call_command("lifecycle_diagram", "--path", path)
