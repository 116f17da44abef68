"""Data-protection notices: given, not consented to; every version stays (editions.md §8, 23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event, Notice, NoticeVersion
from eventsvc.events.policy import notice_content, refuse_archived


def add_notice(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> Notice:
    """Write the notice of an event in one language; it is version 1.

    Raises:
        Conflict: ``archived``, ``notice-exists``: there is one in this language.
        Invalid: no supervisory authority.
    """
    refuse_archived(event.state)
    language = values["language"]
    content = notice_content({}, values)
    of_language = select(Notice.id).where(Notice.event_id == event.id, Notice.language == language)
    standing = session.scalars(of_language).first()
    if standing is not None:
        detail = "There is a notice in this language: change that one."
        raise Conflict("notice-exists", detail, conflicts_with=[standing])
    notice = Notice(event_id=event.id, language=language, content=content, updated_at=now)
    session.add(notice)
    session.flush()
    _keep(session, notice, now=now)
    record(session, actor, "notice.added", notice, now=now, changes={"language": language})
    return notice


def change_notice(
    session: Session,
    actor: Actor,
    event: Event,
    notice: Notice,
    values: dict[str, Any],
    *,
    now: datetime,
) -> Notice:
    """Change a notice: a new version, and the old ones stay. Nothing new makes no version.

    Raises:
        Conflict: ``archived``.
        Invalid: no supervisory authority.
    """
    refuse_archived(event.state)
    content = notice_content(notice.content, values)
    if content == notice.content:
        return notice
    notice.content, notice.updated_at = content, now
    session.flush()
    _keep(session, notice, now=now)
    changes = {"fields": sorted(values), "number": notice.version}
    record(session, actor, "notice.changed", notice, now=now, changes=changes)
    return notice


def remove_notice(
    session: Session, actor: Actor, event: Event, notice: Notice, *, now: datetime
) -> None:
    """Delete a notice that nobody was shown yet.

    Raises:
        Conflict: ``archived``, ``notice-in-use``: a registration was shown it.
    """
    refuse_archived(event.state)
    record(session, actor, "notice.removed", notice, now=now, changes={"language": notice.language})
    session.flush()
    try:
        with session.begin_nested():
            session.delete(notice)
    except IntegrityError as error:
        detail = "Registrations were shown it: change it instead."
        raise Conflict("notice-in-use", detail) from error


def _keep(session: Session, notice: Notice, *, now: datetime) -> None:
    session.add(
        NoticeVersion(
            event_id=notice.event_id,
            language=notice.language,
            number=notice.version,
            content=dict(notice.content),
            at=now,
        )
    )
    session.flush()
