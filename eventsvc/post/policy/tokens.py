"""Signed tokens of messages: for unsubscribing, and as envelope sender (VERP). Pure."""

from __future__ import annotations

import base64
import hmac
import uuid

_MAC_BYTES = 16
_VERP_MAC_BYTES = 10
_ID_BYTES = 16


def _mac(secret: str, use: str, content: bytes, length: int) -> bytes:
    key = hmac.digest(secret.encode(), use.encode(), "sha256")
    return hmac.digest(key, content, "sha256")[:length]


def unsubscribe_token(secret: str, public_id: str, scope: str) -> str:
    """The token of a link that stops mail of ``scope`` to whom this message went to."""
    content = uuid.UUID(public_id).bytes + scope.encode()
    sealed = content + _mac(secret, "unsubscribe", content, _MAC_BYTES)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_unsubscribe_token(secret: str, token: str) -> tuple[str, str] | None:
    """(public id, scope) of a token that :func:`unsubscribe_token` made, else None."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    content, mac = sealed[:-_MAC_BYTES], sealed[-_MAC_BYTES:]
    genuine = hmac.compare_digest(mac, _mac(secret, "unsubscribe", content, _MAC_BYTES))
    if not genuine or len(content) <= _ID_BYTES:
        return None
    return str(uuid.UUID(bytes=content[:_ID_BYTES])), content[_ID_BYTES:].decode()


def bounce_address(secret: str, public_id: str, sender: str) -> str:
    """The envelope sender of a message: ``sender`` with the message's signed token in it.

    Base32 in lower case, as servers on the way may fold the case of a local part.
    """
    content = uuid.UUID(public_id).bytes
    sealed = content + _mac(secret, "bounce", content, _VERP_MAC_BYTES)
    token = base64.b32encode(sealed).decode().rstrip("=").lower()
    local, _, domain = sender.rpartition("@")
    room = 64 - len(token) - 1  # a local part has at most 64 characters (RFC 5321 §4.5.3.1.1)
    return f"{local[:room]}+{token}@{domain}"


def read_bounce_address(secret: str, address: str) -> str | None:
    """The public id of the message that this envelope sender belonged to, else None."""
    token = address.rpartition("@")[0].rpartition("+")[2].upper()
    try:
        sealed = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError:
        return None
    content, mac = sealed[:_ID_BYTES], sealed[_ID_BYTES:]
    genuine = hmac.compare_digest(mac, _mac(secret, "bounce", content, _VERP_MAC_BYTES))
    return str(uuid.UUID(bytes=content)) if genuine and len(content) == _ID_BYTES else None
