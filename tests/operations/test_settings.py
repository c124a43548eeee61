"""What the settings refuse, in a process of their own, since settings are read once."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from bigcode_optout.settings import services
from tests.operations.example_environment import of_service

SECRETS = ["SECRET_KEY", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]


def _check(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **of_service("web"), **changes}
    command = [sys.executable, "manage.py", "check", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", [*SECRETS, "ALLOWED_HOSTS", "SITE_URL"])
def test_production_does_not_start_with_an_empty_value(name, tmp_path) -> None:
    done = _check(DATA_DIR=str(tmp_path), **{name: ""})
    assert done.returncode != 0
    assert name in done.stderr


def test_production_does_not_start_with_the_stand_in(tmp_path) -> None:
    done = _check(DATA_DIR=str(tmp_path), GITHUB_URL="http://127.0.0.1:8001")
    assert done.returncode != 0
    assert "never with the GitHub stand-in" in done.stderr


@pytest.mark.parametrize("url", ["sqlite:///desk.sqlite3", "mysql://desk@db/desk", "desk"])
def test_a_database_of_another_kind_is_refused_in_words(url, tmp_path) -> None:
    with pytest.raises(ImproperlyConfigured, match="Leave it empty for SQLite"):
        services.database(url, tmp_path)


def test_several_processes_need_a_shared_counter(tmp_path) -> None:
    embedded = {
        "DJANGO_SETTINGS_MODULE": "bigcode_optout.settings.embedded",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    done = _check("--tag", "security", DATA_DIR=str(tmp_path), WEB_PROCESSES="2", **embedded)
    assert done.returncode != 0
    assert "core.E001" in done.stderr
    assert _check("--tag", "security", DATA_DIR=str(tmp_path), WEB_PROCESSES="1", **embedded).returncode == 0


def test_production_is_told_when_nothing_signs_its_lists(tmp_path) -> None:
    done = _check("--deploy", DATA_DIR=str(tmp_path), EXCLUSION_SIGNING_KEY="")
    assert done.returncode != 0
    assert "releases.E001" in done.stderr


def test_production_passes_djangos_own_deployment_check(tmp_path) -> None:
    done = _check("--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
