"""What is proven by machine, case by case and over random worlds."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigcode_optout.claims.authority import (
    GUARD_SENTENCES,
    Guard,
    Holder,
    InVersion,
    Located,
    Standing,
    Subject,
    Verdict,
    assess,
)

DATA_DATE = dt.date(2023, 9, 6)
OLD = Subject(is_role_proven=True, created_at=dt.datetime(2013, 3, 14, tzinfo=dt.UTC))
YOUNG = Subject(is_role_proven=True, created_at=dt.datetime(2024, 5, 2, tzinfo=dt.UTC))


def version(*located: Located, name: str = "v2.1", data_date: dt.date = DATA_DATE) -> InVersion:
    return InVersion(name, data_date, located)


def row(
    standing: Standing, *, has_id: bool = True, under_name: bool = True, holder: Holder = Holder.SELF
) -> Located:
    return Located("somebody/something", has_id, under_name, standing, holder)


def judge(*versions: InVersion, subject: Subject = OLD):
    return assess("own_account", subject, versions)


def test_repositories_whose_number_has_this_owner_are_proven():
    found = judge(version(row(Standing.OURS), row(Standing.OURS)))
    assert (found.verdict, found.rule, found.guards) == (Verdict.PROVEN, "own_account", ())
    assert found.findings[0].by_id_count == 2


def test_an_account_of_which_nothing_is_in_the_data_is_proven_by_the_sign_in():
    assert judge(version()).rule == "own_account"
    assert judge(version(), subject=YOUNG).rule == "own_account"


def test_rows_without_numbers_are_proven_when_one_resolves_and_none_speaks_against():
    found = judge(version(row(Standing.OURS, has_id=False), row(Standing.GONE, has_id=False)))
    assert found.rule == "own_account"
    assert found.findings[0].by_name_count == 2


def test_rows_without_numbers_need_one_that_resolves_or_a_version_with_numbers_that_confirms_the_name():
    gone = version(row(Standing.GONE, has_id=False), name="v2.0")
    assert judge(gone).guards == (Guard.NOT_CONFIRMED,)
    assert judge(gone, version(row(Standing.OURS))).rule == "own_account"
    former_name = version(row(Standing.OURS, under_name=False))
    assert judge(gone, former_name).guards == (Guard.NOT_CONFIRMED,)


@pytest.mark.parametrize("has_id", [True, False])
def test_one_repository_of_somebody_else_sends_everything_to_a_person(has_id):
    found = judge(version(row(Standing.OURS), row(Standing.OTHERS, has_id=has_id)))
    assert (found.verdict, found.rule) == (Verdict.CONTRADICTED, "")
    assert Guard.OTHER_OWNER in found.guards


def test_a_name_taker_is_never_proven_by_name():
    found = judge(version(row(Standing.GONE, has_id=False)), subject=YOUNG)
    assert (found.verdict, found.guards) == (Verdict.CONTRADICTED, (Guard.NAME_TAKER,))
    unresolved_but_ours = judge(version(row(Standing.OURS, has_id=False)), subject=YOUNG)
    assert unresolved_but_ours.guards == (Guard.NAME_TAKER,)


def test_what_a_young_account_has_by_number_was_given_to_it_after_the_data():
    """Decision 10: it is the account's today, and cannot have been on the day of the data."""
    found = judge(version(row(Standing.OURS, under_name=False, holder=Holder.NOBODY)), subject=YOUNG)
    assert (found.verdict, found.rule, found.guards) == (Verdict.PROVEN, "", (Guard.TRANSFERRED,))


@pytest.mark.parametrize(
    ("holder", "guards"),
    [
        (Holder.NOBODY, ()),
        (Holder.SELF, ()),
        (Holder.OTHER, (Guard.TRANSFERRED,)),
        (Holder.UNKNOWN, (Guard.GITHUB_SILENT,)),
    ],
)
def test_a_repository_under_another_name_is_accepted_unless_that_name_is_anothers_today(holder, guards):
    found = judge(version(row(Standing.OURS, under_name=False, holder=holder)))
    assert (found.verdict, found.rule, found.guards) == (
        Verdict.PROVEN,
        "" if guards else "own_account",
        guards,
    )


def test_a_repository_of_somebody_else_may_have_changed_hands_for_whoever_administers_it_today():
    administered = Subject(is_role_proven=True, created_at=OLD.created_at, is_owner=False)
    assert judge(version(row(Standing.OURS, holder=Holder.OTHER)), subject=administered).rule


def test_the_account_may_be_as_old_as_the_data_to_the_day():
    on_the_day = Subject(True, dt.datetime(2023, 9, 6, 23, 59, tzinfo=dt.UTC))
    assert judge(version(row(Standing.OURS, has_id=False)), subject=on_the_day).rule
    day_after = Subject(True, dt.datetime(2023, 9, 7, tzinfo=dt.UTC))
    assert judge(version(row(Standing.OURS, has_id=False)), subject=day_after).guards == (Guard.NAME_TAKER,)


@pytest.mark.parametrize(
    ("standing", "guard"),
    [
        (Standing.GONE, Guard.UNRESOLVED),
        (Standing.SILENT, Guard.GITHUB_SILENT),
        (Standing.NOT_ASKED, Guard.TOO_MANY_TO_ASK),
        (Standing.UNSEARCHED, Guard.LOCATING_GAVE_UP),
    ],
)
def test_what_could_not_be_read_is_told_apart_and_waits_for_a_person(standing, guard):
    found = judge(version(row(Standing.OURS), row(standing)))
    assert guard in found.guards
    assert (found.verdict, found.rule) == (Verdict.PARTLY, "")


def test_without_a_proven_role_nothing_is_proven():
    member = Subject(is_role_proven=False, created_at=OLD.created_at)
    found = judge(version(row(Standing.OURS)), subject=member)
    assert (found.verdict, found.rule) == (Verdict.UNPROVEN, "")
    assert Guard.ROLE_NOT_PROVEN in found.guards


def test_of_a_subject_that_github_was_not_asked_about_nothing_is_said_but_that():
    unknown = Subject(is_role_proven=False, created_at=None, is_known=False)
    found = judge(version(row(Standing.OTHERS)), subject=unknown)
    assert (found.verdict, found.rule, found.guards) == (Verdict.UNPROVEN, "", (Guard.ROLE_NOT_PROVEN,))
    unsearched = judge(version(row(Standing.UNSEARCHED)), subject=unknown)
    assert Guard.LOCATING_GAVE_UP in unsearched.guards
    claimed = judge(version(), subject=Subject(is_role_proven=True, created_at=None, is_known=False))
    assert (claimed.verdict, claimed.rule) == (Verdict.UNPROVEN, "")


def test_a_large_organisation_is_proven_yet_never_accepted_by_rule():
    large = Subject(is_role_proven=True, created_at=OLD.created_at, is_large=True)
    found = judge(version(row(Standing.OURS)), subject=large)
    assert (found.verdict, found.rule, found.guards) == (Verdict.PROVEN, "", (Guard.LARGE_ORGANISATION,))


def test_what_was_asked_without_an_account_is_never_proven_and_says_so():
    stated = Subject(is_role_proven=True, created_at=None, is_known=False, has_account=False)
    found = judge(version(row(Standing.GONE)), subject=stated)
    assert (found.verdict, found.rule, found.guards) == (Verdict.UNPROVEN, "", (Guard.NO_ACCOUNT,))


def test_every_guard_has_a_sentence():
    assert set(GUARD_SENTENCES) == set(Guard)


rows = st.builds(
    Located,
    full_name=st.just("a/b"),
    has_id=st.booleans(),
    under_name=st.booleans(),
    standing=st.sampled_from(Standing),
    holder=st.sampled_from(Holder),
)
worlds = st.lists(
    st.builds(
        InVersion,
        name=st.sampled_from(["v1", "v2", "v3"]),
        data_date=st.dates(dt.date(2022, 1, 1), dt.date(2026, 1, 1)),
        located=st.lists(rows, max_size=5),
    ),
    max_size=3,
    unique_by=lambda each: each.name,
)
subjects = st.builds(
    Subject,
    is_role_proven=st.booleans(),
    created_at=st.none()
    | st.datetimes(dt.datetime(2010, 1, 1), dt.datetime(2026, 1, 1), timezones=st.just(dt.UTC)),
    is_large=st.booleans(),
)


@given(subject=subjects, versions=worlds)
def test_a_rule_is_named_only_where_nothing_speaks_against(subject, versions):
    found = assess("own_account", subject, versions)
    if not found.rule:
        return
    everything = [each for one in versions for each in one.located]
    assert subject.is_role_proven and not subject.is_large and not found.guards
    assert not any(each.standing is Standing.OTHERS for each in everything)
    assert all(each.standing is Standing.OURS for each in everything if each.has_id)
    for one in versions:
        by_name = [each for each in one.located if not each.has_id and each.under_name]
        if by_name:
            assert subject.created_at is not None and subject.created_at.date() <= one.data_date


@given(subject=subjects, versions=worlds, extra=rows.filter(lambda each: each.standing is Standing.OTHERS))
def test_one_more_repository_of_somebody_else_never_helps(subject, versions, extra):
    worse = [*versions, version(extra, name="v9")]
    assert not assess("own_account", subject, worse).rule
