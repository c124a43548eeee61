"""What load balancers and containers ask."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import OperationalError, connection
from kombu import Connection

from bigcode_optout.core import health, probe


def test_healthz_asks_neither_database_nor_broker(client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_ok_when_both_answer(client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "broker": "ok"})


@pytest.mark.django_db
def test_readyz_is_503_when_the_database_is_down_and_says_nothing_about_it(client, monkeypatch) -> None:
    def refuse() -> None:
        raise OperationalError("password of optout@db refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"
    assert "password" not in answer.text


@pytest.mark.django_db
def test_a_broker_that_is_down_is_told_but_the_site_stays_ready(client, monkeypatch) -> None:
    dead = lambda: Connection("redis://127.0.0.1:1/0", transport_options={"socket_connect_timeout": 1})  # noqa: E731
    monkeypatch.setattr(health.current_app, "connection_for_write", dead)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "broker": "down"})


class _Site(BaseHTTPRequestHandler):
    hosts: list[str] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def site(monkeypatch) -> Iterator[None]:
    """A site on PORT that is alive and not ready."""
    server = HTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("PORT", str(server.server_port))
    monkeypatch.setenv("ALLOWED_HOSTS", ".optout.example.org,other.example")
    yield
    server.shutdown()
    server.server_close()


def test_the_containers_probe_asks_by_an_allowed_name_and_tells_well_from_unwell(site) -> None:
    assert probe.main("healthz") == 0
    assert _Site.hosts[-1] == "optout.example.org"
    assert probe.main("readyz") == 1


def test_the_probe_finds_a_site_that_is_gone_unwell(monkeypatch) -> None:
    monkeypatch.setenv("PORT", "1")
    assert probe.main() == 1
