"""The whole desk as `make demo` runs it: site, worker, beat, stand-in; once for all walks of a run."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from tests import migrated
from tests.authenticator import totp
from tests.e2e.browser import Visitor, running_browser
from tests.operations.running import RunningDemo

NEXT_RELEASE = """
from bigcode_optout.catalog.queries import dataset
from bigcode_optout.releases import services
from bigcode_optout.releases.models import Release
release = Release.objects.filter(state="open").first() or services.plan(
    dataset=dataset("the-stack"), name=f"v9.{Release.objects.count()}"
)
print(release.name)
"""


@pytest.fixture(scope="package")
def demo(tmp_path_factory) -> Iterator[RunningDemo]:
    """The demo on free ports with a data folder of its own; on PostgreSQL and Redis when their URLs are set.

    It and the browser end with this folder's tests: Playwright's event loop would trouble Django in later ones.
    """
    is_on_services = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    template = migrated.postgres_template(tmp_path_factory) if is_on_services else "template1"
    with RunningDemo(tmp_path_factory.mktemp("demo"), template=template) as running:
        yield running


@pytest.fixture(scope="package")
def browser():
    """One Chromium for all walks."""
    with running_browser() as running:
        yield running


@pytest.fixture
def visit(demo, browser) -> Iterator[Callable[..., Visitor]]:
    """Open a window; every window closes with the test, and must have had nothing to complain about."""
    visitors: list[Visitor] = []

    def open_window(**options: object) -> Visitor:
        visitors.append(Visitor(browser, demo.url, **options))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def desk(demo) -> "Desk":
    """The desk from its staff's and scripts' side."""
    return Desk(demo)


class Desk:
    """Commands, staff log-ins and mails of the running demo."""

    def __init__(self, demo: RunningDemo) -> None:
        self.demo = demo
        passwords = json.loads((demo.data_dir / "demo-staff.json").read_text())
        self.staff = {name.removeprefix("demo-"): (name, word) for name, word in passwords.items()}
        self.factors = json.loads((demo.data_dir / "demo-second-factors.json").read_text())

    def code(self, role: str) -> str:
        """What the authenticator app of that member of staff shows now."""
        return totp(self.factors[f"demo-{role}"])

    def next_release(self) -> str:
        """The open release, or a new one: another walk may have frozen the one that the demo begins with."""
        return self.manage("shell", "--verbosity", "0", "--command", NEXT_RELEASE).strip()

    def manage(self, *arguments: str) -> str:
        """Run a management command; it must succeed. Gives its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env={**os.environ, **self.demo.environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def mails(self, address: str) -> set[str]:
        """The kinds of mail that went to the address, told by their subjects."""
        kinds = set()
        for file in Path(self.demo.data_dir / "mails").glob("*"):
            for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
                message = message_from_bytes(part.strip())
                if message["To"] == address:
                    kinds.add(self._kind(message["Subject"]))
        return kinds

    @staticmethod
    def _kind(subject: str) -> str:
        words = {"received": "have your request", "accepted": "accepted", "in_release": "list"}
        return next((kind for kind, word in words.items() if word in subject), subject)
