"""Codes of a second factor (TOTP, RFC 6238: SHA-1, six digits, 30 seconds). Pure."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

ISSUER = "Event service"
STEP = 30
DRIFT = 1
"""Steps that a clock may be off, to either side."""


def new_secret() -> str:
    """A new secret, in Base32."""
    return pyotp.random_base32()


def secret_uri(secret: str, email: str) -> str:
    """What the QR code of a secret says (``otpauth://totp/…``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def code_step(secret: str, code: str, now: datetime, *, after: int | None) -> int | None:
    """The step whose code this is, or None.

    ``after``: the last step that was taken; a code of it or of an earlier one is not taken
    again (RFC 6238 §5.2).
    """
    given, present = "".join(code.split()), int(now.timestamp()) // STEP
    made = pyotp.HOTP(secret)
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(made.at(step).encode(), given.encode()) and step > (after or 0):
            return step
    return None
