"""The session cookie of people who sign in, and the proof against calls from foreign pages.

A browser sends the cookie by itself, so an unsafe call must also say ``X-CSRF-Token``, which a
foreign page cannot read (security.md row 11). The token is derived from the cookie's secret, so
nothing is stored, and it ends with the session.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

from flask import request
from werkzeug.http import dump_cookie

from eventsvc.core import config
from eventsvc.core.http.asked import asked, header
from eventsvc.core.http.problems import HttpRefusal

SESSION_COOKIE = "__Host-session"
"""The prefix binds it to this host, ``/`` and https (RFC 6265bis §4.1.3.2)."""
FLOW_COOKIE = "__Host-sign-on"
FLOW_SECONDS = 600
CSRF_HEADER = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")


def session_cookie() -> str | None:
    """The secret of the session that the caller shows, if any."""
    return request.cookies.get(SESSION_COOKIE) or None


def csrf_token(cookie: str) -> str:
    """The token that goes with a session."""
    return _derived(config.current().secret_key, cookie)


def _derived(secret: str, cookie: str) -> str:
    return hmac.digest(secret.encode(), b"csrf:" + cookie.encode(), "sha256").hex()


def check_csrf(cookie: str) -> None:
    """Refuse an unsafe call with a session that does not show the token of that session.

    Raises:
        HttpRefusal: ``csrf-token-missing`` (403), whether none or a wrong one came.
    """
    if request.method in SAFE:
        return
    shown = request.headers.get(CSRF_HEADER, "").encode()
    tokens = [_derived(secret, cookie).encode() for secret in config.current().secret_keys]
    if not any(hmac.compare_digest(shown, token) for token in tokens):
        raise HttpRefusal("csrf-token-missing")


def set_session(secret: str, lifetime: timedelta) -> None:
    """Give the caller a session, and the token that goes with it in ``X-CSRF-Token``."""
    asked().cookies.append(_written(SESSION_COOKIE, secret, int(lifetime.total_seconds())))
    header(CSRF_HEADER, csrf_token(secret))


def forget_session() -> None:
    """Take the cookie back."""
    asked().cookies.append(_written(SESSION_COOKIE, "", 0))


def flow_cookie() -> str | None:
    """What this browser set out for single sign-on with."""
    return request.cookies.get(FLOW_COOKIE) or None


def set_flow(sealed: str) -> None:
    """Keep with the browser what it sets out with."""
    asked().cookies.append(_written(FLOW_COOKIE, sealed, FLOW_SECONDS))


def forget_flow() -> None:
    """Take it back: a flow ends once."""
    asked().cookies.append(_written(FLOW_COOKIE, "", 0))


def _written(name: str, value: str, max_age: int) -> str:
    # Lax: the way back from a sign-on provider is a visit from another site
    return dump_cookie(name, value, max_age, path="/", secure=True, httponly=True, samesite="Lax")
