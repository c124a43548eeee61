"""On a full disk every command says so in one line, and leaves nothing half-written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bigcode_optout.exclusionlist import WriteFailed, read, write, write_delta
from tests.full_disk import full_disk, run_on_full_disk

from .builders import FACTS, SIGNING_KEY, key_set, rule
from .list_server import running

LATER = replace(
    FACTS, release="v3.3", previous_release="v3.2", frozen_on=FACTS.frozen_on + timedelta(days=30)
)
SMALL, ROOM = 20_000, 4_000_000


@pytest.fixture
def lists(tmp_path):
    """Two lists and what leads from the one to the other, each too large for the disk."""
    many = [rule(f"somebody-{number}") for number in range(1000)]
    write(many, output=tmp_path / "old", format="jsonl", facts=FACTS, signing_key=SIGNING_KEY)
    more = [*many, *(rule(f"other-{number}", since_release="v3.3") for number in range(1000))]
    write(more, output=tmp_path / "new", format="jsonl", facts=LATER, signing_key=SIGNING_KEY)
    write_delta(
        read(tmp_path / "old"), read(tmp_path / "new"), output=tmp_path / "delta", signing_key=SIGNING_KEY
    )
    (tmp_path / "key.pem").write_bytes(SIGNING_KEY.to_pem())
    (tmp_path / "keys.json").write_bytes(key_set().to_json())
    return tmp_path


def commands(folder, address=""):
    out, keys = folder / "out", ("--keys", folder / "keys.json")
    return {
        "sign": ["sign", folder / "old", "--key", folder / "key.pem", "--output", out],
        "delta": ["delta", folder / "old", folder / "new", "--output", out],
        "apply-delta": [
            "apply-delta",
            folder / "old",
            folder / "delta",
            "--output",
            out,
            "--format",
            "jsonl",
        ],
        "fetch": ["fetch", address, "--output", out, *keys, "--state", folder / "state.json"],
    }


@pytest.mark.parametrize("name", ["sign", "delta", "apply-delta", "fetch"])
def test_a_command_says_it_in_one_line_and_leaves_nothing(lists, name):
    with running() as server:
        server.serve(lists / "new")
        arguments = commands(lists, server.address)[name]
        before = sorted(lists.iterdir())
        failed = run_on_full_disk(arguments, SMALL)
        assert (failed.returncode, failed.stderr.count("\n")) == (1, 1), failed.stderr
        assert "could not be written: File too large." in failed.stderr
        assert sorted(lists.iterdir()) == before
        done = run_on_full_disk(arguments, ROOM)
        assert done.returncode == 0, done.stderr


def test_the_library_says_it_too(tmp_path):
    with full_disk(SMALL), pytest.raises(WriteFailed, match="could not be written: File too large"):
        write(
            [rule(f"somebody-{number}") for number in range(1000)],
            output=tmp_path / "out",
            format="jsonl",
            facts=FACTS,
        )
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_foresaw_is_a_line_as_well(tmp_path):
    failed = run_on_full_disk(["show", tmp_path / ("x" * 300)], ROOM)
    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1), failed.stderr
