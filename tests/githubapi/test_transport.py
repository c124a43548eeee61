"""The same bounds over TLS, and connections that neither threads nor forked workers share."""

import multiprocessing
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bigcode_optout.githubapi import Deadline, GitHubClient, Unavailable

from .bodies import user_body
from .scripted_github import ScriptedGitHub, answer, drip


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with a key and a self-signed certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def secure_url(github: ScriptedGitHub, certificate: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    github.socket = context.wrap_socket(github.socket, server_side=True)
    return github.url.replace("http:", "https:")


def test_over_tls_a_dripping_answer_is_cut_off_as_well(
    secure_url: str,
    certificate: Path,
    github: ScriptedGitHub,
    connect: Callable[..., GitHubClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    client = connect(secure_url)
    github.on("/user", answer(user_body()))
    assert client.viewer("gho_abc", Deadline(2)).account.id == 101

    for head in (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"):
        github.on("/user", drip(head))
        started = time.monotonic()
        with pytest.raises(Unavailable):
            client.viewer("gho_abc", Deadline(0.4))
        assert time.monotonic() - started < 1.0


def test_a_server_without_a_trusted_certificate_learns_nothing(
    secure_url: str, github: ScriptedGitHub, connect: Callable[..., GitHubClient]
) -> None:
    with pytest.raises(Unavailable):
        connect(secure_url).viewer("gho_abc", Deadline(2))
    assert github.asked == []


def test_threads_that_share_a_client_get_their_own_answers(
    github: ScriptedGitHub, client: GitHubClient
) -> None:
    for number in range(1, 9):
        github.on(f"/user/{number}", answer(user_body(id=number)))
    wrong: list[int] = []

    def ask(number: int) -> None:
        wrong.extend(number for _ in range(5) if client.account_by_id(number).id != number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert wrong == []
    assert len(github.asked) == 40


def test_a_forked_worker_has_connections_of_its_own(github: ScriptedGitHub, client: GitHubClient) -> None:
    github.on("/user/101", answer(user_body()))
    client.account_by_id(101)
    worker = multiprocessing.get_context("fork").Process(target=client.account_by_id, args=(101,))
    worker.start()
    worker.join(10)
    client.account_by_id(101)

    before, forked, after = (asked.port for asked in github.asked)
    assert worker.exitcode == 0
    assert forked != before
    assert after == before
