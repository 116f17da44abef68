"""The web door of the house: the only place that knows status codes and problem documents.

A room's ``api.py`` takes everything from here::

    door = Door("rooms", __name__, url_prefix="/api/v1/events/<event_id>/rooms", description="…")

    @door.patch("/<room_id>")
    @needs("agenda:write", gate="event")
    @door.body(RoomPatch)
    @door.writes(200, RoomOut, precondition=True)
    def change_room(session, body, event_id, room_id):
        room = queries.room(session, event_id, room_id)
        expect(room)
        return actions.change_room(session, actor(), room, body, now=clock.now(session))
"""

from eventsvc.core.http.afterwards import after_answer
from eventsvc.core.http.asked import actor, discard, header
from eventsvc.core.http.attachments import attachment
from eventsvc.core.http.cookies import (
    csrf_token,
    flow_cookie,
    forget_flow,
    forget_session,
    session_cookie,
    set_flow,
    set_session,
)
from eventsvc.core.http.declare import LINK, SESSION, SIGNED_IN, SPEAKER, needs
from eventsvc.core.http.door import Door
from eventsvc.core.http.install import check_declared, install
from eventsvc.core.http.preconditions import expect
from eventsvc.core.http.problems import told
from eventsvc.core.http.rates import give_back, spend

__all__ = [
    "LINK",
    "SESSION",
    "SIGNED_IN",
    "SPEAKER",
    "Door",
    "actor",
    "after_answer",
    "attachment",
    "check_declared",
    "csrf_token",
    "discard",
    "expect",
    "flow_cookie",
    "forget_flow",
    "forget_session",
    "give_back",
    "header",
    "install",
    "needs",
    "session_cookie",
    "set_flow",
    "set_session",
    "spend",
    "told",
]
