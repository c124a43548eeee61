"""Whatever JSON comes, a typed answer is valid or there is none."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.githubapi import Account, BadAnswer, Membership, Organisation, Repository, Viewer
from bigcode_optout.githubapi.fields import parsed_json
from bigcode_optout.githubapi.files import file_bytes
from bigcode_optout.names import OwnerName, split_full_name

from .bodies import membership_body, organisation_body, repository_body, user_body

KINDS: list[tuple[Callable[[object], Any], dict[str, Any]]] = [
    (Account.from_answer, user_body()),
    (Viewer.from_answer, user_body()),
    (Organisation.from_answer, organisation_body()),
    (Membership.from_answer, membership_body()),
    (lambda body: Repository.from_answer(body, asked_by_person=True), repository_body()),
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["User", "Organization", "a", "a/b", "ghost", "2020-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59"]
    )
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(("parse", "whole"), KINDS)
@given(data=st.data())
def test_arbitrary_json_gives_a_valid_answer_or_a_bad_answer(
    parse: Callable[[object], Any], whole: dict[str, Any], data: st.DataObject
) -> None:
    body: Any = data.draw(json_values)
    if data.draw(st.booleans()):
        changed = data.draw(st.dictionaries(st.sampled_from([*whole, "parent"]), json_values, max_size=2))
        body = whole | changed
    try:
        found = parse(body)
    except BadAnswer as err:
        assert err.__context__ is None
        return
    assert_valid(found)


def assert_valid(found: Any) -> None:
    match found:
        case Viewer(account=account):
            assert account.kind == "User"
            assert_valid(account)
        case Membership():
            assert_id(found.organisation_id)
            assert OwnerName(found.organisation_login)
            assert found.state in {"active", "pending"}
        case Repository():
            assert_id(found.id)
            assert_id(found.owner_id)
            name = split_full_name(found.full_name)
            assert name is not None
            assert name.owner_key == OwnerName(found.owner_login).key
            assert isinstance(found.is_fork, bool)
            assert isinstance(found.is_private, bool)
            assert found.may_administer in {True, False, None}
            assert found.created_at is None or found.created_at.tzinfo is UTC
        case Account() | Organisation():
            assert_id(found.id)
            assert OwnerName(found.login)
            assert found.created_at.tzinfo is UTC
            str(found).encode()
        case _:
            pytest.fail("no such kind")


def assert_id(number: object) -> None:
    assert type(number) is int
    assert 0 < number < 2**63


@given(json_values)
def test_arbitrary_json_never_breaks_the_reading_of_a_file(body: object) -> None:
    try:
        data = file_bytes(body, 100)
    except Exception as err:
        assert type(err).__name__ in {"BadAnswer", "NotFound"}
    else:
        assert isinstance(data, bytes)


@given(st.binary())
def test_arbitrary_bytes_are_json_or_a_bad_answer(body: bytes) -> None:
    try:
        parsed_json(body)
    except BadAnswer as err:
        assert err.__context__ is None


@pytest.mark.parametrize(("parse", "whole"), KINDS)
def test_each_needed_key_is_missed(parse: Callable[[object], Any], whole: dict[str, Any]) -> None:
    optional = {"description", "blog", "location", "permissions", "user"}
    if "full_name" in whole:
        optional.add("created_at")
    for key in set(whole) - optional:
        with pytest.raises(BadAnswer):
            parse({name: value for name, value in whole.items() if name != key})
    for key in set(whole) & optional:
        parse({name: value for name, value in whole.items() if name != key})


@pytest.mark.parametrize("number", [True, 0, -1, 1.0, "101", None, 2**63, [101]])
def test_an_id_is_a_positive_whole_number(number: object) -> None:
    with pytest.raises(BadAnswer):
        Account.from_answer(user_body(id=number))


@pytest.mark.parametrize(
    "login",
    ["", " quillon", "@quillon", "https://github.com/quillon", "a/b", "ghost", "\u212aelvin", "x" * 40, 7],
)
def test_a_login_is_taken_as_it_stands_or_not_at_all(login: object) -> None:
    with pytest.raises(BadAnswer):
        Account.from_answer(user_body(login=login))


@pytest.mark.parametrize(
    "time",
    [
        "",
        "2012",
        "2012-03-04",
        "2012-03-04T05:06:07",
        "2012-02-30T05:06:07Z",
        "2012-W10-1T05:06:07Z",
        1330837567,
    ],
)
def test_a_creation_time_needs_its_zone(time: object) -> None:
    with pytest.raises(BadAnswer):
        Account.from_answer(user_body(created_at=time))


def test_a_time_in_another_zone_is_turned_to_utc() -> None:
    account = Account.from_answer(user_body(created_at="2012-03-04T01:06:07-04:00"))

    assert account.created_at == datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_repository_whose_name_has_another_owner_is_no_answer() -> None:
    with pytest.raises(BadAnswer):
        Repository.from_answer(repository_body(full_name="somebody-else/tidepool"))


def test_letter_case_of_the_owner_does_not_matter() -> None:
    repository = Repository.from_answer(repository_body(full_name="Quillon-Marsh/tidepool"))

    assert repository.full_name == "Quillon-Marsh/tidepool"


def test_a_list_may_leave_the_creation_time_out() -> None:
    assert Repository.from_answer(repository_body(created_at=None)).created_at is None


@pytest.mark.parametrize("permissions", [{"admin": "true"}, {"admin": 1}, {}, [], "admin"])
def test_only_a_plain_true_makes_an_administrator(permissions: object) -> None:
    with pytest.raises(BadAnswer):
        Repository.from_answer(repository_body(permissions=permissions), asked_by_person=True)


def test_text_that_no_database_holds_is_refused() -> None:
    for text in ("\ud800", "a\0b", 7):
        with pytest.raises(BadAnswer):
            Organisation.from_answer(organisation_body(description=text))
