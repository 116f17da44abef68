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
from eventsvc.post.queries.letters import changes, registrations, reminders
from eventsvc.post.queries.letters.announcement import announcement
from eventsvc.post.queries.letters.digest import programme_changed
from eventsvc.post.queries.letters.event_report import event_report
from eventsvc.post.queries.letters.invitations import member_invitation
from eventsvc.post.queries.letters.preparation import milestones_due
from eventsvc.post.queries.letters.webhooks import webhook_disabled

Builder = Callable[[Session, OutboxMessage, datetime], Letter | Ended]

LETTERS: dict[str, Builder] = {
    "registration_proof": registrations.proof,
    "registration_proof_nudge": registrations.proof,
    "registration_received": registrations.received,
    "registration_confirmed": registrations.confirmed,
    "registration_waitlisted": registrations.waitlisted,
    "waitlist_promoted": registrations.promoted,
    "waitlist_offered": registrations.offered,
    "registration_cancelled": registrations.cancelled,
    "registration_refused": registrations.refused,
    "registration_repeated": registrations.repeated,
    "private_link": registrations.new_link,
    "booking_promoted": changes.booking_promoted,
    "booking_offered": changes.booking_offered,
    "event_moved": changes.event_moved,
    "event_cancelled": changes.event_cancelled,
    "event_postponed": changes.event_postponed,
    "session_moved": changes.session_moved,
    "session_cancelled": changes.session_cancelled,
    "programme_changed": programme_changed,
    "practical_information": reminders.practical_information,
    "day_ahead": reminders.day_ahead,
    "starting_soon": reminders.starting_soon,
    "event_report": event_report,
    "announcement": announcement,
    "member_invitation": member_invitation,
    "webhook_disabled": webhook_disabled,
    "milestones_due": milestones_due,
}
"""Purpose → builder."""
