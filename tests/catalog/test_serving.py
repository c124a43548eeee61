"""The versions that look-ups of programs ask for: kept for a second, and right again after it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bigcode_optout.catalog import serving
from bigcode_optout.catalog.models import DatasetVersion
from bigcode_optout.catalog.short_answer import short_answers
from bigcode_optout.core.errors import Unavailable
from bigcode_optout.names import parse
from tests.builders import make_index

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def version(tmp_path):
    serving.forget_versions()
    yield make_index(tmp_path, [("tern/notes", 7, 3), ("Tern/wings", None, 9), ("gull/one", 5, 1)])
    serving.forget_versions()


def queries_of(act):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return len(captured)


def test_within_a_second_nothing_is_asked_and_then_one_question_that_changes_nothing(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(serving.time, "monotonic", lambda: now[0])
    kept = serving.kept_versions("the-stack")
    assert queries_of(lambda: serving.kept_versions("the-stack")) == 0
    now[0] += 2
    assert queries_of(lambda: serving.kept_versions("the-stack")) == 1
    assert serving.kept_versions("the-stack") is kept


def test_a_switch_by_another_process_is_noticed_after_a_second(version, tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(serving.time, "monotonic", lambda: now[0])
    [before] = serving.kept_versions("the-stack")
    make_index(tmp_path, [("gull/one", 5, 1)])
    assert serving.kept_versions("the-stack")[0].current_build_id == before.current_build_id
    now[0] += 1.1
    assert serving.kept_versions("the-stack")[0].current_build_id != before.current_build_id


@pytest.mark.django_db(transaction=True)
def test_a_switch_by_this_process_is_noticed_at_once(tmp_path):
    make_index(tmp_path, [("gull/one", 5, 1)])
    serving.kept_versions("the-stack")
    made = make_index(tmp_path, [("gull/two", 5, 1)]).current_build
    assert [each.current_build for each in serving.kept_versions("the-stack")] == [made]


def test_totals_count_all_and_the_largest_come_first():
    [owner] = short_answers("the-stack", parse("TERN"), limit=1)
    assert (owner.totals.repositories, owner.totals.files, owner.totals.bytes) == (2, 2, 12)
    assert [one.repo_name for one in owner.first] == ["Tern/wings"]
    [one] = short_answers("the-stack", parse("tern/NOTES"), limit=5)
    assert (one.totals.repositories, one.totals.bytes, one.first[0].repo_id) == (1, 3, 7)
    [none] = short_answers("the-stack", parse("nobody"), limit=5)
    assert none.totals.repositories == 0 and none.first == []


def test_an_index_that_cannot_be_read_is_never_taken_for_nothing(version):
    DatasetVersion.objects.filter(pk=version.pk).update(name="v2.1")
    type(version.current_build).objects.update(path="the-stack/v2.1/20010101T000000-00000000")
    with pytest.raises(Unavailable, match=r"cannot look into v2\.1"):
        short_answers("the-stack", parse("tern"), limit=5)
