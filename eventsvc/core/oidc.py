"""Single sign-on by OpenID Connect: code flow with PKCE S256, state and nonce (security row 12).

Every call to a provider goes through the guard of outgoing calls. Nothing is stored: what must be
known at the way back stands sealed in a cookie of the browser that set out. Call it outside of a
transaction.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from eventsvc.core import clock, outgoing
from eventsvc.core.config import Provider
from eventsvc.core.errors import Unavailable
from eventsvc.core.sealed import CannotOpen, seal, unseal

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512")
"""Signatures that are taken; never ``none``, and no shared secret (RFC 8725 §3.1)."""
LEEWAY = 60
"""Seconds that the clocks may differ."""
LIFETIME = 600
"""Seconds from setting out to coming back."""
SCOPE = "openid email profile"
PURPOSE = "oidc.flow"


class SignOnRefused(Exception):  # noqa: N818  it is answered, it is no defect
    """What came back is not what was asked for. ``str(error)`` is a word for the log."""


@dataclass(frozen=True)
class Flow:
    """What is known of one sign-on under way. ``account_id``: whose account is to be linked."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next: str
    started: int
    account_id: str | None = None


@dataclass(frozen=True)
class Person:
    """Who came back. ``email`` only where the provider has verified it."""

    issuer: str
    subject: str
    email: str | None


def set_out(
    provider: Provider, *, callback: str, then: str, account_id: str | None = None
) -> tuple[str, str]:
    """(address to send the browser to, sealed flow for its cookie).

    Raises:
        Unavailable: the provider does not answer, or not as one.
    """
    found = _discovered(provider)
    flow = Flow(
        provider=provider.name,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        next=then,
        started=_now(),
        account_id=account_id,
    )
    address = prepare_grant_uri(
        found["authorization_endpoint"],
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=callback,
        scope=SCOPE,
        state=flow.state,
        nonce=flow.nonce,
        code_challenge=create_s256_code_challenge(flow.verifier),
        code_challenge_method="S256",
    )
    return address, seal(PURPOSE, json.dumps(asdict(flow)))


def come_back(
    provider: Provider, cookie: str | None, *, callback: str, query: Mapping[str, Any]
) -> tuple[Person, Flow]:
    """Who came back, and the flow that this browser set out with.

    Raises:
        SignOnRefused: another browser, too late, a forged state, or a token that does not hold.
        Unavailable: the provider does not answer.
    """
    flow = _opened(cookie)
    if flow.provider != provider.name or not 0 <= _now() - flow.started <= LIFETIME:
        raise SignOnRefused("late")
    if not hmac.compare_digest(flow.state.encode(), str(query.get("state", "")).encode()):
        raise SignOnRefused("state")
    if query.get("iss") not in (None, provider.issuer):  # RFC 9207 §2.4
        raise SignOnRefused("issuer")
    if not query.get("code"):
        raise SignOnRefused("no-code")
    found = _discovered(provider)
    token = _exchanged(provider, found, flow, query["code"], callback)
    return _person(_claims(provider, found, token, flow.nonce)), flow


def _opened(cookie: str | None) -> Flow:
    try:
        return Flow(**json.loads(unseal(PURPOSE, cookie or "")))
    except (CannotOpen, ValueError, TypeError):
        raise SignOnRefused("cookie") from None


def _now() -> int:
    return int(clock.process_now().timestamp())


def _asked(method: str, url: str, **options: Any) -> tuple[int, Any]:
    try:
        answer = outgoing.send(method, url, **options)
        return answer.status, json.loads(answer.body)
    except (outgoing.AddressRefused, outgoing.CallFailed, ValueError):
        raise Unavailable("The sign-on provider does not answer.", retry_after=30) from None


def _discovered(provider: Provider) -> Mapping[str, Any]:
    """The provider's document (OpenID Connect Discovery 1.0 §4), whose issuer is the provider."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    status, found = _asked("GET", address)
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if status != 200 or not isinstance(found, dict) or found.get("issuer") != provider.issuer:
        raise Unavailable("The sign-on provider does not describe itself.", retry_after=30)
    if not all(urlsplit(str(found.get(name))).scheme == "https" for name in names):
        raise Unavailable("The sign-on provider does not use https.", retry_after=30)
    return found


def _exchanged(
    provider: Provider, found: Mapping[str, Any], flow: Flow, code: str, callback: str
) -> str:
    """The ID token for the code (OpenID Connect Core 1.0 §3.1.3)."""
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": flow.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        pair = f"{quote(provider.client_id, '')}:{quote(provider.client_secret, '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        body |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    told = {"headers": headers, "body": urlencode(body).encode()}
    status, answer = _asked("POST", found["token_endpoint"], **told)
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if status != 200 or not isinstance(token, str):
        raise SignOnRefused("code")
    return token


def _claims(
    provider: Provider, found: Mapping[str, Any], token: str, nonce: str
) -> Mapping[str, Any]:
    """The claims of a token that holds: signature, issuer, audience, times, nonce (§3.1.3.7)."""
    status, keys = _asked("GET", found["jwks_uri"])
    if status != 200:
        raise Unavailable("The sign-on provider shows no keys.", retry_after=30)
    registry = jwt.JWTClaimsRegistry(
        now=_now(),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignOnRefused(type(error).__name__) from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if several and claims.get("azp") != provider.client_id:
        raise SignOnRefused("azp")
    return claims


def _person(claims: Mapping[str, Any]) -> Person:
    email = claims.get("email") if claims.get("email_verified") is True else None
    return Person(claims["iss"], str(claims["sub"]), email if isinstance(email, str) else None)
