"""Writing the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.models import AuditEntry
from eventsvc.core.rights import Actor


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Any,
    *,
    now: datetime,
    changes: dict[str, Any] | None = None,
) -> None:
    """Note that ``actor`` did ``action`` (``event.published``) to ``subject``, a row with an id.

    ``changes``: names of changed fields with values that are not personal data; it must be JSON.
    """
    session.add(
        AuditEntry(
            organiser_id=getattr(subject, "organiser_id", None) or actor.organiser_id,
            event_id=getattr(subject, "event_id", None),
            actor_kind=actor.kind,
            actor_name=actor.name,
            credential_id=actor.credential_id,
            account_id=actor.account_id,
            action=action,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            at=now,
            changes=changes or {},
        )
    )
