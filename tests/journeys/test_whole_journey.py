"""From the registration to the report, over HTTP and by mail, the same in both homes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.journeys.caller import Caller
from tests.journeys.homes import Home, wait_for
from tests.journeys.scenes import (
    HOUR,
    REPORT_TO,
    calendar_in,
    link_in,
    published_edition,
    shown_in,
    text_of,
)

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

GUEST = "zoe@example.org"
DAY = timedelta(days=1)


def test_from_the_registration_to_the_report(home: Home):
    scene = published_edition(home, starts_in=DAY + 4 * HOUR)
    form = {"name": "Zoë Example", "email": GUEST, "language": "en"}
    public = "/api/v1/public/events/made-up/first/registrations"
    home.caller().post(public, form, status=202)

    guest = home.caller(link_in(home.mail("registration_proof", to=GUEST)))
    assert guest.get("/api/v1/my/registration")["state"] == "pending"
    guest.post("/api/v1/my/registration/confirm", status=200)

    confirmation = home.mail("registration_confirmed", to=GUEST)
    calendar = calendar_in(confirmation)
    parts = {part.get_content_type() for part in confirmation.walk()}
    assert "text/calendar" in parts
    assert guest.get("/api/v1/my/registration")["state"] == "confirmed"
    booking = guest.post("/api/v1/my/bookings", {"item_id": scene.workshop_id})
    assert booking["state"] == "confirmed"
    before = _workshop(guest, calendar)

    # moved to a day earlier: the programme follows, SEQUENCE rises, the reminder moves
    wait_for("a planned reminder", lambda: len(scene.reminders()) == 1)
    event = scene.event()
    start, end = (datetime.fromisoformat(event[name]) - DAY for name in ("starts_at", "ends_at"))
    dates = {"starts_at": start.isoformat(), "ends_at": end.isoformat()}
    scene.organiser.patch(scene.path, dates)
    after = _workshop(guest, calendar)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") == before.decoded("DTSTART") - DAY
    assert home.mail("event_moved", to=GUEST)
    wait_for("the moved reminder", lambda: len(scene.reminders()) == 2)
    old, new = scene.reminders()
    assert (old["state"], old["reason"]) == ("cancelled", "moved")
    assert new["state"] == "pending"
    assert datetime.fromisoformat(new["due_at"]) == start - HOUR

    # the reminder comes
    home.let_pass(scene.until(new["due_at"]))
    reminder = home.mail("starting_soon", to=GUEST)
    assert re.search(r"(60|5\d) minutes", text_of(reminder))

    # the event runs: check-in, once
    home.let_pass(scene.until(scene.event()["starts_at"]))
    home.ring("events.clock")
    wait_for("the event runs", lambda: scene.event()["state"] == "running")
    code = guest.get("/api/v1/my/registration")["code"]
    scene.organiser.post(f"{scene.path}/check-ins", {"code": code})
    again = scene.organiser.call("POST", f"{scene.path}/check-ins", {"code": code})
    assert (again.status, again.json["code"]) == (409, "already-checked-in")

    # the event ends: the report comes
    home.let_pass(scene.until(scene.event()["ends_at"]))
    home.ring("events.clock")
    wait_for("the event has ended", lambda: scene.event()["state"] == "completed")
    home.ring("reports.open")
    report = home.mail("event_report", to=REPORT_TO)
    assert "First made-up meeting" in report["Subject"]

    # nothing comes twice, whoever rings
    for job in ("reports.open", "reports.write", "reminders.plan", "post.drain", "events.clock"):
        home.ring(job)
    home.stop(home.worker)
    home.start(home.worker)
    home.ring("post.drain")
    wait_for("all is quiet", lambda: not scene.waiting())
    assert home.counted() == Counter(
        {
            ("registration_proof", GUEST): 1,
            ("registration_confirmed", GUEST): 1,
            ("event_moved", GUEST): 1,
            ("starting_soon", GUEST): 1,
            ("event_report", REPORT_TO): 1,
        }
    )
    assert home.command("invariants").strip() == "All hold."


def _workshop(guest: Caller, calendar: str) -> Any:
    """The workshop in the personal calendar."""
    return shown_in(guest.call("GET", calendar).text)["Made-up workshop"]
