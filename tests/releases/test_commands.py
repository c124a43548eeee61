"""The commands that scripts rely on: JSON out, exit code 0 only on success."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.releases.models import Release
from tests.builders import make_user
from tests.releases.builders import accepted_request

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_freeze_export_and_hand_over_from_a_script(index, tmp_path):
    accepted_request(make_user())
    frozen = run("freeze_release", "v3.1", "--dataset", "the-stack")
    assert (frozen["state"], frozen["rules"]) == ("frozen", 1)
    exported = run("export_release", "v3.1", "--format", "jsonl", "--output", str(tmp_path / "out"))
    assert exported["manifest"]["counts"]["rules"] == 1
    assert (tmp_path / "out" / "manifest.json").exists()
    assert run("hand_over_release", "v3.1")["state"] == "handed_over"


def test_a_second_freeze_fails_with_a_sentence(index):
    run("freeze_release", "v3.1")
    with pytest.raises(CommandError, match="does not change"):
        run("freeze_release", "v3.1")


@pytest.mark.parametrize("command", ["export_release", "hand_over_release"])
def test_a_release_that_does_not_exist_is_an_error(index, tmp_path, command):
    more = ["--format", "csv", "--output", str(tmp_path / "x")] if command == "export_release" else []
    with pytest.raises(CommandError, match="There is no release"):
        run(command, "v9", *more)
    assert not Release.objects.exists()


def test_freezing_a_dataset_that_does_not_exist_is_an_error(index):
    with pytest.raises(CommandError, match="There is no dataset"):
        run("freeze_release", "v3.1", "--dataset", "the-heap")
