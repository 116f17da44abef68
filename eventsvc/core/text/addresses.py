"""Mail addresses: how one is stored, compared and flagged (api.md §1, security.md row 27)."""

from __future__ import annotations

import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email

from eventsvc.core.text.characters import (
    ValueRefused,
    has_format_characters,
    marks_run_too_long,
    normalise,
)

LONGEST_ADDRESS = 254
"""Characters of an address (RFC 5321 §4.5.3.1.3, less the angle brackets)."""

LONGEST_LOOKED_AT = 5000
"""Characters that a question about an address looks at, whatever it is given."""

_TOGETHER = {"CJK": "JAPANESE", "HIRAGANA": "JAPANESE", "KATAKANA": "JAPANESE"}


def clean_email(address: str) -> str:
    """The address to store: trimmed, local part as typed, domain in lower-case IDNA form.

    Raises ``ValueRefused`` with code ``too-long`` (over 254 characters), ``invalid-character``
    (control and invisible characters) or ``invalid-email``. Syntax is judged by
    email-validator, without asking the DNS; reserved ``.test`` domains are accepted.
    """
    if len(address) > 2 * LONGEST_ADDRESS:
        raise _too_long()
    text = normalise(address)
    if has_format_characters(text):
        raise ValueRefused("invalid-character", "The address contains an invisible character")
    try:
        parts = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as refusal:
        raise ValueRefused("invalid-email", "This is not a mail address") from refusal
    domain = (parts.ascii_domain or "").lower()
    if "." not in domain:
        raise ValueRefused("invalid-email", "The domain of the address is not complete")
    cleaned = f"{parts.local_part}@{domain}"
    if len(cleaned) > LONGEST_ADDRESS:
        raise _too_long()
    return cleaned


def email_key(address: str) -> str:
    """The form under which addresses are compared: NFKC and casefold, domain in IDNA form.

    Two addresses with one key are one address to us. Takes typed as well as cleaned addresses
    and never raises; what cannot be encoded is only folded.
    """
    text = address[:LONGEST_LOOKED_AT]
    if marks_run_too_long(text):
        return text.strip().casefold()
    local, at, domain = unicodedata.normalize("NFKC", text).strip().rpartition("@")
    return f"{_fold(local)}{at}{_ascii_domain(domain)}".strip()


def is_suspicious_email(address: str) -> bool:
    """Whether letters of several scripts stand in the local part (``аnna@`` with Cyrillic а).

    Such addresses are accepted and flagged ``suspicious_email`` to organisers.
    """
    local = unicodedata.normalize("NFKC", address[:LONGEST_LOOKED_AT].rpartition("@")[0])
    scripts = {_script(character) for character in local if character.isalpha()}
    return len(scripts) > 1


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).casefold()


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return _fold(domain)


def _script(letter: str) -> str:
    word = unicodedata.name(letter, "UNNAMED").partition(" ")[0]
    return _TOGETHER.get(word, word)


def _too_long() -> ValueRefused:
    return ValueRefused("too-long", f"An address has at most {LONGEST_ADDRESS} characters")
