"""`manage.py sweep`: for scripts, so the exit code says what was found."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.core import clock
from bigcode_optout.releases.models import VersionSweep
from tests.builders import make_index, make_user
from tests.releases.builders import accepted_request, frozen

pytestmark = pytest.mark.django_db


def test_nothing_unexpected_leaves_with_0_and_lists_what_the_version_holds(index):
    request = accepted_request(make_user())
    out = StringIO()
    call_command("sweep", "--version", "v2.1", "--json", stdout=out)
    facts = json.loads(out.getvalue())
    assert (facts["version"], facts["repositories"], facts["unexpected"]) == ("v2.1", 3, 0)
    assert {row["request"] for row in facts["found"]} == {request.reference}
    assert facts["build"] == index.current_build.name


def test_something_that_should_not_be_there_leaves_with_3(index, tmp_path):
    accepted_request(make_user())
    frozen("v3.1")
    make_index(tmp_path, [("Otter-Quay/kelp", 9001, 5)], version="v2.2", data_date=dt.date(2025, 1, 1))
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("sweep", "--version", "v2.2", stdout=out)
    assert left.value.code == 3
    assert "1 that should not be there" in out.getvalue()
    assert "Otter-Quay/kelp\tspelling\ton the list since v3.1\tshould not be there" in out.getvalue()


def test_a_version_that_a_worker_is_at_just_now_leaves_with_75(index):
    VersionSweep.objects.create(
        version=index,
        build=index.current_build,
        state=VersionSweep.SweepState.RUNNING,
        started_at=clock.now(),
        lease_until=clock.now() + dt.timedelta(minutes=5),
        number=1,
    )
    with pytest.raises(CommandError, match="being swept just now") as told:
        call_command("sweep", "--version", "v2.1", "--json", stdout=StringIO())
    assert told.value.returncode == 75


def test_an_unknown_version_is_an_error(index):
    with pytest.raises(CommandError, match="no version “v9”"):
        call_command("sweep", "--version", "v9")
