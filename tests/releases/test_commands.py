"""The commands that scripts rely on: JSON out, exit code 0 only on success."""

import datetime as dt
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from bigcode_optout.core import clock
from bigcode_optout.releases.models import Release
from tests.builders import make_index, make_persona, make_user
from tests.releases.builders import accepted_request

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_freeze_export_and_hand_over_from_a_script(index, tmp_path):
    accepted_request(make_user())
    frozen = run("freeze_release", "v3.1", "--dataset", "the-stack", "--without-preparation")
    assert (frozen["state"], frozen["rules"]) == ("frozen", 1)
    exported = run("export_release", "v3.1", "--format", "jsonl", "--output", str(tmp_path / "out"))
    assert exported["manifest"]["counts"]["rules"] == 1
    assert (tmp_path / "out" / "manifest.json").exists()
    assert run("hand_over_release", "v3.1")["state"] == "handed_over"


def test_a_second_freeze_fails_with_a_sentence(index):
    run("freeze_release", "v3.1", "--without-preparation")
    with pytest.raises(CommandError, match="does not change"):
        run("freeze_release", "v3.1", "--without-preparation")


@pytest.mark.parametrize("command", ["export_release", "hand_over_release"])
def test_a_release_that_does_not_exist_is_an_error(index, tmp_path, command):
    more = ["--format", "csv", "--output", str(tmp_path / "x")] if command == "export_release" else []
    with pytest.raises(CommandError, match="There is no release"):
        run(command, "v9", *more)
    assert not Release.objects.exists()


def test_freezing_a_dataset_that_does_not_exist_is_an_error(index):
    with pytest.raises(CommandError, match="There is no dataset"):
        run("freeze_release", "v3.1", "--dataset", "the-heap", "--without-preparation")


@pytest.fixture
def standing(sandbox, tmp_path):
    """An accepted request of somebody in the stand-in."""
    make_index(tmp_path, [("quillon-marsh/kelp", None, 10)])
    user = make_persona(sandbox, "quillon-marsh")
    return accepted_request(user)


def test_a_script_prepares_and_then_freezes(standing, sandbox):
    sandbox.world.rename_account("quillon-marsh", "quillon-dune")
    facts = run("prepare_release", "v3.1")
    assert (facts["questions"], facts["answered"], facts["renamed"], facts["contradictions"]) == (1, 1, 1, [])
    assert facts["renamed_names"] == [{"name": "quillon-marsh", "now": "quillon-dune"}]
    assert run("prepare_release", "v3.1", "--status") == facts
    assert run("freeze_release", "v3.1")["state"] == "frozen"


def test_a_freeze_without_preparation_is_refused_with_the_way_on(standing):
    with pytest.raises(CommandError, match="There is no release"):
        run("freeze_release", "v3.1")
    run("plan_release", "v3.1")
    with pytest.raises(CommandError, match=r"Run prepare_release, or freeze with --without-preparation\."):
        run("freeze_release", "v3.1")
    assert Release.objects.get().state == "open"


def test_a_preparation_that_github_stops_ends_with_its_own_exit_code_and_goes_on_later(standing, sandbox):
    sandbox.faults.add("/user/", "primary_limit", seconds=600)
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("prepare_release", "v3.1", stdout=out)
    assert stopped.value.code == 3
    assert "0 of 1 questions are settled" in out.getvalue() and "in the worker" in out.getvalue()
    with time_machine.travel(clock.now() + dt.timedelta(seconds=700)):
        assert run("prepare_release", "v3.1")["answered"] == 1
    assert Release.objects.get().preparations.count() == 1


def test_the_status_of_what_was_never_prepared_is_an_error(index):
    run("plan_release", "v3.1")
    with pytest.raises(CommandError, match="was not prepared yet"):
        run("prepare_release", "v3.1", "--status")
