"""Which passwords are good enough (security.md row 11; NIST SP 800-63B-4 §3.1.1). Pure.

Length and a list of common passwords; no rules of composition, which only make people write
``Password2026!``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from eventsvc.core.errors import FieldError

LOGIN_REFUSED = "Address, password or code is wrong."
"""The one answer to whatever is wrong with a login (security.md row 14)."""
SHORTEST = 12
LONGEST = 200
COMMON = Path(__file__).parent.parent / "common_passwords.txt"
_LOOK_ALIKES = str.maketrans("0134578@$!", "oieastbasi")
_NO_LETTER = re.compile(r"[^a-z]+")
_STEPS = "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm"


def password_errors(password: str, *, email: str, name: str, pointer: str) -> list[FieldError]:
    """What is wrong with a new password; nothing, or one error at ``pointer``."""
    if len(password) < SHORTEST:
        return [FieldError(pointer, "too-short", f"Use at least {SHORTEST} characters.")]
    if _is_common(password) or _is_own(password, email, name) or _is_pattern(password.casefold()):
        return [FieldError(pointer, "too-common", "It is easily guessed; take another one.")]
    return []


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())


def _is_common(password: str) -> bool:
    """In the list as it stands, or as its words alone: ``P4ssw0rd-2026!`` is ``password``."""
    lowered = password.casefold()
    # digits at the end are a year or a count, those inside stand for letters
    stem = lowered.rstrip("0123456789!?.*#-_ ")
    words = _NO_LETTER.sub("", stem.translate(_LOOK_ALIKES))
    return bool({lowered, stem, words} & _common())


def _is_own(password: str, email: str, name: str) -> bool:
    """Made of the person's own name or address and a few characters more."""
    lowered = password.casefold()
    own = {email.casefold(), email.casefold().partition("@")[0], name.casefold()}
    own |= set(name.casefold().split())
    known = [part for part in own if len(part) >= 4 and part in lowered]
    return any(len(lowered) - len(part) < 6 for part in known)


def _is_pattern(lowered: str) -> bool:
    """One piece again and again, or a walk along the alphabet or the keyboard."""
    if len(set(lowered)) < 4 or lowered in (lowered + lowered)[1:-1]:
        return True
    rows = [row for step in _STEPS for row in (step, step[::-1])]
    return any(lowered in row for row in rows)
