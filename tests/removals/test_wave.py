"""An invented wave through the desk: what is proven by machine is accepted, the rest waits, nothing goes wrong."""

import json

import pytest
from django.core.management import CommandError, call_command

from bigcode_optout.removals import tasks
from bigcode_optout.removals.models import RemovalRequest
from bigcode_optout.sandbox import start
from bigcode_optout.sandbox.world_file import load_world

pytestmark = pytest.mark.django_db
REQUESTS = 100


@pytest.fixture
def wave(tmp_path, settings):
    """A small wave that was invented, with its GitHub."""
    settings.GITHUB_URL = "http://127.0.0.1:8901"
    folder = tmp_path / "wave"
    call_command("generate_wave", str(folder), "--requests", str(REQUESTS), "--seed", "7")
    running = start(port=0, world=load_world(folder / "world.json"))
    settings.GITHUB_URL = running.url
    yield folder
    running.stop()


def compared(folder, capsys):
    capsys.readouterr()
    call_command("generate_wave", str(folder), "--compare", "--json")
    return json.loads(capsys.readouterr().out)


@pytest.mark.once
def test_what_the_policy_decides_of_a_wave_is_right_and_most_of_it(wave, capsys):
    call_command("generate_wave", str(wave))
    assert RemovalRequest.objects.filter(state="submitted").count() == REQUESTS
    assert compared(wave, capsys)["not_located"] == REQUESTS
    for request in RemovalRequest.objects.order_by("submitted_at", "pk"):
        tasks.process(request.pk)
    outcome = compared(wave, capsys)
    assert outcome["wrong"] == []
    assert outcome["accepted_by_rule"] >= 85
    assert outcome["accepted_by_rule"] + outcome["waiting"] + outcome["merged"] == REQUESTS
    assert {"role_not_proven", "name_taker", "large_organisation"} <= set(outcome["reasons"])
    call_command("generate_wave", str(wave), "--compare")
    told = capsys.readouterr().out
    assert f"{outcome['accepted_by_rule']} accepted by a rule" in told
    assert f"{outcome['reasons']['role_not_proven']}  role_not_proven" in told


def test_the_same_seed_gives_the_same_wave(tmp_path, settings):
    settings.GITHUB_URL = "http://127.0.0.1:8901"
    for name in ("one", "two"):
        call_command("generate_wave", str(tmp_path / name), "--requests", "30")
    for file in ("world.json", "people.jsonl", "rows.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_it_is_refused_where_github_is_real(tmp_path, settings):
    settings.GITHUB_URL = "https://github.com"
    with pytest.raises(CommandError, match="stand-in"):
        call_command("generate_wave", str(tmp_path / "wave"))
    assert not (tmp_path / "wave").exists()
