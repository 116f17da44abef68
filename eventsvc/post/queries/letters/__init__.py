"""Letters by purpose: what a message says now, or why it is not sent after all.

A builder is asked after the claim and just before rendering (delivery.md §5 step 2), so its answer
is right at that moment.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter

Builder = Callable[[Session, OutboxMessage, datetime], Letter | Ended]

LETTERS: dict[str, Builder] = {}
"""Purpose → builder."""
