"""Data-protection notices as organisers and the public read them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event, Notice, NoticeVersion
from eventsvc.events.policy import NOTICE_FIELDS, language_shown


def notice_versions(notice: Notice) -> Select[NoticeVersion]:
    """Every version of a notice."""
    return select(NoticeVersion).where(
        NoticeVersion.event_id == notice.event_id, NoticeVersion.language == notice.language
    )


def notice_version(session: Session, event: Event, language: str, number: str) -> NoticeVersion:
    """One version of the notice in a language, as a registration was shown it.

    Raises:
        NotFound: there is none.
    """
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFound
    wanted = select(NoticeVersion).where(
        NoticeVersion.event_id == event.id,
        NoticeVersion.language == language,
        NoticeVersion.number == int(number),
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def notices_of(session: Session, event: Event) -> list[dict[str, Any]]:
    """The notices of an event as they are now, one for each language."""
    statement = select(Notice).where(Notice.event_id == event.id).order_by(Notice.language)
    return [notice_written(row) for row in session.scalars(statement)]


def notice_shown(
    session: Session, event: Event, language: str | None
) -> tuple[str, int] | tuple[None, None]:
    """Language and number of the notice that somebody who reads ``language`` is shown."""
    rows = session.execute(
        select(Notice.language, Notice.version).where(Notice.event_id == event.id)
    )
    numbers = {row.language: row.version for row in rows}
    shown = language_shown(numbers, language, event_languages=event.languages)
    return (None, None) if shown is None else (shown, numbers[shown])


def notice_written(row: Notice) -> dict[str, Any]:
    """A notice as its door answers it."""
    return {
        **_said(row.content),
        "id": row.id,
        "event_id": row.event_id,
        "language": row.language,
        "number": row.version,
        "version": row.version,
        "at": row.updated_at,
    }


def version_written(row: NoticeVersion) -> dict[str, Any]:
    """A version as its door answers it."""
    return {**_said(row.content), "language": row.language, "number": row.number, "at": row.at}


def _said(content: dict[str, Any]) -> dict[str, Any]:
    """Everything a notice can say, null where it says nothing."""
    lists: dict[str, Any] = {"joint_controllers": [], "processors": []}
    return {**dict.fromkeys(NOTICE_FIELDS), **lists, **content}
