"""The very commands of docker-compose.yml, run without containers on production settings, PostgreSQL and Redis."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.operations.desk import ProcessDesk
from tests.operations.example_environment import compose, filled_in, of_service
from tests.operations.running import ROOT, Process, free_port, fresh_database, spare_redis, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.worker, pytest.mark.timeout(300)]

SERVICES = compose(filled_in())["services"]
HOST = "optout.example.org"
# As the image is built.
COLLECT_STATIC = re.findall(
    r"python (manage\.py collectstatic .*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
)[0].split()


class ComposedDesk(ProcessDesk):
    """The services of the compose file as processes of this machine; /data is a folder of the test."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.port = free_port()
        (folder / "data").mkdir()
        own = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder / "data"),
            "STATIC_ROOT": str(folder / "static"),
            "PORT": str(self.port),
            # No proxy ends TLS here, and GitHub cannot be reached: a reviewer decides without its answer.
            "SECURE_SSL_REDIRECT": "0",
            "GITHUB_PATIENCE_SECONDS": "0",
            "EMAIL_URL": "dummymail://",
            "SWEEP_SECONDS": "1",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        super().__init__(folder, of_service("web") | own)

    def command(self, service: str) -> list[str]:
        """The service's command, with its volume's place in the test's folder."""
        data = self.environment["DATA_DIR"]
        return [
            word.replace("/data", data) if word.startswith("/data") else word
            for word in SERVICES[service]["command"]
        ]

    def up(self, service: str) -> Process:
        """Start a service."""
        return self.start(self.command(service), service)

    def is_well(self, service: str) -> bool:
        """Run the service's own health check once."""
        kind, *check = SERVICES[service]["healthcheck"]["test"]
        text = " ".join(check).replace("/data ", f"{self.environment['DATA_DIR']} ")
        command = ["/bin/sh", "-c", text] if kind == "CMD-SHELL" else check
        environment = {**os.environ, **self.environment, "HOSTNAME": os.uname().nodename}
        return (
            subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode
            == 0
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        """Ask the site as the proxy would."""
        address = f"http://127.0.0.1:{self.port}{path}"
        return requests.get(address, headers={"Host": HOST, **headers}, timeout=10, allow_redirects=False)


@pytest.fixture
def desk(tmp_path) -> Iterator[ComposedDesk]:
    """PostgreSQL and Redis as empty as after the first `docker compose up`."""
    with fresh_database() as database_url, spare_redis() as redis_url:
        found = ComposedDesk(tmp_path, database_url, redis_url)
        found.run(*COLLECT_STATIC)
        yield found
        found.stop()


def test_a_request_walks_through_the_composed_services(desk) -> None:
    assert desk.up("migrate").popen.wait(180) == 0
    desk.prepare()
    web, worker, beat = (desk.up(service) for service in ("web", "worker", "beat"))
    for service in ("web", "worker", "beat"):
        wait_until(lambda service=service: desk.is_well(service), seconds=40, what=f"the health of {service}")
    assert desk.get("/healthz").json() == {"status": "ok"}
    assert desk.get("/readyz").json() == {"status": "ok", "database": "ok", "broker": "ok"}

    front = desk.get("/")
    assert front.status_code == 200
    styles = re.findall(r'href="(/static/core/site\.[0-9a-f]{12}\.css)"', front.text)
    assert desk.get(styles[0]).headers["Cache-Control"].endswith("immutable")

    request = desk.submit("quillon-marsh", 4117902)
    desk.wait_for_state(request["id"], "in_review")
    runs = desk.rows(
        "SELECT state, repository_count FROM removals_locaterun WHERE request_id = ?", request["id"]
    )
    assert [state for state, _ in runs] == ["done"]
    assert runs[0][1] >= 12
    sent = "SELECT count(*) FROM removals_outboxmessage WHERE kind = 'received' AND sent_at IS NOT NULL"
    wait_until(lambda: desk.rows(sent) == [(1,)], what="the mail")
    assert "Sending due task" in beat.output
    assert {web.stop(), worker.stop(), beat.stop()} == {0}


def test_the_site_answers_to_its_own_name_only_and_sends_plain_http_away(desk) -> None:
    desk.environment["SECURE_SSL_REDIRECT"] = "1"
    desk.up("web")
    wait_until(lambda: desk.is_well("web"), seconds=40, what="the health of web")
    assert desk.get("/healthz", Host="elsewhere.example").status_code == 400
    plain = desk.get("/sign-in/")
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/sign-in/")
    assert (
        "max-age=31536000"
        in desk.get("/healthz", **{"X-Forwarded-Proto": "https"}).headers["Strict-Transport-Security"]
    )
