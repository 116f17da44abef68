"""What is told to other systems, how it is signed, and when it is tried again. Pure (api.md §11).

The form follows Standard Webhooks (standardwebhooks.com): the headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature``, and secrets written ``whsec_<base64>``.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

API_VERSION = "v1"
SECRET_PREFIX = "whsec_"  # noqa: S105  the form of a secret, not one
TWO_SECRETS_FOR = timedelta(hours=24)
MOST_ENDPOINTS = 20

PENDING, SENDING, DELIVERED, FAILED, CANCELLED = (
    "pending", "sending", "delivered", "failed", "cancelled",
)  # fmt: skip
STATES = (PENDING, SENDING, DELIVERED, FAILED, CANCELLED)

GONE, FAILING, BY_HAND = "gone", "failing", "by-hand"
"""Why an endpoint is disabled: it said 410, it failed for five days, or people switched it off."""

FAILS_FOR = timedelta(days=5)
RETRY_AFTER = tuple(
    timedelta(seconds=seconds) for seconds in (60, 300, 1800, 7200, 28_800, 86_400, 172_800)
)
SPREAD = 0.1

REGISTRATION_STEPS = ("created", "confirmed", "waitlisted", "promoted", "cancelled", "attended")
EXACTLY = (
    "agenda.published",
    "session.changed",
    *(f"registration.{step}" for step in REGISTRATION_STEPS),
    "announcement.sent",
    "import.finished",
)
WHOLE_AREAS = ("event", "meeting")
"""Areas of which every fact is told, whatever its name."""

WANTED = ("*", *(f"{area}.*" for area in (*WHOLE_AREAS, "registration")), *EXACTLY)
"""What an endpoint can ask for."""

# facts that are one and the same event outside: what happened stands in ``change``
_TOLD_AS = {
    "session.removed": ("session.changed", "removed"),
}
_STATES = {
    "event.announced": "announced",
    "event.published": "published",
    "event.started": "running",
    "event.postponed": "postponed",
    "event.cancelled": "cancelled",
    "event.completed": "completed",
    "event.archived": "archived",
    "event.unpublished": "draft",
    "registration.confirmed": "confirmed",
    "registration.waitlisted": "waitlisted",
    "registration.promoted": "confirmed",
    "registration.cancelled": "cancelled",
    "registration.attended": "attended",
}
# what of a fact may leave the house: ids, states, numbers and times; never free text
_PLAIN = frozenset(
    {
        "state", "previous_state", "number", "revision", "change", "fields", "item_kind", "item_id",
        "registration_id", "participant_id", "other_participant_id", "slot_id", "table_id",
        "old_start", "old_end", "new_start", "new_end", "starts_rev", "days", "first", "recorded",
        "kind", "mode", "rows", "outcome", "what", "counts",
    }
)  # fmt: skip


def type_of(kind: str) -> str | None:
    """The type under which a fact is told outside, or None where it stays in the house."""
    if kind in _TOLD_AS:
        return _TOLD_AS[kind][0]
    if kind in EXACTLY or kind.partition(".")[0] in WHOLE_AREAS:
        return kind
    return None


def data_of(kind: str, subject_id: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The member ``data`` of a body: ids and states, no names, addresses or answers."""
    told = {name: payload[name] for name in sorted(payload) if name in _PLAIN}
    if "changes" in payload:  # name → [old, new]: the values may be free text
        told["fields"] = sorted(payload["changes"])
    if kind in _TOLD_AS:
        told["change"] = _TOLD_AS[kind][1]
    if kind in _STATES:
        told["state"] = _STATES[kind]
    return {"id": subject_id, **told}


def wants(types: Iterable[str], told: str) -> bool:
    """Whether an endpoint that asked for ``types`` hears of ``told``."""
    return any(one in ("*", told, f"{told.partition('.')[0]}.*") for one in types)


def body_of(
    delivery_id: str,
    told: str,
    *,
    at: datetime,
    organiser_id: str,
    event_id: str | None,
    data: Mapping[str, Any],
) -> str:
    """The text that is signed and sent, the same at each attempt."""
    document = {
        "id": delivery_id,
        "type": told,
        "created_at": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "organiser_id": organiser_id,
        "event_id": event_id,
        "api_version": API_VERSION,
        "data": data,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def written_secret(key: bytes) -> str:
    """A secret as people see it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signature(secrets: Iterable[str], delivery_id: str, timestamp: int, body: str) -> str:
    """The header ``webhook-signature``: one value for each secret, with a space between."""
    signed = f"{delivery_id}.{timestamp}.{body}".encode()
    values = []
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
        values.append("v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode())
    return " ".join(values)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after an attempt, and of its endpoint.

    ``wait``: until the next attempt (state pending only). ``disable``: why, or None.
    """

    state: str
    wait: timedelta | None = None
    disable: str | None = None


def judge(
    status: int | None, *, attempts: int, failing_since: datetime | None, now: datetime, luck: float
) -> Verdict:
    """Decide after attempt number ``attempts``.

    Args:
        status: of the answer; None where none came.
        attempts: how many there were, with this one.
        failing_since: the endpoint's first failure after its last success, before this attempt.
        now: when the attempt ended.
        luck: from -1 to 1, spreads the waiting times by ten percent.
    """
    if status is not None and 200 <= status < 300:
        return Verdict(DELIVERED)
    if status == 410:
        return Verdict(FAILED, disable=GONE)
    disable = FAILING if failing_since is not None and now - failing_since >= FAILS_FOR else None
    if disable or attempts > len(RETRY_AFTER):
        return Verdict(FAILED, disable=disable)
    return Verdict(PENDING, wait=RETRY_AFTER[attempts - 1] * (1 + SPREAD * luck))


def valid_secrets(
    secret: str, previous: str | None, previous_until: datetime | None, *, now: datetime
) -> list[str]:
    """The secrets to sign with: during the 24 hours after a change there are two."""
    if previous is not None and previous_until is not None and now < previous_until:
        return [secret, previous]
    return [secret]
