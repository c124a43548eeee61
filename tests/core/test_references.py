"""Reference numbers can be read out, typed back, and not be guessed."""

import pytest
from django.urls import Resolver404, path, register_converter, resolve
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.core.references import (
    ALPHABET,
    PATTERN,
    ReferenceConverter,
    new_reference,
    parse_reference,
)


def test_a_new_reference_has_two_groups_of_four_and_no_letter_that_is_mistaken_for_another() -> None:
    many = {new_reference() for _ in range(500)}
    assert len(many) == 500
    assert all(PATTERN.fullmatch(reference) for reference in many)
    assert not set("01OILUV") & set(ALPHABET)


@given(
    st.text(alphabet=ALPHABET, min_size=8, max_size=8), st.sampled_from(["", " ", "-", " - "]), st.booleans()
)
def test_a_reference_is_understood_however_it_is_typed(letters: str, gap: str, is_lower: bool) -> None:
    typed = f"OPT{gap}{letters[:4]}{gap}{letters[4:]}"
    assert parse_reference(typed.lower() if is_lower else typed) == f"OPT-{letters[:4]}-{letters[4:]}"


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    found = parse_reference(text)
    assert found is None or PATTERN.fullmatch(found)


@pytest.mark.parametrize("text", ["", "OPT-", "OPT-0000-0000", "OPT-7KQ2-M9X", "OPT-7KQ2-M9XDA"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse_reference(text) is None


register_converter(ReferenceConverter, "tested_reference")
addresses = type(
    "addresses", (), {"urlpatterns": [path("r/<tested_reference:reference>/", lambda request: None)]}
)


@pytest.mark.parametrize("bad", ["opt-7kq2-m9xd", "OPT-7KQ2-M9X0", "OPT-7KQ2M9XD", "OPT-7KQ2-M9XD-2222"])
def test_an_address_without_a_proper_reference_leads_nowhere(bad: str) -> None:
    assert resolve("/r/OPT-7KQ2-M9XD/", addresses).kwargs == {"reference": "OPT-7KQ2-M9XD"}
    with pytest.raises(Resolver404):
        resolve(f"/r/{bad}/", addresses)
