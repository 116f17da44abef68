"""Identifiers: opaque UUIDs for things, readable codes for people, tokens for credentials."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import uuid
import zlib

# Crockford's alphabet without vowels and look-alikes: no word, no O/0, I/1.
CODE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKEN = re.compile(r"(ev[a-z])_([A-Za-z0-9_-]{43})([0-9a-f]{8})")


def new_id() -> str:
    """A random UUID in its canonical form."""
    return str(uuid.uuid4())


def copied_id(owner_id: str, original_id: str) -> str:
    """The id of the copy of a thing that belongs to ``owner_id``: the same whoever asks, so that
    rooms which copy their rows find those of other rooms without a list (RFC 9562, version 5)."""
    return str(uuid.uuid5(uuid.UUID(owner_id), original_id))


def is_id(text: str) -> bool:
    """Whether ``text`` is a UUID in canonical lower-case form."""
    return _UUID.fullmatch(text) is not None


def new_code(length: int = 10) -> str:
    """A code that people can read aloud: ``length`` characters of :data:`CODE_ALPHABET`."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def new_token(kind: str) -> str:
    """A credential: kind (``evt``, ``evl``, ``evc``) + 32 random bytes + CRC (security row 9)."""
    body = secrets.token_urlsafe(32)
    return f"{kind}_{body}{zlib.crc32(body.encode()):08x}"


def derived_token(kind: str, secret: str, label: str) -> str:
    """A credential that can be made again from ``label`` by whoever holds the secret key.

    Links in mails are made so: no row holds them, and a second attempt sends the same bytes.
    """
    mac = hmac.digest(secret.encode(), f"{kind}:{label}".encode(), "sha256")
    body = base64.urlsafe_b64encode(mac).decode().rstrip("=")
    return f"{kind}_{body}{zlib.crc32(body.encode()):08x}"


def token_kind(token: str) -> str | None:
    """The kind of a well-formed token, or None for a typing error or something else."""
    match = _TOKEN.fullmatch(token)
    if match is None or int(match[3], 16) != zlib.crc32(match[2].encode()):
        return None
    return match[1]


def digest(token: str) -> str:
    """What is stored of a token: SHA-256 in hex. Random input needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
