"""`manage.py plan_release`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.releases.models import Release
from tests.builders import the_stack

pytestmark = pytest.mark.django_db


def _plan(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("plan_release", *arguments, "--dataset", "the-stack", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_planned_release_is_open_and_says_when_it_will_be_frozen() -> None:
    the_stack()
    planned = _plan("v3.1", "--freeze-on", "2027-01-17")
    assert planned == {
        "release": "v3.1",
        "dataset": "the-stack",
        "state": "open",
        "replaces": None,
        "shared_content": "drop",
        "freeze_planned_at": "2027-01-17T12:00:00+00:00",
    }


def test_the_choice_about_shared_content_is_planned_with_it() -> None:
    the_stack()
    assert _plan("v3.1", "--shared-content", "keep")["shared_content"] == "keep"


def test_a_second_open_release_is_refused_and_the_first_one_is_kept_where_that_is_asked() -> None:
    the_stack()
    _plan("v3.1")
    with pytest.raises(CommandError, match="still open"):
        _plan("v3.2")
    assert _plan("v3.2", "--if-none")["release"] == "v3.1"
    assert Release.objects.count() == 1


def test_an_unknown_dataset_is_refused() -> None:
    with pytest.raises(CommandError, match="no dataset"):
        _plan("v3.1")
