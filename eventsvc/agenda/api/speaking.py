"""Doors behind a speaker's private link: answer, profile, photo, consents, takeaways."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries, schemas
from eventsvc.agenda.api.roles import drawn, photo_of
from eventsvc.agenda.models import SpeakerProfile, Takeaway
from eventsvc.agenda.policy import check_link_writes
from eventsvc.core import clock
from eventsvc.core.http import SPEAKER, Door, actor, expect, needs
from eventsvc.core.media import JPEG, PNG, WEBP
from eventsvc.core.pictures import LARGEST_BYTES, Picture
from eventsvc.events.models import Event
from eventsvc.events.queries import event_for, lock_event

door = Door(
    "my-speaking",
    __name__,
    url_prefix="/api/v1/my/speaking",
    description="The speaker's own page, by private link",
)
REPORT = "/takeaways/<session_id>"


def _writing(session: Session) -> tuple[Event, SpeakerProfile]:
    """The event, locked, and the own profile, if the link may still change something."""
    now = clock.now(session)
    event = lock_event(session, actor().event_id or "")
    profile = queries.profile_linked(session, actor(), now=now)
    check_link_writes(event.ends_at, now)
    return event, profile


def _own(session: Session, profile: SpeakerProfile) -> dict[str, Any]:
    event = event_for(session, actor(), profile.event_id)
    return schemas.own_speaking(queries.speaking(session, event, profile, now=clock.now(session)))


@door.get("")
@needs(SPEAKER)
@door.reads(schemas.SpeakingOut, computed=True)
def read_own_speaking(session: Session) -> dict[str, Any]:
    """Read what the speaker is asked for, and what they said of themselves."""
    return _own(session, queries.profile_linked(session, actor(), now=clock.now(session)))


@door.patch("")
@needs(SPEAKER)
@door.body(schemas.OwnProfilePatch)
@door.writes(200, schemas.SpeakingOut, precondition=True)
def change_own_speaking(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """Change the own profile; give or withdraw consents."""
    event, profile = _writing(session)
    expect(profile)
    now = clock.now(session)
    return _own(session, actions.change_profile(session, actor(), event, profile, body, now=now))


@door.post("/transitions")
@needs(SPEAKER)
@door.body(schemas.OwnTransitionBody)
@door.writes(200, schemas.SpeakingOut, computed=True)
def answer_for_role(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """Accept, decline, or name who stands in."""
    event, profile = _writing(session)
    role = queries.own_role(session, profile, body.pop("role_id"))
    actions.move_role(session, actor(), event, role.id, **body, now=clock.now(session))
    return _own(session, queries.profile_linked(session, actor(), now=clock.now(session)))


@door.get("/photo")
@needs(SPEAKER)
@door.query(schemas.PhotoQuery)
@door.sends(JPEG)
def read_own_photo(session: Session, query: dict[str, Any]) -> Response:
    """Fetch the own photo."""
    profile = queries.profile_linked(session, actor(), now=clock.now(session))
    return photo_of(session, profile, query["size"])


@door.put("/photo")
@needs(SPEAKER)
@door.upload(PNG, JPEG, WEBP, largest=LARGEST_BYTES)
@door.before(drawn)
@door.writes(200, schemas.SpeakingOut, precondition=True)
def put_own_photo(session: Session, content: bytes, picture: Picture) -> dict[str, Any]:
    """Set the own photo; it is drawn anew, without metadata."""
    del content
    event, profile = _writing(session)
    expect(profile)
    now = clock.now(session)
    return _own(session, actions.set_photo(session, actor(), event, profile, picture, now=now))


@door.delete("/photo")
@needs(SPEAKER)
@door.writes(204, precondition=True)
def remove_own_photo(session: Session) -> None:
    """Take the own photo away."""
    event, profile = _writing(session)
    expect(profile)
    actions.set_photo(session, actor(), event, profile, None, now=clock.now(session))


@door.get(REPORT)
@needs(SPEAKER)
@door.reads(schemas.ReportedOut)
def read_own_takeaway(session: Session, session_id: str) -> Takeaway | dict[str, Any]:
    """Read what the rapporteur keeps of a session; version 0: nothing yet."""
    profile = queries.profile_linked(session, actor(), now=clock.now(session))
    return _reported(session, profile, session_id)


@door.put(REPORT)
@needs(SPEAKER)
@door.body(schemas.ReportedBody)
@door.writes(200, schemas.ReportedOut, precondition=True)
def put_own_takeaway(session: Session, body: dict[str, Any], session_id: str) -> Takeaway:
    """Keep messages, note, quotes and links of a session, as its rapporteur."""
    event, profile = _writing(session)
    known = _reported(session, profile, session_id)
    expect(known)
    now = clock.now(session)
    if isinstance(known, Takeaway):
        return actions.change_takeaway(session, actor(), event, known, body, now=now)
    values = {**body, "session_id": session_id}
    return actions.add_takeaway(session, actor(), event, values, now=now)


@door.put("/quotes/<quote_id>")
@needs(SPEAKER)
@door.body(schemas.OwnQuoteBody)
@door.writes(200, schemas.OwnQuoteOut)
def clear_own_quote(session: Session, body: dict[str, Any], quote_id: str) -> Any:
    """Let an own quote be used, or not."""
    _, profile = _writing(session)
    quote = queries.quote_of(session, profile, quote_id)
    return actions.clear_quote(session, actor(), quote, **body, now=clock.now(session))


def _reported(
    session: Session, profile: SpeakerProfile, session_id: str
) -> Takeaway | dict[str, Any]:
    item_id = queries.reported_item(session, profile, session_id)
    event = event_for(session, actor(), profile.event_id)
    known = queries.takeaway_of(session, event, item_id)
    return known if known is not None else schemas.nothing_reported(item_id)
