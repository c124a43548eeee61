"""One slip of the finger is seen, two are not, and nothing is ever guessed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bigcode_optout.names import fold, is_near, near_names

LETTERS = "abcXYZ09-_."
NAMES = st.text(LETTERS, min_size=1, max_size=12)
SIGN = st.sampled_from(LETTERS)


def distance(one: str, other: str) -> int:
    """Optimal string alignment by its textbook table: edits, and swaps of neighbours, none of a part twice."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            differ = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + differ)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(NAMES, NAMES)
def test_near_is_a_distance_of_one_and_the_same_both_ways(one, other):
    assert is_near(one, other) is is_near(other, one) is (distance(fold(one), fold(other)) == 1)


@given(NAMES, SIGN, st.data())
def test_a_letter_too_many_is_seen_wherever_it_stands(name, sign, data):
    place = data.draw(st.integers(0, len(name)))
    assert is_near(name, name[:place] + sign + name[place:])


@given(NAMES, SIGN, st.data())
def test_a_wrong_letter_is_seen(name, sign, data):
    place = data.draw(st.integers(0, len(name) - 1))
    assume(fold(sign) != fold(name[place]))
    assert is_near(name, name[:place] + sign + name[place + 1 :])


@given(st.text(LETTERS, min_size=2, max_size=12), st.data())
def test_two_swapped_neighbours_are_seen(name, data):
    place = data.draw(st.integers(0, len(name) - 2))
    assume(fold(name[place]) != fold(name[place + 1]))
    assert is_near(name, name[:place] + name[place + 1] + name[place] + name[place + 2 :])


@given(NAMES)
def test_letter_case_is_no_edit(name):
    assert not is_near(name, name.swapcase())


@pytest.mark.parametrize(
    ("one", "other"),
    [("tern-hollow", "tren-hollwo"), ("abc", "cba"), ("otter", "otter-quay"), ("\u212aelp", "kelps")],
)
def test_more_than_one_edit_is_not_near(one, other):
    assert not is_near(one, other)


@given(NAMES, st.lists(NAMES, max_size=6))
def test_only_known_names_are_asked_about_and_never_for_a_known_one(typed, known):
    found = near_names(typed, known)
    assert set(found) <= set(known)
    assert all(is_near(typed, name) for name in found)
    assert near_names(typed, [*known, typed.swapcase()]) == []


def test_the_spelling_of_the_known_name_is_kept():
    assert near_names("quillon-mash", ["Quillon-Marsh", "quillon-mush"]) == ["Quillon-Marsh", "quillon-mush"]
