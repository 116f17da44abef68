"""Where this service calls, and where it does not."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from eventsvc.core import config

LOOK_UP_SECONDS = 10.0
LONGEST_URL = 2000

_URL = re.compile(r"https://[!-~]+", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
# IANA special-purpose registries (RFC 6890), and the ways in which IPv6 carries an IPv4 address.
# Written out: what ipaddress calls global has changed between releases of Python.
_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # NAT64, mapped and the like lie outside

Resolver = Callable[[str], Sequence[str]]
"""Host name → its addresses. Raises OSError where there are none."""


class AddressRefused(Exception):  # noqa: N818  the word in which the guard refuses
    """This service does not call there. ``code`` is stable, ``str(error)`` is for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Target:
    """A checked address: the host as it was written, the port, and path with query."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the header ``Host`` says."""
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


def _system_resolver(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


_resolvers: list[Resolver] = [_system_resolver]


@contextmanager
def resolving_with(resolver: Resolver) -> Iterator[None]:
    """Look names up with ``resolver`` in this process. For tests, which can so rebind a name."""
    _resolvers.append(resolver)
    try:
        yield
    finally:
        _resolvers.pop()


def check(url: str) -> None:
    """Refuse an address that this service does not call.

    Raises:
        AddressRefused: ``not-https``, ``not-a-host-name``, ``port-not-allowed``,
            ``host-not-found``, ``address-not-public`` or ``invalid-url``.
    """
    addresses_of(target_of(url))


def target_of(url: str) -> Target:
    """The parts of an address whose form is allowed; its name is not looked up yet.

    Raises:
        AddressRefused: see :func:`check`.
    """
    if not url.startswith("https://"):
        raise AddressRefused("not-https", "The address must begin with https://.")
    if len(url) > LONGEST_URL or not _URL.fullmatch(url) or "\\" in url or "#" in url:
        raise AddressRefused("invalid-url", "Write the address in plain ASCII, without #.")
    try:
        parts = urlsplit(url)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        raise AddressRefused("invalid-url", "This is no address.") from None
    if "@" in parts.netloc:
        raise AddressRefused("invalid-url", "Write the address without user and password.")
    # the host as it was written: whatever a library would read into it is not looked at
    written = parts.netloc.lower().partition(":")[0]
    _check_name(written)
    if port != 443 and not config.current().outgoing_loopback:
        raise AddressRefused("port-not-allowed", "Only port 443 is called.")
    path = parts.path or "/"
    return Target(written, port, f"{path}?{parts.query}" if parts.query else path)


def _check_name(host: str) -> None:
    """Only names such as ``hooks.example.org``: the last label of a name is never a number, so
    127.1, 0x7f000001 and the other spellings of an address are none (WHATWG URL, host parsing)."""
    labels = host.split(".")
    named = len(host) <= 253 and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))
    if not named or not labels[-1][0].isalpha():
        raise AddressRefused("not-a-host-name", "Give a host name, such as hooks.example.org.")


def addresses_of(target: Target) -> Sequence[str]:
    """The addresses of the name, all of them public.

    Raises:
        AddressRefused: ``host-not-found``, or ``address-not-public`` if any of them is not.
    """
    try:
        found = _within(LOOK_UP_SECONDS, lambda: _resolvers[-1](target.host))
    except OSError as error:  # TimeoutError is one too
        raise AddressRefused("host-not-found", "The host name has no address.") from error
    if not found:
        raise AddressRefused("host-not-found", "The host name has no address.")
    if not all(map(is_public, found)):
        raise AddressRefused("address-not-public", "The host name has an address of the inside.")
    return found


def is_public(address: str) -> bool:
    """Whether an IP address is global unicast; outside production ``EVENTSVC_OUTGOING_LOOPBACK``
    lets 127.0.0.0/8 pass as well."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # also an IPv6 address with a scope that Python does not know
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None or parsed not in _GLOBAL_UNICAST:
            return False
    elif parsed.is_loopback:
        return config.current().outgoing_loopback
    return not any(parsed in network for network in _CLOSED if network.version == parsed.version)


def _within(seconds: float, ask: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Ask in a thread of its own: the system's look-up takes no time limit."""
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=run, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer
