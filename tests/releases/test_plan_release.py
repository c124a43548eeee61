"""`manage.py plan_release`."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.accounts.models import User
from bigcode_optout.core.errors import Conflict, Forbidden
from bigcode_optout.releases import services
from bigcode_optout.releases.models import Release
from tests.builders import make_release_manager, make_reviewer, the_stack

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


def test_planning_anew_is_an_event_and_only_while_it_is_open() -> None:
    manager, at = make_release_manager(), dt.datetime(2027, 5, 1, 12, tzinfo=dt.UTC)
    release = services.plan(dataset=the_stack(), name="v9.1", by=manager)

    def replan(by: User = manager, shared_content: str = "drop") -> None:
        services.replan(release_id=release.pk, freeze_planned_at=at, shared_content=shared_content, by=by)

    replan()
    replan()
    replan(shared_content="keep")
    assert [(one.by, one.data) for one in release.events.filter(code="replan")] == [
        (manager, {"freeze_planned_at": [None, at.isoformat()]}),
        (manager, {"shared_content": ["drop", "keep"]}),
    ]
    with pytest.raises(Forbidden):
        replan(by=make_reviewer())
    services.freeze(release_id=release.pk, by=None)
    with pytest.raises(Conflict):
        replan()
