"""Ways out: plain, TLS, a folder; time-outs and dots (delivery.md §5, §6)."""

from __future__ import annotations

import os
import ssl
import stat
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from eventsvc.post.policy import Step
from eventsvc.post.queries import mailbox_messages, parsed
from eventsvc.post.smtp import Envelope, NoAnswer, Refused, Transport, transport_for
from tests.post.support import Script, free_port, serving

pytestmark = pytest.mark.servers
CONTENT = (
    b"Message-ID: <m@example.org>\r\nDate: Mon, 01 Mar 2027 09:00:00 +0000\r\n"
    b"Subject: Hello\r\nTo: anna@example.org\r\nX-Event-Purpose: example\r\n\r\n"
    b".\r\n..two\r\nend\r\n"
)
LETTER = Envelope("m", "events@example.org", "anna@example.org", CONTENT)


def way_out(url: str, **options: float) -> Transport:
    told = {"connect_timeout": 2.0, "data_timeout": 0.5, **options}
    return transport_for(url, own_name="example.org", monotonic=time.monotonic, **told)  # type: ignore[arg-type]


def test_dots_arrive_as_they_were(script: Script, mail_port: int) -> None:
    out = way_out(f"smtp://127.0.0.1:{mail_port}")
    out.offer(LETTER)
    assert out.hand_over(LETTER).code == 250
    out.close()
    assert script.received[0].get_content().splitlines() == [".", "..two", "end"]


def test_nobody_listens() -> None:
    with pytest.raises(Refused) as refused:
        way_out(f"smtp://127.0.0.1:{free_port()}").offer(LETTER)
    assert (refused.value.answer.step, refused.value.answer.code) == (Step.CONNECT, 0)


def test_silence_after_data_is_told_apart_from_a_break(script: Script, mail_port: int) -> None:
    script.hang.add("anna@example.org")
    out = way_out(f"smtp://127.0.0.1:{mail_port}")
    out.offer(LETTER)
    with pytest.raises(NoAnswer) as silence:
        out.hand_over(LETTER)
    assert silence.value.timed_out


def test_a_kept_connection_that_ended_is_opened_again(script: Script) -> None:
    with serving(script) as port:
        out = way_out(f"smtp://127.0.0.1:{port}")
        out.offer(LETTER)
        out.hand_over(LETTER)
    with serving(script, port):
        out.offer(LETTER)
        assert out.hand_over(LETTER).code == 250
        out.close()
    assert len(script.received) == 2


def test_withdrawn_is_not_sent(script: Script, mail_port: int) -> None:
    out = way_out(f"smtp://127.0.0.1:{mail_port}")
    out.offer(LETTER)
    out.withdraw()
    out.offer(LETTER)
    out.hand_over(LETTER)
    out.close()
    assert len(script.received) == 1


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    authority = tmp_path / "authority.pem"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_smtps(script: Script, certificate: ssl.SSLContext) -> None:
    with serving(script, ssl_context=certificate) as port:
        out = way_out(f"smtps://127.0.0.1:{port}")
        out.offer(LETTER)
        assert out.hand_over(LETTER).code == 250
        out.close()


@pytest.mark.parametrize(("password", "code"), [("right", 250), ("wrong", 535)])
def test_starttls_and_login(
    script: Script, certificate: ssl.SSLContext, password: str, code: int
) -> None:
    def check(_server, _session, _envelope, _mechanism, given):  # type: ignore[no-untyped-def]
        return AuthResult(success=given.password == b"right", handled=False)

    options = {"tls_context": certificate, "require_starttls": True, "authenticator": check}
    with serving(script, auth_required=True, **options) as port:
        out = way_out(f"smtp+starttls://events:{password}@127.0.0.1:{port}")
        try:
            out.offer(LETTER)
            answer = out.hand_over(LETTER)
        except Refused as refused:
            answer = refused.answer
        out.close()
    assert answer.code == code


def test_an_unknown_certificate_is_not_trusted(
    script: Script, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with serving(script, tls_context=certificate) as port, pytest.raises(Refused) as refused:
        way_out(f"smtp+starttls://127.0.0.1:{port}").offer(LETTER)
    assert refused.value.answer.step is Step.CONNECT
    assert script.received == []


def test_a_folder_keeps_one_file_per_message(tmp_path: Path) -> None:
    out = way_out(f"file://{tmp_path}/mail%20box")
    for _ in range(2):
        out.offer(LETTER)
        assert out.hand_over(LETTER).code == 250
    out.withdraw()
    out.close()
    [found] = mailbox_messages(tmp_path / "mail box")
    assert (found.subject, found.to, found.purpose) == ("Hello", "anna@example.org", "example")
    assert found.sent == datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    assert found.file.name == "m.eml"
    assert parsed(found.file)["Message-ID"] == "<m@example.org>"
    assert [file.name for file in (tmp_path / "mail box").iterdir()] == ["m.eml"]
    assert mailbox_messages(tmp_path / "elsewhere") == []


def test_a_folder_that_cannot_be_made_is_a_closed_channel(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Refused) as refused:
        way_out(f"file://{tmp_path}/file").offer(LETTER)
    assert refused.value.answer.step is Step.CONNECT


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_full_is_a_certain_failure(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    out = way_out(f"file://{tmp_path}")
    out.offer(LETTER)
    with pytest.raises(Refused) as refused:
        out.hand_over(LETTER)
    assert refused.value.answer.step is Step.DATA
