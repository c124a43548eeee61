"""Former logins, condition by condition: each is needed, and what is proven one by one does not wait for the rest."""

import datetime as dt
from dataclasses import replace

import pytest

from bigcode_optout.claims.authority import Guard, Holder, InVersion, Located, Standing, Subject, Verdict
from bigcode_optout.claims.authority_former import assess_former_login, assess_former_repository

DATA_DATE = dt.date(2023, 9, 6)
OLD = Subject(is_role_proven=True, created_at=dt.datetime(2012, 5, 2, tzinfo=dt.UTC))
YOUNG = replace(OLD, created_at=dt.datetime(2024, 5, 2, tzinfo=dt.UTC))
OURS, OTHERS, GONE = Standing.OURS, Standing.OTHERS, Standing.GONE


def version(
    *standings: Standing,
    has_id: bool = False,
    holder: Holder = Holder.NOBODY,
    name: str = "v2.0",
    first: int = 1,
) -> InVersion:
    rows = [
        Located(f"fennwick/r{number}", has_id, True, each, holder, number if each is OURS else None)
        for number, each in enumerate(standings, start=first)
    ]
    return InVersion(name, DATA_DATE, rows, holder)


def judge(*versions: InVersion, subject: Subject = OLD):
    return assess_former_login(subject, versions)


def test_three_of_six_that_lead_to_the_account_prove_the_whole_login():
    found = judge(version(OURS, OURS, OURS, GONE, GONE, GONE))
    assert (found.verdict, found.rule, found.guards) == (Verdict.PROVEN, "former_login", ())
    assert (found.findings[0].by_name_count, found.findings[0].gone_count) == (6, 3)


@pytest.mark.parametrize(
    ("found_there", "guard"),
    [
        (version(OURS, OURS, GONE), Guard.LOGIN_NOT_SHOWN),
        (version(OURS, OURS), Guard.LOGIN_NOT_SHOWN),
        (version(OURS, OURS, OURS, GONE, GONE, GONE, GONE), Guard.LOGIN_NOT_SHOWN),
        (version(OURS, OURS, OURS, OTHERS), Guard.OTHER_OWNER),
        (version(OURS, OURS, OURS, holder=Holder.OTHER), Guard.LOGIN_HELD),
        (version(OURS, OURS, OURS, holder=Holder.UNKNOWN), Guard.GITHUB_SILENT),
        (version(OURS, OURS, OURS, GONE, has_id=True), Guard.UNRESOLVED),
        (version(OURS, OURS, OURS, Standing.SILENT), Guard.GITHUB_SILENT),
        (version(OURS, OURS, OURS, Standing.NOT_ASKED), Guard.TOO_MANY_TO_ASK),
        (version(Standing.UNSEARCHED), Guard.LOCATING_GAVE_UP),
        (version(), Guard.LOGIN_NOT_SHOWN),
    ],
)
def test_each_condition_is_needed(found_there, guard):
    found = judge(found_there)
    assert found.rule == ""
    assert guard in found.guards


def test_every_version_has_to_show_it_for_itself():
    shown = version(OURS, OURS, OURS, has_id=True, name="v2.1")
    not_shown = version(GONE, GONE, first=7)
    assert judge(shown).rule == "former_login"
    found = judge(shown, not_shown)
    assert (found.verdict, found.rule) == (Verdict.PARTLY, "")
    assert [one.guards for one in found.findings] == [(), (Guard.LOGIN_NOT_SHOWN,)]


def test_a_version_with_fewer_is_enough_beside_one_that_shows_the_login_if_all_of_it_is_proven():
    assert judge(version(OURS, OURS, OURS, OURS, name="v2.1"), version(OURS)).rule == "former_login"


def test_what_is_proven_one_by_one_is_named_with_its_number_though_the_login_waits():
    found = judge(version(OURS, GONE, OTHERS, has_id=True))
    assert found.alone == (("fennwick/r1", 1),)
    assert (found.verdict, found.rule) == (Verdict.CONTRADICTED, "")
    assert judge(version(OURS, OURS, OURS)).alone == ()


def test_a_name_that_leads_to_two_repositories_over_time_is_not_proven_alone():
    twice = version(OURS, has_id=True, name="v2.1")
    other = InVersion(
        "v2.0", DATA_DATE, [replace(twice.located[0], has_id=False, resolved_id=77)], Holder.NOBODY
    )
    assert judge(twice, other).alone == ()
    assert judge(twice).alone == (("fennwick/r1", 1),)


@pytest.mark.parametrize("has_id", [True, False])
def test_an_account_younger_than_the_data_cannot_have_had_the_login_then(has_id):
    found = judge(version(OURS, OURS, OURS, has_id=has_id), subject=YOUNG)
    assert (found.rule, found.alone, found.guards) == ("", (), (Guard.TRANSFERRED,))


@pytest.mark.parametrize(
    ("doubt", "guard"),
    [
        ({"is_role_proven": False}, Guard.ROLE_NOT_PROVEN),
        ({"is_role_recent": False}, Guard.ROLE_PROVEN_LONG_AGO),
        ({"is_owner_read": False}, Guard.OWNER_NOT_READ),
        ({"is_large": True}, Guard.LARGE_ORGANISATION),
    ],
)
def test_doubt_about_the_account_itself_leaves_nothing_to_a_rule(doubt, guard):
    found = judge(version(OURS, OURS, OURS), subject=replace(OLD, **doubt))
    assert (found.rule, found.alone) == ("", ())
    assert guard in found.guards


def test_one_repository_under_a_former_login_is_proven_for_itself():
    found = assess_former_repository(OLD, [version(OURS)])
    assert (found.verdict, found.rule, found.guards) == (Verdict.PROVEN, "former_repository", ())


@pytest.mark.parametrize(
    ("found_there", "guard"),
    [
        (version(GONE), Guard.NOT_CONFIRMED),
        (version(GONE, has_id=True), Guard.UNRESOLVED),
        (version(OTHERS), Guard.OTHER_OWNER),
        (version(OURS, holder=Holder.OTHER), Guard.LOGIN_HELD),
        (version(), Guard.NOT_CONFIRMED),
    ],
)
def test_one_repository_that_does_not_lead_to_the_account_waits(found_there, guard):
    found = assess_former_repository(OLD, [found_there])
    assert found.rule == ""
    assert guard in found.guards
