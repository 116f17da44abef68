"""Doors: a speaker's answer, profile, photo and link for the organiser; what is missing."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from eventsvc.agenda import actions, queries, schemas
from eventsvc.agenda.models import SpeakerRole
from eventsvc.core import clock, config
from eventsvc.core.http import Door, actor, attachment, expect, needs
from eventsvc.core.media import JPEG, PNG, WEBP
from eventsvc.core.pages import Page, page
from eventsvc.core.pictures import LARGEST_BYTES, Picture, redrawn
from eventsvc.events.queries import event_for, lock_event, public_event

CACHE = "public, max-age=60"

door = Door(
    "speaker-roles",
    __name__,
    url_prefix="/api/v1/events/<event_id>",
    description="What speakers are asked for, and what they answered",
)
public_door = Door(
    "public-speakers",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>",
    description="Photos of speakers who agreed to be shown",
)


def drawn(content: bytes, **path: str) -> Picture:
    """The picture of an upload, drawn anew before the transaction opens."""
    del path
    return redrawn(content)


def photo_of(session: Session, profile: Any, size: str, **options: Any) -> Response:
    """A photo or its thumbnail as a download."""
    file_id = profile.thumbnail_id if size == "thumbnail" else profile.photo_id
    return attachment(session, file_id, name=schemas.photo_name(profile), **options)


def _shown(profile: Any) -> dict[str, Any]:
    return schemas.profile_shown(profile, with_mail=actor().may("speakers:write"))


@door.get("/speaker-roles")
@needs("speakers:read", gate="event")
@door.query(schemas.SpeakerQuery)
@door.lists(schemas.SpeakerOut, sort=tuple(queries.ROLE_SORTS))
def list_speaker_roles(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the roles of an event with their answers."""
    found = queries.roles_found(event_for(session, actor(), event_id), query)
    return page(session, found, query, sorts=queries.ROLE_SORTS, default="position")


@door.post("/speaker-roles/<speaker_id>/transitions")
@needs("speakers:write", gate="event")
@door.body(schemas.RoleTransitionBody)
@door.writes(200, schemas.SpeakerOut, precondition=False)
def move_speaker_role(
    session: Session, body: dict[str, Any], event_id: str, speaker_id: str
) -> SpeakerRole:
    """Invite a speaker, note an answer, confirm, or name who stands in."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    expect(queries.speaker_for(session, event, speaker_id))
    now = clock.now(session)
    return actions.move_role(session, actor(), event, speaker_id, **body, now=now)


@door.get("/speakers/missing")
@needs("speakers:read", gate="event")
@door.reads(schemas.MissingListOut, computed=True)
def list_missing_of_speakers(session: Session, event_id: str) -> dict[str, Any]:
    """Say who still owes what, and by when."""
    event = event_for(session, actor(), event_id)
    return {"items": [schemas.owing_shown(one) for one in queries.owing(session, event)]}


@door.get("/agenda/balance")
@needs("speakers:read", gate="event")
@door.reads(schemas.BalanceOut, computed=True)
def read_panel_balance(session: Session, event_id: str) -> dict[str, Any]:
    """Count women and men on panels, where the speakers stated it."""
    return queries.panel_balance(session, event_for(session, actor(), event_id))


@door.get("/speakers/<speaker_id>/profile")
@needs("speakers:read", gate="event")
@door.reads(schemas.ProfileOut)
def read_speaker_profile(session: Session, event_id: str, speaker_id: str) -> dict[str, Any]:
    """Read what a speaker says of themselves for this event, with all consents."""
    event = event_for(session, actor(), event_id)
    return _shown(queries.profile_for(session, event, speaker_id))


@door.patch("/speakers/<speaker_id>/profile")
@needs("speakers:write", gate="event")
@door.body(schemas.ProfilePatch)
@door.writes(200, schemas.ProfileOut, precondition=True)
def change_speaker_profile(
    session: Session, body: dict[str, Any], event_id: str, speaker_id: str
) -> dict[str, Any]:
    """Change a speaker's profile, or note the speaker's word on a consent."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    profile = queries.profile_for(session, event, speaker_id)
    expect(profile)
    now = clock.now(session)
    return _shown(actions.change_profile(session, actor(), event, profile, body, now=now))


@door.post("/speakers/<speaker_id>/link")
@needs("speakers:write", gate="event")
@door.body(schemas.SpeakerLinkBody)
@door.writes(200, schemas.SpeakerLinkOut)
def renew_speaker_link(
    session: Session, body: dict[str, Any], event_id: str, speaker_id: str
) -> dict[str, Any]:
    """Make a new private link for a speaker and end the old one."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    profile = queries.profile_for(session, event, speaker_id)
    told = {"deliver": body["deliver"], "secret": config.current().secret_key}
    token = actions.renew_speaker_link(
        session, actor(), event, profile, **told, now=clock.now(session)
    )
    back = body["deliver"] == "return"
    return {"delivered": body["deliver"], "link_token": token if back else None}


@door.get("/speakers/<speaker_id>/photo")
@needs("speakers:read", gate="event")
@door.query(schemas.PhotoQuery)
@door.sends(JPEG)
def read_speaker_photo(
    session: Session, query: dict[str, Any], event_id: str, speaker_id: str
) -> Response:
    """Fetch the photo of a speaker."""
    event = event_for(session, actor(), event_id)
    return photo_of(session, queries.profile_for(session, event, speaker_id), query["size"])


@door.put("/speakers/<speaker_id>/photo")
@needs("speakers:write", gate="event")
@door.upload(PNG, JPEG, WEBP, largest=LARGEST_BYTES)
@door.before(drawn)
@door.writes(200, schemas.ProfileOut, precondition=True)
def put_speaker_photo(
    session: Session, content: bytes, picture: Picture, event_id: str, speaker_id: str
) -> dict[str, Any]:
    """Set the photo of a speaker; it is drawn anew, without metadata."""
    del content
    event = lock_event(session, event_for(session, actor(), event_id).id)
    profile = queries.profile_for(session, event, speaker_id)
    expect(profile)
    now = clock.now(session)
    return _shown(actions.set_photo(session, actor(), event, profile, picture, now=now))


@door.delete("/speakers/<speaker_id>/photo")
@needs("speakers:write", gate="event")
@door.writes(204, precondition=True)
def remove_speaker_photo(session: Session, event_id: str, speaker_id: str) -> None:
    """Take the photo of a speaker away."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    profile = queries.profile_for(session, event, speaker_id)
    expect(profile)
    actions.set_photo(session, actor(), event, profile, None, now=clock.now(session))


@public_door.get("/speakers/<speaker_id>/photo")
@needs(None)
@public_door.query(schemas.PhotoQuery)
@public_door.sends(JPEG)
def read_public_photo(
    session: Session, query: dict[str, Any], series_slug: str, event_slug: str, speaker_id: str
) -> Response:
    """Fetch the photo of a speaker who agreed to be shown."""
    event = public_event(session, series_slug, event_slug)
    profile = queries.public_profile(session, event, speaker_id)
    response = photo_of(session, profile, query["size"], cache=CACHE)
    # the organiser's own site shows it as well
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
