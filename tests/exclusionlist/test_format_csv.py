"""No cell of the CSV can run as a formula, and every name comes back as it was."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from bigcode_optout.exclusionlist import Rule
from bigcode_optout.exclusionlist.format_csv import guard, unguard
from bigcode_optout.exclusionlist.formats import SPECS, Aids

from .builders import lists_of_rules, rule

RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r", "\n")


def encode(rules: list[Rule]) -> bytes:
    file = io.BytesIO()
    SPECS["csv"].encode(rules, Aids(), file)
    return file.getvalue()


@given(st.text() | st.text(alphabet="=+-@'\t\r\nab"))
@example("'=1")
@example("''")
def test_every_text_comes_back_from_its_guarded_cell(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(RUNS_IN_A_SPREADSHEET)


@given(lists_of_rules)
def test_no_cell_of_a_list_runs_and_every_rule_comes_back(rules):
    content = encode(rules)
    cells = [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    assert not [cell for cell in cells if cell.startswith(RUNS_IN_A_SPREADSHEET)]
    assert SPECS["csv"].decode(content) == rules


def test_an_ordinary_name_is_written_as_it_is_and_absent_values_are_empty():
    lines = encode([rule("Ada-Example", ("files",)), rule("-2/3", repo_id=5)]).decode().split("\n")
    assert lines[1:] == [
        "owner,Ada-Example,ada-example,,,,true,false,false,v3.2",
        "repository,'-2/3,'-2/3,,,5,true,true,true,v3.2",
        "",
    ]
