"""Doors: how an announcement will look, as the mail that it becomes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core.http import Door, actor, needs
from eventsvc.events.queries import event_for
from eventsvc.post import queries
from eventsvc.post.schemas import AnnouncementPreviewOut
from eventsvc.reminders.queries import announcement_for

door = Door(
    "announcement-previews",
    __name__,
    url_prefix="/api/v1/events/<event_id>/announcements/<announcement_id>",
    description="How an announcement will look",
)


@door.post("/preview")
@needs("announcements:read", gate="event")
@door.writes(200, AnnouncementPreviewOut, computed=True)
def preview_announcement(session: Session, event_id: str, announcement_id: str) -> dict[str, Any]:
    """Show how many people get it and how each language reads; nothing is sent or stored."""
    event = event_for(session, actor(), event_id)
    announcement = announcement_for(session, event, announcement_id)
    return queries.announcement_preview(session, event, announcement)
