"""Rules 1 to 9, 15 to 21, 26, 29, 36 and 37: what stands in each kind of feed."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from eventsvc.agenda.models import AgendaItem
from eventsvc.bookings.actions import book
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.feeds.actions import join
from eventsvc.feeds.models import Feed
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.policy import MAX_FEED_ITEMS, FeedTooLarge
from eventsvc.ical.text import unfolded
from eventsvc.registration.models import Participant
from tests.factories.agenda import make_session, make_speaker
from tests.factories.directory import a_person
from tests.factories.events import ACTOR, NOW, STARTS, make_event, make_series
from tests.factories.feeds import (
    LATER,
    add_entries,
    cancel,
    change,
    give_up,
    items_in,
    make_guest,
    make_programme,
    move,
)
from tests.factories.registration import make_registration

SNAPSHOTS = Path(__file__).parents[2] / "snapshots" / "feeds"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def programme(organiser):
    with clock.standing_at(NOW):
        return make_programme(organiser.id, suffix="golden")


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


def event_items(session, programme):
    return items_in(join(session, "event", programme.event_id, now=LATER).body)


def own_items(session, guest):
    return items_in(join(session, "personal", guest.participant_id, now=LATER).body)


def header_of(body):
    return unfolded(body.decode()).split("BEGIN:VTIMEZONE")[0].split("\r\n")


def readable(body):
    """The text as a person reads it: unfolded, with the random ids numbered."""
    names = {}
    text = unfolded(body.decode()).replace("\r\n", "\n")
    return _ID.sub(lambda found: names.setdefault(found[0], f"<id-{len(names) + 1}>"), text)


@pytest.mark.parametrize("kind", ["event", "series", "personal"])
def test_snapshot(session, programme, kind):
    guest = make_guest(programme, programme.workshop, programme.visit, language="de")
    ids = {"event": programme.event_id, "series": programme.series_id}
    body = join(session, kind, ids.get(kind, guest.participant_id), now=LATER).body
    items_in(body)
    assert readable(body) == (SNAPSHOTS / f"{kind}.ics").read_text(encoding="utf-8")


def test_rules_6_to_8_header_of_a_public_feed(session, programme):
    lines = header_of(join(session, "event", programme.event_id, now=LATER).body)
    assert lines[:16] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//eventsvc//Conference Agenda 1//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:River Days 2027",
        "X-WR-CALNAME:River Days 2027",
        "DESCRIPTION:Full agenda: Größere Flüsse",
        "X-WR-CALDESC:Full agenda: Größere Flüsse",
        "X-WR-TIMEZONE:Europe/Vienna",
        "LAST-MODIFIED:20270301T120000Z",
        "URL:http://localhost/events/river-golden/vienna-2027",
        "SOURCE;VALUE=URI:http://localhost/calendars/river-golden/vienna-2027.ics",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "COLOR:steelblue",
    ]
    assert not any(line.startswith("UID") for line in lines)


def test_rule_7_a_series_is_read_twice_a_day(session, programme):
    lines = header_of(join(session, "series", programme.series_id, now=LATER).body)
    assert "X-PUBLISHED-TTL:PT12H" in lines
    assert "X-WR-TIMEZONE:Europe/Brussels" in lines


def test_rules_8_and_32_a_personal_feed_never_names_its_address(session, programme):
    guest = make_guest(programme, programme.workshop)
    body = join(session, "personal", guest.participant_id, now=LATER).body.decode()
    assert "SOURCE" not in body
    assert guest.token not in unfolded(body)


def test_rule_5_a_feed_without_items(session, organiser):
    with transaction() as s:
        event = make_event(s, organiser.id, state="announced", month="2027-05")
        series = make_series(s, organiser.id)
        ids = {"event": event.id, "series": series.id}
    for kind, scope_id in ids.items():
        feed = join(session, kind, scope_id, now=LATER)
        text = feed.body.decode()
        assert feed.items == 0
        assert text.count("BEGIN:VTIMEZONE") == 1
        assert items_in(feed.body) == {}


def test_rules_1_and_21_series_holds_banners_and_items_of_all_editions(session, programme):
    with transaction() as s:
        told = {"series_id": programme.series_id, "title": "River Days 2028"}
        later = timedelta(days=366)
        make_event(
            s, _organiser_of(s, programme), state="announced", **told,
            starts_at=STARTS + later, ends_at=STARTS + later + timedelta(hours=8),
        )  # fmt: skip
    items = items_in(join(session, "series", programme.series_id, now=LATER).body)
    assert set(items) == {
        "River Days 2027", "River Days 2028", "Opening\\, welcome", "Floods", "Dykes",
        "Lock and weir",
    }  # fmt: skip
    assert items["River Days 2028"]["STATUS"] == "TENTATIVE"
    assert "DTSTART;VALUE=DATE" in items["River Days 2028"]


def _organiser_of(session, programme):
    return session.get_one(Event, programme.event_id).organiser_id


def test_rule_18_public_items_take_no_time_and_departures_are_not_public(session, programme):
    items = event_items(session, programme)
    assert {item["TRANSP"] for item in items.values()} == {"TRANSPARENT"}
    assert len(items) == 5
    assert not [name for name in items if "Bus" in name]


def test_rule_26_and_29_no_alarm_no_attendee_no_guest(session, programme):
    guest = make_guest(programme, programme.visit, name="Robin Geheim")
    for kind, scope_id in (
        ("event", programme.event_id),
        ("personal", guest.participant_id),
    ):
        text = unfolded(join(session, kind, scope_id, now=LATER).body.decode())
        for word in ("VALARM", "ATTENDEE", "Robin Geheim", "robin"):
            assert word not in text


def test_personal_holds_bookings_departures_and_what_everybody_attends(session, programme):
    guest = make_guest(programme, programme.workshop, programme.visit)
    items = own_items(session, guest)
    bus = next(name for name in items if name not in ("Opening\\, welcome", "Floods"))
    assert set(items) >= {"Opening\\, welcome", "Floods", "Lock and weir"}
    assert len(items) == 4
    assert bus
    assert {item["TRANSP"] for item in items.values()} == {"OPAQUE"}
    assert {item["STATUS"] for item in items.values()} == {"CONFIRMED"}


def test_personal_has_no_banner_and_no_parallel_session(session, programme):
    guest = make_guest(programme)
    with transaction() as s:
        event = s.get_one(Event, programme.event_id)
        make_session(s, event, hour=6, title="Side by side", parallel_group="B", visible=True)
        make_session(s, event, hour=7, title="Only online", mode="online", visible=True)
    assert set(own_items(session, guest)) == {"Opening\\, welcome"}


def test_editions_7_an_online_guest_sees_online_items(session, organiser):
    programme = make_programme(organiser.id, mode="hybrid")
    with transaction() as s:
        told = {"type": "plenary", "visible": True}
        event = s.get_one(Event, programme.event_id)
        for hour, mode in ((5, "online"), (6, "on_site"), (7, "hybrid")):
            make_session(s, event, hour=hour, title=f"For {mode}", mode=mode, **told)
    online = set(own_items(session, make_guest(programme, mode="online")))
    here = set(own_items(session, make_guest(programme, mode="on_site")))
    assert {"For online", "For hybrid"} <= online
    assert "For on_site" not in online
    assert {"For on_site", "For hybrid"} <= here
    assert "For online" not in here


def test_rule_16_a_place_on_the_waiting_list_is_tentative_then_confirmed(session, programme):
    first = make_guest(programme, programme.small)
    second = make_guest(programme, programme.small)
    waiting = own_items(session, second)["Dykes"]
    assert (waiting["STATUS"], waiting["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert own_items(session, first)["Dykes"]["STATUS"] == "CONFIRMED"
    give_up(programme, first, programme.small)
    promoted = own_items(session, second)["Dykes"]
    assert (promoted["STATUS"], promoted["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert int(promoted["SEQUENCE"]) > int(waiting["SEQUENCE"])
    assert promoted["DTSTAMP"] == promoted["LAST-MODIFIED"] == f"{LATER:%Y%m%dT%H%M%SZ}"
    assert promoted["UID"] == waiting["UID"] == event_items(session, programme)["Dykes"]["UID"]


def test_rule_17_what_was_given_up_is_gone_at_once(session, programme):
    guest = make_guest(programme, programme.workshop, programme.visit)
    before = own_items(session, guest)
    give_up(programme, guest, programme.workshop)
    give_up(programme, guest, programme.visit)
    assert set(own_items(session, guest)) == {"Opening\\, welcome"}
    assert len(before) == 4


def test_rule_17_what_the_organiser_cancelled_stays(session, programme):
    guest = make_guest(programme, programme.workshop, programme.visit)
    other = make_guest(programme)
    before = own_items(session, guest)["Floods"]
    cancel(programme, programme.workshop)
    item = own_items(session, guest)["[Cancelled] Floods"]
    assert (item["STATUS"], item["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert int(item["SEQUENCE"]) > int(before["SEQUENCE"])
    assert (item["UID"], item["DTSTART;TZID=Europe/Vienna"]) == (
        before["UID"],
        before["DTSTART;TZID=Europe/Vienna"],
    )
    assert set(own_items(session, other)) == {"Opening\\, welcome"}


def test_rule_15_booking_again_never_lets_sequence_fall(session, programme):
    guest = make_guest(programme, programme.workshop)
    first = int(own_items(session, guest)["Floods"]["SEQUENCE"])
    give_up(programme, guest, programme.workshop)
    with transaction() as s:
        event = s.get_one(Event, programme.event_id)
        book(s, ACTOR, event.id, programme.workshop, guest.registration_id, now=LATER)
    assert int(own_items(session, guest)["Floods"]["SEQUENCE"]) > first


def test_who_holds_no_place_has_an_empty_calendar(session, organiser):
    programme = make_programme(organiser.id, capacity=1)
    make_guest(programme)
    assert own_items(session, make_guest(programme)) == {}


def test_a_speaker_sees_the_sessions_with_a_role(session, organiser, programme):
    with transaction() as s:
        person = a_person(s, organiser)
        item = s.get_one(Event, programme.event_id)
        guest = make_registration(s, item)
        participant = s.get_one(Participant, guest.participant_id)
        participant.person_id = person.id
        participant_id, person_id = participant.id, person.id
    before = items_in(join(session, "personal", participant_id, now=LATER).body)
    with transaction() as s:
        event = s.get_one(Event, programme.event_id)
        make_speaker(s, event, s.get_one(AgendaItem, programme.workshop), person_id=person_id)
    after = items_in(join(session, "personal", participant_id, now=LATER).body)
    assert set(after) - set(before) == {"Floods"}
    assert after["Floods"]["TRANSP"] == "OPAQUE"


def test_rule_36_untouched_items_keep_their_bytes(session, programme):
    before = event_items(session, programme)
    change(programme, programme.workshop, title="High floods")
    after = event_items(session, programme)
    assert after["High floods"]["SEQUENCE"] == "1"
    for name in set(before) - {"Floods"}:
        assert after[name] == before[name]


def test_rule_37_past_items_go_then_a_series_splits_by_edition(session, programme):
    session.execute(delete(CalendarEntry).where(CalendarEntry.owner_kind != "banner"))
    add_entries(session, programme, MAX_FEED_ITEMS)
    body = join(session, "series", programme.series_id, now=LATER).body
    lines = header_of(body)
    about = next(line for line in lines if line.startswith("DESCRIPTION:"))
    assert list(items_in(body)) == ["River Days 2027"]
    assert "http://localhost/api/v1/public/series/river-golden" in about
    session.execute(
        update(CalendarEntry)
        .where(CalendarEntry.owner_kind == "item")
        .values(starts_at=NOW - timedelta(days=91))
    )
    session.execute(delete(Feed))
    assert list(items_in(join(session, "series", programme.series_id, now=LATER).body)) == [
        "River Days 2027"
    ]


def test_rule_37_an_edition_is_not_split(session, programme):
    add_entries(session, programme, MAX_FEED_ITEMS)
    with pytest.raises(FeedTooLarge):
        join(session, "event", programme.event_id, now=LATER)


def test_rule_37_abstracts_shrink_first(session, programme):
    add_entries(session, programme, 700, text="x" * 1900)
    feed = join(session, "event", programme.event_id, now=LATER)
    assert len(feed.body) <= 1_000_000
    assert feed.items == 705
    assert items_in(feed.body)["Item 3"]["DESCRIPTION"] == "https://events.example.org/e"


def test_a_moved_item_is_moved_in_every_feed(session, programme):
    guest = make_guest(programme, programme.workshop)
    before = own_items(session, guest)["Floods"]
    move(programme, programme.workshop, hours=1)
    key = "DTSTART;TZID=Europe/Vienna"
    after = own_items(session, guest)["Floods"]
    assert after[key] == event_items(session, programme)["Floods"][key] > before[key]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
