"""What identifies a message, and what stops one: pure decisions (delivery.md §2, §9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

TRANSACTIONAL = 0
"""Priority of confirmations, promotions, moves and cancellations."""
REMINDER = 5
"""Priority of reminders."""
BULK = 9
"""Priority of digests, announcements and reports."""

PENDING = "pending"
CLAIMED = "claimed"
SENDING = "sending"
CANCELLED = "cancelled"
STATES = (
    PENDING, CLAIMED, SENDING, "sent", "failed", "unknown", "suppressed", CANCELLED, "expired",
)  # fmt: skip
ENDED = frozenset(STATES) - {PENDING, CLAIMED, SENDING}
"""States that a message does not leave by itself."""

EVERYTHING = "all"
COMPLAINT = "complaint"
SCOPE_KINDS = ("event", "series", "purpose", "organiser")


def message_key(
    recipient_id: str,
    purpose: str,
    subject_type: str,
    subject_id: str,
    *,
    offset_s: int = 0,
    revision: int = 0,
) -> str:
    """The key of a message: SHA-256 in hex of its parts, spelled out (delivery.md §2)."""
    parts = f"{recipient_id}|{purpose}|{subject_type}:{subject_id}|{offset_s}|{revision}"
    return hashlib.sha256(parts.encode()).hexdigest()


def scopes_that_stop(
    event_id: str | None, series_id: str | None, purpose: str, organiser_id: str | None = None
) -> frozenset[str]:
    """The suppression scopes under which a message of this event and purpose falls."""
    scopes = {EVERYTHING, f"purpose:{purpose}"}
    if event_id:
        scopes |= {f"event:{event_id}", f"event:{event_id}:{purpose}"}
    if series_id:
        scopes.add(f"series:{series_id}")
    if organiser_id:
        scopes.add(f"organiser:{organiser_id}")
    return frozenset(scopes)


def stops(scope: str, reason: str, *, priority: int) -> bool:
    """Whether a suppression that covers a message also holds for its priority.

    Transactional mail cannot be unsubscribed and outlasts a complaint; only an address that
    bounces, or that an organiser blocked, stops it (delivery.md §9).
    """
    if priority > TRANSACTIONAL:
        return True
    blocked = scope == EVERYTHING or scope.startswith("organiser:")
    return blocked and reason != COMPLAINT


def stopping(found: Iterable[tuple[str, str]], *, priority: int) -> str | None:
    """The reason of the first of these (scope, reason) that stops the message, or None."""
    for scope, reason in sorted(found):
        if stops(scope, reason, priority=priority):
            return reason
    return None


def is_scope(text: str) -> bool:
    """Whether ``text`` is ``all``, ``event:<id>``, ``event:<id>:<purpose>``, ``series:<id>``,
    ``purpose:<name>`` or ``organiser:<id>``."""
    kind, colon, rest = text.partition(":")
    return text == EVERYTHING or (kind in SCOPE_KINDS and bool(colon) and bool(rest))


def masked(address: str | None) -> str | None:
    """An address as logs may show it: ``m…@example.org`` (delivery.md §7)."""
    if not address:
        return address
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{at}{domain}"
