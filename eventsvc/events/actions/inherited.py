"""What a new edition takes over of the words and the preparation of an older one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.events.models import Event, EventPage, Milestone, Notice, NoticeVersion
from eventsvc.events.policy import STAFF, is_about_place


def inherit(session: Session, source: Event, event: Event, *, now: datetime) -> None:
    """Copy pages, notices and milestones of ``source``.

    Pages about its place are for staff until somebody has looked at them; blocks with documents
    stay behind with the documents. A milestone on a fixed day keeps its distance from the start;
    where that is not known it stays behind. All are open again.
    """
    for page in session.scalars(select(EventPage).where(EventPage.event_id == source.id)).all():
        copy = EventPage(
            event_id=event.id,
            kind=page.kind,
            title=page.title,
            language=page.language,
            visibility=STAFF if is_about_place(page.kind) else page.visibility,
            blocks=[block for block in page.blocks if block["type"] != "document"],
            position=page.position,
            updated_at=now,
        )
        session.add(copy)
    for notice in session.scalars(select(Notice).where(Notice.event_id == source.id)).all():
        said = {"event_id": event.id, "language": notice.language, "content": dict(notice.content)}
        session.add(Notice(**said, updated_at=now))
        session.flush()
        session.add(NoticeVersion(**said, number=1, at=now))
    starts = source.starts_wall.date() if source.starts_wall is not None else None
    for one in session.scalars(select(Milestone).where(Milestone.event_id == source.id)).all():
        days = one.due_days
        if one.due_on is not None and starts is not None:
            days = (one.due_on - starts).days
        if days is not None:
            session.add(_copy_of(one, event, days))
    session.flush()


def _copy_of(milestone: Milestone, event: Event, due_days: int) -> Milestone:
    return Milestone(
        event_id=event.id,
        title=milestone.title,
        note=milestone.note,
        due_days=due_days,
        owner_name=milestone.owner_name,
        owner_email=milestone.owner_email,
        position=milestone.position,
    )
