"""A signed release with two owners, an earlier one with one of them, and the settings that sign."""

import shutil
from pathlib import Path

import pytest
from django.test import override_settings

from bigcode_optout.releases.models import Release
from tests.api.releases import KEY, write_all
from tests.builders import make_index, make_user
from tests.releases.builders import accepted_request, frozen

ROWS = [("otter-quay/kelp", 9001, 100), ("Otter-Quay/Reef", 9002, 10), ("tern-hollow/notes", 9100, 7)]
SECRET = KEY.to_pem().decode()


@pytest.fixture
def signed(settings, tmp_path):
    """A key is configured; lists stand in a folder of the test."""
    settings.EXCLUSION_SIGNING_KEY = SECRET
    settings.EXPORT_DIR = tmp_path / "exports"
    return KEY


def freeze_two(folder: Path) -> Release:
    """v3.2, frozen after v3.1, with one owner more."""
    make_index(folder, ROWS)
    accepted_request(make_user())
    frozen("v3.1")
    accepted_request(make_user(502, "tern-hollow"))
    return frozen("v3.2")


@pytest.fixture
def unwritten(db, signed, tmp_path) -> Release:
    """v3.2; nothing is written yet. In a file where nobody asks for `release`: both are the same rows."""
    return freeze_two(tmp_path)


@pytest.fixture(scope="module")
def written(kept_rows, tmp_path_factory) -> tuple[int, Path]:
    """v3.2, written in every format once for a file of tests: its number, and the folder of its lists."""
    folder = tmp_path_factory.mktemp("written")
    with override_settings(EXCLUSION_SIGNING_KEY=SECRET, EXPORT_DIR=folder / "exports"):
        return write_all(freeze_two(folder)).pk, folder / "exports"


@pytest.fixture
def release(db, signed, written, settings) -> Release:
    """v3.2, written in every format, with lists of the test's own."""
    number, lists = written
    shutil.copytree(lists, settings.EXPORT_DIR)
    return Release.objects.get(pk=number)
