"""What may become of an announcement, and its words: pure decisions."""

from eventsvc.reminders.policy.announcements import (
    ANNOUNCEMENT_STATES,
    DRAFT,
    SENDING,
    SENT,
    SPEAKERS,
    AnnouncementSent,
    Audience,
    audience_of,
    check_step,
    check_texts,
    text_for,
)
from eventsvc.reminders.policy.placeholders import PLACEHOLDERS, filled, filled_html, unknown_in

__all__ = [
    "ANNOUNCEMENT_STATES",
    "DRAFT",
    "PLACEHOLDERS",
    "SENDING",
    "SENT",
    "SPEAKERS",
    "AnnouncementSent",
    "Audience",
    "audience_of",
    "check_step",
    "check_texts",
    "filled",
    "filled_html",
    "text_for",
    "unknown_in",
]
