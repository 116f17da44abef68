"""Who has the feed already, and who takes it compressed (calendar.md rules 39, 40)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
_NO_WEIGHT = re.compile(r"0(\.0{0,3})?")


def is_unmodified(
    etag: str,
    changed_at: datetime,
    *,
    if_none_match: str | None,
    if_modified_since: datetime | None,
    now: datetime,
) -> bool:
    """Whether the caller's copy is the present one, so that 304 is the answer.

    ``If-None-Match`` alone counts where it was sent (RFC 9110 §13.2.2): weak comparison, lists,
    ``*``. Else the date must not lie before the last change; a date to come is not believed, for
    "any date is fresh" froze subscribers (rule 39).
    """
    if if_none_match is not None:
        known = if_none_match.strip() == "*"
        return known or any(tag[1] == etag for tag in _TAG.finditer(if_none_match))
    if if_modified_since is None:
        return False
    changed = changed_at.replace(microsecond=0)
    return if_modified_since == changed or changed < if_modified_since <= now


def asks_for_gzip(accept_encoding: str | None) -> bool:
    """Whether ``gzip`` is named with a weight above 0; ``*`` is no wish for it (rule 40)."""
    for part in (accept_encoding or "").lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        if coding in ("gzip", "x-gzip"):
            weights = [text[2:].strip() for text in parameters if text.startswith("q=")]
            return not any(_NO_WEIGHT.fullmatch(weight) for weight in weights)
    return False


def wants_plain(client: str | None, plain_clients: Sequence[str]) -> bool:
    """Whether this ``User-Agent`` is one that chokes on compressed calendars (rule 40)."""
    told = (client or "").lower()
    return any(name.lower() in told for name in plain_clients)
