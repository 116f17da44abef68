"""Encryption at rest: what the database holds and nobody who reads it may know (security.md §4).

A column says what it keeps, and the rest happens by itself::

    totp_secret: Mapped[str | None] = mapped_column(SealedText("accounts.totp_secret"))

The purpose is bound to the value: a sealed text moved into another column does not open. Give
each column a purpose of its own and never change it. In SQL such a column is opaque: it cannot be
searched, sorted or compared. Elsewhere (a file, a document) use :func:`seal` and :func:`unseal`.

Values look like ``s1.<key id>.<nonce and ciphertext>``. New ones are sealed with
``EVENTSVC_SECRET_KEY``; those of ``EVENTSVC_PREVIOUS_SECRET_KEY`` still open, and are sealed with
the new key at the next write.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from eventsvc.core import config

FORM = "s1"
NONCE = 12
"""Bytes of a nonce of AES-GCM (NIST SP 800-38D §5.2.1.1)."""


class CannotOpen(Exception):  # noqa: N818  named for what happened, as refusals are
    """A sealed value was changed, was sealed for another purpose, or its key is gone."""


def seal(purpose: str, text: str) -> str:
    """``text`` encrypted with the present key; two calls never give the same."""
    key_id, key = _key(config.current().secret_keys[0])
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{FORM}.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def unseal(purpose: str, sealed: str) -> str:
    """The text that :func:`seal` took.

    Raises:
        CannotOpen: it is not ours, was sealed for another purpose, was changed, or its key is
            neither the present nor the previous one.
    """
    form, _, rest = sealed.partition(".")
    key_id, _, body = rest.partition(".")
    key = dict(_key(secret) for secret in config.current().secret_keys).get(key_id)
    if form != FORM or key is None:
        raise CannotOpen(f"{purpose}: sealed with a key that is not set")
    try:
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotOpen(f"{purpose}: changed, or sealed for another purpose") from None


@lru_cache(maxsize=8)
def _key(secret: str) -> tuple[str, bytes]:
    """(id, key of 32 bytes) derived from a secret key (HKDF, RFC 5869)."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"eventsvc sealed 1").derive(
        secret.encode()
    )
    return hashlib.sha256(b"id of " + derived).hexdigest()[:12], derived


class SealedText(TypeDecorator[str]):
    """A text column that the database holds encrypted; code reads and writes plain text."""

    impl = String
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is written."""
        del dialect
        return None if value is None else seal(self.purpose, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what is read."""
        del dialect
        return None if value is None else unseal(self.purpose, value)
