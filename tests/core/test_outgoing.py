"""The guard of outgoing calls (security row 16): what is refused, and the call itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eventsvc.core import config, outgoing
from eventsvc.core.outgoing import calls
from eventsvc.core.outgoing.addresses import is_public
from tests.conftest import settings_for
from tests.receivers import NAME, Receiver, receiving, says

pytestmark = pytest.mark.threat(16)

PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path) -> Iterator[config.Settings]:
    kept = list(config.reading._current)
    made = settings_for("sqlite://", tmp_path)
    config.configure(made)
    yield made
    config.reading._current[:] = kept


@pytest.fixture
def receiver(tmp_path: Path, settings: config.Settings) -> Iterator[Receiver]:
    with receiving(tmp_path) as running, outgoing.resolving_with(lambda _name: ["127.0.0.1"]):
        config.configure(
            replace(settings, outgoing_loopback=True, outgoing_ca_file=running.ca_file)
        )
        yield running


SPELLINGS = [
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "HTTPS://hooks.example.org/",
    "//hooks.example.org/",
    "hooks.example.org",
    "https:hooks.example.org",
    "https:///hooks.example.org",
    "https://hooks.example.org:80/",
    "https://hooks.example.org:8443/",
    "https://hooks.example.org:22/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:65536/",
    "https://hooks.example.org:x/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.0.0.0x1/",
    "https://10.0.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[2001:4860:4860::8888]/",
    "https://[v1.x]/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://intranet/",
    "https://user@hooks.example.org/",
    "https://user:word@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://127.0.0.1@hooks.example.org/",
    "https://hooks.example.org:443@127.0.0.1/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org/#fragment",
    "https://hooks.example.org/a\\b",
    "https://hooks%2eexample%2eorg/",
    "https://hooks_1.example.org/",
    "https://-hooks.example.org/",
    "https://hooks..example.org/",
    "https://hooks.example.org./",
    "https://.example.org/",
    "https://１２７.０.０.１/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://hooks.example.1/",
    "https://hooks.example.0x7f/",
    "https://höoks.example.org/",
    "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nHost: inside",
    "https://hooks.example.org/\n",
    " https://hooks.example.org/",
    "https://hooks.example.org\t/",
    "https://hooks\u00ad.example.org/",
    f"https://{'a' * 64}.example.org/",
    f"https://{'a.' * 130}example.org/",
    "https://hooks.example.org/" + "a" * 2000,
    "",
]


@pytest.mark.parametrize("url", SPELLINGS)
def test_spellings_that_are_refused(url: str):
    """Names answer with a public address here: it is the spelling that is refused."""
    with outgoing.resolving_with(lambda _name: [PUBLIC]), pytest.raises(outgoing.AddressRefused):
        outgoing.check(url)


def test_there_are_sixty_spellings():
    assert len(set(SPELLINGS)) >= 60


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org",
        "https://hooks.example.org/in?token=x%20y",
        "https://hooks.example.org:443/",
        "https://Hooks.Example.ORG/",
        "https://xn--hoks-5qa.example.org/",
        "https://1.example.org/",
    ],
)
def test_names_with_a_public_address_pass(url: str):
    with outgoing.resolving_with(lambda _name: [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]):
        outgoing.check(url)


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "nonsense",
    "127.1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_not_public(address: str):
    assert not is_public(address)
    with (
        outgoing.resolving_with(lambda _name: [PUBLIC, address]),
        pytest.raises(outgoing.AddressRefused) as refused,
    ):
        outgoing.check("https://hooks.example.org/")
    assert refused.value.code == "address-not-public"


def test_a_name_without_address_is_refused():
    def nothing(_name: str) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    for resolver in (nothing, lambda _name: []):
        with (
            outgoing.resolving_with(resolver),
            pytest.raises(outgoing.AddressRefused) as refused,
        ):
            outgoing.check("https://hooks.example.org/")
        assert refused.value.code == "host-not-found"


def test_loopback_is_closed_unless_the_setting_opens_it(settings: config.Settings):
    assert not is_public("127.0.0.1")
    config.configure(replace(settings, outgoing_loopback=True))
    assert is_public("127.0.0.1")
    assert not is_public("10.0.0.1")
    assert not is_public("::1")


def test_a_call_goes_to_the_checked_address_under_its_name(receiver: Receiver):
    receiver.reply = says(202, b"taken")
    answer = outgoing.send("POST", receiver.url + "?a=b", headers={"X-One": "1"}, body=b"{}")
    assert (answer.status, answer.body, answer.whole) == (202, b"taken", True)
    got = receiver.got[0]
    assert (got.method, got.path, got.body) == ("POST", "/hook?a=b", b"{}")
    assert got.headers["host"] == f"{NAME}:{receiver.port}"
    assert got.headers["x-one"] == "1"
    assert got.headers["accept-encoding"] == "identity"


def test_no_proxy_is_taken_from_the_environment(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert outgoing.send("GET", receiver.url).status == 200


def test_a_name_that_rebinds_is_refused_at_the_call(receiver: Receiver, settings: config.Settings):
    config.configure(replace(settings, outgoing_ca_file=receiver.ca_file))
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    url = f"https://{NAME}/hook"
    with outgoing.resolving_with(lambda _name: next(answers)):
        outgoing.check(url)
        with pytest.raises(outgoing.AddressRefused) as refused:
            outgoing.send("POST", url, body=b"{}")
    assert refused.value.code == "address-not-public"
    assert receiver.got == []


def test_a_redirect_to_the_inside_is_not_followed(receiver: Receiver):
    receiver.reply = says(302, Location=f"https://{NAME}:{receiver.port}/inside")
    assert outgoing.send("POST", receiver.url, body=b"{}").status == 302
    assert [got.path for got in receiver.got] == ["/hook"]


def test_a_certificate_of_another_name_is_refused(tmp_path: Path, settings: config.Settings):
    with (
        receiving(tmp_path, name="other.example.org") as running,
        outgoing.resolving_with(lambda _name: ["127.0.0.1"]),
    ):
        config.configure(
            replace(settings, outgoing_loopback=True, outgoing_ca_file=running.ca_file)
        )
        with pytest.raises(outgoing.CallFailed) as failed:
            outgoing.send("POST", running.url, body=b"{}")
        assert failed.value.code == "tls"
        assert running.got == []


def test_an_unknown_authority_is_refused(receiver: Receiver, settings: config.Settings):
    config.configure(replace(settings, outgoing_loopback=True))
    with pytest.raises(outgoing.CallFailed) as failed:
        outgoing.send("GET", receiver.url)
    assert failed.value.code == "tls"


def test_at_most_64_kib_of_the_answer_are_read(receiver: Receiver):
    receiver.reply = says(200, b"x" * (outgoing.LARGEST_ANSWER + 5000))
    answer = outgoing.send("GET", receiver.url)
    assert (len(answer.body), answer.whole) == (outgoing.LARGEST_ANSWER, False)


def test_a_compressed_answer_is_not_unpacked(receiver: Receiver):
    receiver.reply = says(200, b"not really gzip", **{"Content-Encoding": "gzip"})
    assert outgoing.send("GET", receiver.url).body == b"not really gzip"


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_is_cut(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, part: str
):
    monkeypatch.setattr(calls, "SECONDS", 0.6)
    ended = threading.Event()

    def drip(handler, _got):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b""))
        while not ended.wait(0.1):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    receiver.reply = drip
    started = time.monotonic()
    try:
        with pytest.raises(outgoing.CallFailed) as failed:
            outgoing.send("GET", receiver.url)
    finally:
        ended.set()
    assert failed.value.code == "timeout"
    assert time.monotonic() - started < 3


def test_a_server_that_says_nothing_in_the_handshake_is_cut(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(calls, "SECONDS", 0.5)
    config.configure(replace(settings, outgoing_loopback=True))
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        outgoing.resolving_with(lambda _name: ["127.0.0.1"]),
        pytest.raises(outgoing.CallFailed) as failed,
    ):
        outgoing.send("GET", f"https://{NAME}:{silent.getsockname()[1]}/")
    assert failed.value.code == "timeout"


@pytest.mark.parametrize(
    ("bytes_sent", "code"),
    [(b"nonsense\r\n\r\n", "unreadable-answer"), (b"", "connection")],
)
def test_what_cannot_be_read_is_a_failure(receiver: Receiver, bytes_sent: bytes, code: str):
    receiver.reply = lambda handler, _got: handler.wfile.write(bytes_sent)
    with pytest.raises(outgoing.CallFailed) as failed:
        outgoing.send("GET", receiver.url)
    assert failed.value.code == code


def test_nobody_listens(settings: config.Settings):
    config.configure(replace(settings, outgoing_loopback=True))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        outgoing.resolving_with(lambda _name: ["127.0.0.1"]),
        pytest.raises(outgoing.CallFailed) as failed,
    ):
        outgoing.send("GET", f"https://{NAME}:{port}/")
    assert failed.value.code == "connection"
