"""What feeds do before a commit, for changes that no stored item text shows; and at erasure."""

from __future__ import annotations

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import SpeakerRole
from eventsvc.core import clock
from eventsvc.core.db import shown_changes
from eventsvc.events.models import Event
from eventsvc.feeds.actions import forget_personal
from eventsvc.ical.actions import touch
from eventsvc.ical.queries import any_shown
from eventsvc.registration.actions import revise
from eventsvc.registration.models import Participant
from eventsvc.registration.policy import ParticipantAnonymised


def refresh_unseen(session: Session) -> None:
    """Finisher: let feeds be joined again where a change is seen in no item.

    The header of an edition without a banner (its day is not known yet), and the personal feed of
    a speaker whose role changed. What has an item, the agenda has touched already.
    """
    changes = list(shown_changes(session).values())
    roles = [thing for thing in changes if isinstance(thing, SpeakerRole)]
    events = [thing for thing in changes if isinstance(thing, Event)]
    if not roles and not events:
        return
    now = clock.now(session)
    bare = [event.id for event in events if _is_bare(session, event)]
    touch(session, sorted(bare), now=now)
    for event_id in sorted({role.event_id for role in roles}):
        persons = {role.person_id for role in roles if role.event_id == event_id}
        speakers = select(Participant.id).where(
            Participant.event_id == event_id, Participant.person_id.in_(persons)
        )
        revise(session, session.scalars(speakers).all(), now)


def _is_bare(session: Session, event: Event) -> bool:
    gone = bool(inspect(event).deleted)
    return (
        not gone and event.announced_at is not None and not any_shown(session, "banner", event.id)
    )


def on_participant_anonymised(session: Session, fact: ParticipantAnonymised) -> None:
    """End the personal calendar with everything that was joined for it."""
    forget_personal(session, fact.subject_id, now=fact.at)
