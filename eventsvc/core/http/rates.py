"""How often: rate limits by credential or address (api.md §12, security.md row 28).

Flask-Limiter does not tell "reads go on, logins wait" apart when its store is down, so this
stands on ``limits``, the library below it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import Response, current_app, request
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from eventsvc.core import clock
from eventsvc.core.config import Settings
from eventsvc.core.errors import RateLimited, Unavailable
from eventsvc.core.http.asked import asked
from eventsvc.core.http.cookies import session_cookie
from eventsvc.core.http.declare import Declaration

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 5
"""How long a store that failed is left alone."""


@dataclass(frozen=True)
class Policy:
    """A named limit. ``closed``: without the store the call is refused (503), not let through."""

    allowed: str
    by: str = "credential"
    closed: bool = False


POLICIES: Mapping[str, Policy] = {
    "default": Policy("600/minute"),
    "write": Policy("120/minute"),
    "public": Policy("120/minute", by="address"),
    "checkin": Policy("600/minute"),
    "exports": Policy("10/hour"),
    "imports": Policy("10/hour"),
    "registrations": Policy("10/minute;50/day", by="address", closed=True),
    "login": Policy("30/15 minutes", by="address", closed=True),
    "login-account": Policy("5/15 minutes", by="subject", closed=True),
    "link-request": Policy("3/hour", by="address", closed=True),
    "calendars": Policy("60/hour", by="subject"),
}


class Rates:
    """The counters of one application."""

    def __init__(self, settings: Settings, changed: Mapping[str, str]) -> None:
        unknown = changed.keys() - POLICIES.keys()
        if unknown:
            raise ValueError(f"no such rate policies: {', '.join(sorted(unknown))}")
        self.on = settings.ratelimit_enabled
        self.items: dict[str, list[RateLimitItem]] = {
            name: parse_many(changed.get(name, policy.allowed)) for name, policy in POLICIES.items()
        }
        self.limiter = FixedWindowRateLimiter(_store(settings.cache_url))
        self.away_until = 0.0

    def count(self, name: str, key: str) -> int | None:
        """Count one call; the seconds to wait when it is one too many.

        Raises:
            StorageError: the store is away.
        """
        if clock.monotonic() < self.away_until:
            raise StorageError(ConnectionError("paused"))
        wait = None
        try:
            for item in self.items[name]:
                if not self.limiter.hit(item, name, key):
                    wait = max(wait or 1, self._seconds_left(item, name, key))
                self._tell(item, name, key)
        except StorageError:
            self.away_until = clock.monotonic() + PAUSE_SECONDS
            raise
        return wait

    def clear(self, name: str, key: str) -> None:
        """Start the count of ``key`` again; without the store it ends by itself."""
        try:
            for item in self.items[name]:
                self.limiter.clear(item, name, key)
        except StorageError:
            log.warning("rates.store_away", policy=name)

    def _seconds_left(self, item: RateLimitItem, name: str, key: str) -> int:
        resets = self.limiter.get_window_stats(item, name, key).reset_time
        left = math.ceil(resets - clock.process_now().timestamp())
        return min(item.get_expiry(), max(1, left))

    def _tell(self, item: RateLimitItem, name: str, key: str) -> None:
        window = item.get_expiry()
        label = name if window <= 3600 else f"{name}-day"
        left = self.limiter.get_window_stats(item, name, key).remaining
        resets = self._seconds_left(item, name, key)
        policy = f'"{label}";q={item.amount};w={window}'
        asked().rates.append((policy, f'"{label}";r={max(0, left)};t={resets}'))


def _store(url: str) -> Storage:
    if not url:
        return storage_from_string("memory://")  # type: ignore[return-value]
    if url.startswith("unix://"):
        url = "redis+" + url
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    return storage_from_string(url, wrap_exceptions=True, **options)  # type: ignore[return-value]


def address() -> str:
    """The caller's address as the limits see it: an IPv6 network of 64 bits is one caller."""
    raw = request.remote_addr or "unknown"
    try:
        parsed = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    if parsed.version == 4:
        return raw
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def judge(declared: Declaration | None, *, enforced: bool = True) -> None:
    """Count this request under its policy (429). Not enforced: only count and tell."""
    if declared is not None and declared.any_host:
        return  # health checks come often, from one address
    public = declared is None or declared.scope is None
    credential = request.headers.get("Authorization") or session_cookie()
    if declared is not None and declared.limit is not None:
        name = declared.limit
    elif public or not credential:
        name = "public"
    else:
        name = "default" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
    by_credential = POLICIES[name].by == "credential" and credential
    who = f"credential:{credential}" if by_credential else f"address:{address()}"
    _spend(name, _digest(who), enforced=enforced)


def count_failure() -> None:
    """Count a credential that was refused against its address, so that guessing ends (429)."""
    _spend("public", _digest(f"address:{address()}"))


def spend(name: str, subject: str = "") -> None:
    """Count under a special policy from inside a view, e.g. ``spend("login-account", email)``.

    Raises:
        RateLimited: one too many.
        Unavailable: the store is away and the policy does not open without it.
    """
    who = address() if POLICIES[name].by == "address" else ""
    _spend(name, _digest(f"{who}|{subject}"))


def give_back(name: str, subject: str) -> None:
    """Forget what was counted for ``subject``: the call turned out to be rightful."""
    rates: Rates = current_app.extensions["eventsvc-rates"]
    if rates.on:
        rates.clear(name, _digest(f"|{subject}"))


def _spend(name: str, key: str, *, enforced: bool = True) -> None:
    rates: Rates = current_app.extensions["eventsvc-rates"]
    if not rates.on:
        return
    try:
        wait = rates.count(name, key)
    except StorageError:
        log.warning("rates.store_away", policy=name)
        if POLICIES[name].closed and enforced:
            raise Unavailable("The rate limits cannot be counted.") from None
        return
    if wait is not None and enforced:
        raise RateLimited(wait)


def tell(response: Response) -> None:
    """``RateLimit-Policy`` and ``RateLimit`` of what was counted."""
    told = asked().rates
    if told:
        response.headers["RateLimit-Policy"] = ", ".join(policy for policy, _ in told)
        response.headers["RateLimit"] = ", ".join(rate for _, rate in told)
