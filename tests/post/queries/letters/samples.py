"""Sample values for every letter, with names that break careless templates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from eventsvc.reminders.plan import KINDS

BRIEN, ZOE = "O'Brien <b>", "Zoë 李"
STARTS = datetime(2027, 5, 5, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONE = "Europe/Vienna"
TITLE = "Clusters meet <Regions> & Friends"

EVENT = {
    "title": TITLE,
    "starts": STARTS,
    "ends": STARTS + 32 * HOUR,
    "all_day": False,
    "zone": ZONE,
    "place": "Example Hall, Example Street 1, 1010 Vienna, Austria",
    "online": False,
    "join_url": None,
}
ONLINE = {
    **EVENT,
    "place": None,
    "online": True,
    "join_url": "https://meet.example.org/j/1?a=b&c=d",
}

COMMON = {
    "name": BRIEN,
    "organiser": {"name": "Example Events", "email": "events@example.org"},
    "event": EVENT,
    "code": "7XK2M9QRTB",
    "private_link": "https://events.example.org/r#evl_example",
    "unsubscribe_url": None,
}


def item(**changes: Any) -> dict[str, Any]:
    """A workshop."""
    return {
        "title": "Workshop 2: Hydrogen <b>valleys</b>",
        "starts": STARTS + 4 * HOUR,
        "ends": STARTS + 5 * HOUR,
        "begins": STARTS + 4 * HOUR,
        "all_day": False,
        "zone": ZONE,
        "place": "Room B, Example Hall, Vienna, Austria",
        "online": False,
        "join_url": None,
        "waiting": False,
        "bus": None,
        "stops": [],
        **changes,
    }


OPENING = item(title="Opening", starts=STARTS, ends=STARTS + HOUR, begins=STARTS, place="Main hall")
WAITED = item(waiting=True, title="Workshop 3: Funding", starts=STARTS + 6 * HOUR, ends=None)
VISIT = item(
    title=f"Steel works with {ZOE}",
    starts=STARTS + 6 * HOUR,
    ends=STARTS + 9 * HOUR,
    begins=STARTS + 5 * HOUR,
    place="Gate 1, Linz, Austria",
    bus="Bus 1",
    stops=[
        {"place": "Example Hall, main door", "leaves": STARTS + 5 * HOUR},
        {"place": "Main Station", "leaves": STARTS + 5 * HOUR + timedelta(minutes=15)},
    ],
)
TALK = item(place=None, online=True, join_url="https://meet.example.org/j/2")
DAY = [{"on": date(2027, 5, 5), "entries": [OPENING, item(), WAITED, VISIT]}]
DEADLINE = {"deadline": STARTS - 48 * HOUR}
CALENDAR = {"calendar_link": "https://events.example.org/my/calendar/evc_example.ics"}
OLD = {"old_start": STARTS - 24 * 7 * HOUR}
REMINDER = {"unsubscribe_url": "https://events.example.org/u/evu_example"}

REPORT = {
    "summary": "The 20th Example Series brought more than 120 participants to Example-Region.",
    "rows": [
        {"label": "Participants", "stated": "more than 120", "counted": "131"},
        {"label": "Bilateral meetings", "stated": "more than 35", "counted": None},
        {"label": "Speakers", "stated": None, "counted": "14"},
    ],
    "revision": 1,
    "draft": True,
    "days": 5,
    "report_url": "https://events.example.org/api/v1/events/x/report-revisions/1?language=en",
    "unsubscribe_url": "https://events.example.org/u/evu_example",
}
INVITED = {
    "role": "event-manager",
    "expires": STARTS,
    "zone": ZONE,
    "invitation_link": "https://events.example.org/join#evi_example",
}

STEPS = [
    {"title": "Rooms <b>booked</b>", "due": date(2027, 2, 1), "late": 3, "owner": ZOE,
     "note": "Ask & compare."},
    {"title": "Programme drafted", "due": date(2027, 2, 5), "late": 0, "owner": None, "note": None},
]  # fmt: skip

ANNOUNCED = {
    "subject": f"News of {TITLE}",
    "text": f"Dear {BRIEN},\n\n**Bring** a pen & paper.\nhttps://events.example.org/r#evl_example",
    "html": Markup(  # noqa: S704  as the letter hands it over: sanitised
        f"<p>Dear {escape(BRIEN)},</p>\n<p><strong>Bring</strong> a pen &amp; paper.<br>"
        '<a href="https://events.example.org/r#evl_example">Your page</a></p>'
        "<ul><li>one</li><li>two</li></ul>"
    ),
    "unsubscribe_url": "https://events.example.org/u/evu_example",
}


def changed(**changes: Any) -> dict[str, Any]:
    """What changed of an item, as the letter of a digest is given it."""
    return {**dict.fromkeys(KINDS), **changes}


HOOK = {
    "label": TITLE,
    "host": "hooks.example.org",
    "since": STARTS,
    "zone": ZONE,
    "endpoint_url": "https://events.example.org/api/v1/organisers/1/webhook-endpoints/2",
}

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "registration_proof": ("registration_proof", {"nudge": False, **DEADLINE}),
    "registration_proof_nudge": ("registration_proof", {"nudge": True, **DEADLINE}),
    "registration_received": ("registration_received", {"name": ZOE}),
    "registration_confirmed": ("registration_confirmed", CALENDAR),
    "registration_confirmed-online": ("registration_confirmed", {"event": ONLINE, **CALENDAR}),
    "registration_waitlisted": ("registration_waitlisted", {"position": 7, "waiting": 23}),
    "waitlist_promoted": ("waitlist_promoted", {"name": ZOE, **CALENDAR}),
    "waitlist_offered": ("waitlist_offered", DEADLINE),
    "registration_cancelled": ("registration_cancelled", {"by": "attendee", "reason": None}),
    "registration_cancelled-by-organiser": (
        "registration_cancelled",
        {"by": "organiser", "reason": f"Agreed with {ZOE} <by phone>"},
    ),
    "registration_cancelled-declined": (
        "registration_cancelled",
        {"by": "declined", "reason": None},
    ),
    "registration_refused": ("registration_refused", {"name": ZOE}),
    "registration_repeated": ("registration_repeated", {"state": "waitlisted"}),
    "private_link": ("private_link", {}),
    "member_invitation": ("member_invitation", {"inviter": ZOE, "known": False, **INVITED}),
    "member_invitation-known": (
        "member_invitation",
        {**INVITED, "inviter": None, "known": True, "role": "programme-editor"},
    ),
    "booking_promoted": ("booking_promoted", {"item": VISIT}),
    "booking_offered": ("booking_offered", {"item": item(), **DEADLINE}),
    "event_moved": ("event_moved", {"name": ZOE, **OLD}),
    "event_cancelled": ("event_cancelled", {"reason": "The hall is <closed>."}),
    "event_postponed": ("event_postponed", {"reason": None, **OLD}),
    "session_moved": ("session_moved", {"item": item(), **OLD}),
    "session_cancelled": ("session_cancelled", {"item": item(), "reason": "The speaker is ill."}),
    "programme_changed": (
        "programme_changed",
        {
            "items": [
                {**OPENING, "cancelled": False, "changes": changed(title=f"Welcome by {ZOE}")},
                {
                    **item(),
                    "cancelled": False,
                    "changes": changed(time=[STARTS, None], room="Hall 1"),
                },
                {**WAITED, "cancelled": True, "changes": changed(cancelled=True)},
                {**TALK, "cancelled": False, "changes": changed(added=True)},
                {**VISIT, "cancelled": False, "changes": changed(cancelled=True)},
            ],
            **REMINDER,
        },
    ),
    "practical_information": (
        "practical_information",
        {
            "days": 7,
            "arrival": "Tram 2 to Example Square.\nThe hall is opposite.",
            "programme": DAY,
            **REMINDER,
        },
    ),
    "practical_information-tomorrow": (
        "practical_information",
        {"days": 1, "arrival": None, "programme": [], "event": ONLINE, **REMINDER},
    ),
    "practical_information-today": (
        "practical_information",
        {"days": 0, "arrival": None, "programme": [], **REMINDER},
    ),
    "day_ahead": ("day_ahead", {"days": 1, "first": STARTS, "programme": DAY, **REMINDER}),
    "day_ahead-today-without-programme": (
        "day_ahead",
        {"days": 0, "first": STARTS, "programme": [], "event": ONLINE, **REMINDER},
    ),
    "starting_soon": ("starting_soon", {"item": TALK, "minutes": 58, **REMINDER}),
    "starting_soon-bus": ("starting_soon", {"item": VISIT, "minutes": 60, **REMINDER}),
    "starting_soon-in-a-minute": ("starting_soon", {"item": TALK, "minutes": 1, **REMINDER}),
    "event_report": ("event_report", REPORT),
    "announcement": ("announcement", ANNOUNCED),
    "webhook_disabled": ("webhook_disabled", {**HOOK, "reason": "failing"}),
    "webhook_disabled-gone": ("webhook_disabled", {**HOOK, "reason": "gone", "name": ZOE}),
    "milestones_due": ("milestones_due", {"steps": STEPS, **REMINDER}),
    "milestones_due-one": ("milestones_due", {"steps": STEPS[:1], **REMINDER}),
}
"""Name of the sample → (template, its own values)."""


def sample(name: str) -> tuple[str, dict[str, Any]]:
    """Template and values of a sample."""
    template, own = SAMPLES[name]
    return template, {**COMMON, **own}
