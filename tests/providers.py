"""A sign-on provider that runs here over TLS: OpenID Connect as far as a login needs it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from eventsvc.core import clock
from tests.receivers import Got, Receiver, receiving, says

NAME = "login.example.org"
CLIENT = "eventsvc"


def b64(raw: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Running:
    """The provider. ``claims`` and ``described`` change what it says, ``signing`` how it signs."""

    server: Receiver
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    signing: str = "right"
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"https://{NAME}:{self.server.port}"

    @property
    def ca_file(self) -> str:
        return self.server.ca_file

    def arrive(self, address: str) -> str:
        """A person arrives with a browser and agrees; the code that goes back."""
        query = parse_qs(urlsplit(address).query)
        self.asked = {name: values[0] for name, values in query.items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = self.asked
        return code

    def reply(self, handler: BaseHTTPRequestHandler, got: Got) -> None:
        """Discovery, keys, token."""
        answer: Any = {"error": "invalid_request"}
        status = 200
        if got.path == "/.well-known/openid-configuration":
            answer = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.described,
            }
        elif got.path == "/keys":
            answer = {"keys": [self.key.as_dict(private=False)]}
        elif got.path == "/token":
            status, answer = self._token(got)
        body = json.dumps(answer).encode()
        says(status, body, **{"Content-Type": "application/json"})(handler, got)

    def _token(self, got: Got) -> tuple[int, dict[str, str]]:
        form = {name: values[0] for name, values in parse_qs(got.body.decode()).items()}
        flow = self.codes.pop(form["code"], None)
        hashed = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        if flow is None or flow["code_challenge"] != hashed:
            return 400, {"error": "invalid_grant"}
        if not got.headers["authorization"].startswith("Basic "):
            return 401, {"error": "invalid_client"}
        return 200, {"id_token": self._signed(flow["nonce"])}

    def _signed(self, nonce: str) -> str:
        now = int(clock.process_now().timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "subject-1", "nonce": nonce, "iat": 0,
            "exp": 300, "email": "ada@example.org", "email_verified": True, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        for name in ("iat", "exp"):
            claims[name] += now
        if self.signing == "right":
            return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        if self.signing == "another key":
            other = RSAKey.generate_key(2048)
            return jwt.encode({"alg": "RS256", "kid": "1"}, claims, other)
        if self.signing == "broken":
            return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)[:-8] + "AAAAAAAA"
        alg = "none" if self.signing == "none" else "HS256"
        parts = [b64(json.dumps(part).encode()) for part in ({"alg": alg, "kid": "1"}, claims)]
        public = self.key.as_pem(private=False)
        mac = hmac.digest(public, ".".join(parts).encode(), "sha256")
        return ".".join([*parts, "" if alg == "none" else b64(mac)])


@contextmanager
def provider_running(folder: Path) -> Iterator[Running]:
    """Run a provider on a free port of 127.0.0.1."""
    with receiving(folder, name=NAME) as server:
        running = Running(server)
        server.reply = running.reply
        yield running
