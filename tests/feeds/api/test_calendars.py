"""Rules 1 to 5 and 29 to 32: the doors of calendars, who gets in, and what is told of whom."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from eventsvc.core import clock, config, logs
from eventsvc.core.db import Base, db
from eventsvc.core.ids import derived_token, digest, new_id, new_token
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.feeds.actions import mint_calendar, revoke_calendar
from eventsvc.feeds.models import CalendarToken
from eventsvc.ical.text import unfolded
from eventsvc.registration.models import Participant
from tests.conftest import add_organiser, application
from tests.factories.events import ACTOR, NOW, make_event
from tests.factories.feeds import LATER, booking_of, items_in, make_guest, make_programme, move
from tests.factories.registration import SECRET


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def programme(organiser):
    return make_programme(organiser.id)


@pytest.fixture
def guest(programme):
    return make_guest(programme, programme.workshop, programme.visit)


def paths(programme, guest):
    item = f"{programme.path.removesuffix('.ics')}/items/{programme.opening}.ics"
    return [programme.path, programme.series_path, guest.path, item]


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/html", "nonsense"])
def test_rule_2_any_accept_header_gets_the_calendar(client, programme, guest, accept):
    for path in paths(programme, guest):
        headers = {} if accept is None else {"Accept": accept}
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, path
        assert answer.content_type == "text/calendar; charset=utf-8"
        assert "Set-Cookie" not in answer.headers
        items_in(answer.data)


def test_rule_2_credentials_are_not_looked_at(client, programme):
    answer = client.get(programme.path, headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 200


def test_rule_1_one_item_has_the_bytes_it_has_in_its_feed(client, programme, guest):
    answer = client.get(paths(programme, guest)[3])
    block = re.search(rb"BEGIN:VEVENT.*END:VEVENT\r\n", answer.data, re.DOTALL)[0]
    assert block in client.get(programme.path).data
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["ETag"].startswith('"')
    again = client.get(
        paths(programme, guest)[3], headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/calendars/unknown.ics",
        "/calendars/-.ics",
        "/calendars/{series}/unknown.ics",
        "/calendars/-/{slug}.ics",
        "/calendars/{series}/{slug}/items/{other}.ics",
        "/calendars/{series}/{slug}/items/nonsense.ics",
        "/calendars/{series}/{slug}/items/{bus}.ics",
        "/my/calendar/nonsense.ics",
        "/my/calendar/{unknown}.ics",
        "/my/calendar/{link}.ics",
    ],
)
def test_rule_31_what_never_was_is_404(client, programme, path):
    told = {"series": programme.series_slug, "slug": programme.slug, "other": new_id()}
    told |= {"unknown": new_token("evc"), "link": new_token("evl"), "bus": programme.bus}
    for method in ("GET", "HEAD"):
        answer = client.open(path.format(**told), method=method)
        assert answer.status_code == 404
        assert b"VCALENDAR" not in answer.data


def test_not_yet_public_is_404(client, organiser):
    with transaction() as session:
        hidden = make_event(session, organiser.id, state="draft").slug
        shown = make_event(session, organiser.id, state="announced").slug
    assert client.get(f"/calendars/-/{hidden}.ics").status_code == 404
    answer = client.get(f"/calendars/-/{shown}.ics")
    assert [item["STATUS"] for item in items_in(answer.data).values()] == ["TENTATIVE"]


def test_rule_5_an_empty_feed_is_200(client, organiser):
    with transaction() as session:
        event = make_event(session, organiser.id, state="announced", month="2027-05")
        slug = event.slug
    answer = client.get(f"/calendars/-/{slug}.ics")
    assert answer.status_code == 200
    assert answer.data.count(b"BEGIN:VTIMEZONE") == 1
    assert b"VEVENT" not in answer.data


def test_rule_31_revoked_is_410_without_a_body(client, session, programme, guest):
    client.get(guest.path)
    with transaction() as s:
        participant = s.get_one(Participant, guest.participant_id)
        revoke_calendar(s, ACTOR, participant, now=NOW)
    for method in ("GET", "HEAD"):
        for headers in ({}, {"If-None-Match": "*"}):
            answer = client.open(guest.path, method=method, headers=headers)
            assert (answer.status_code, answer.data) == (410, b"")
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_rule_31_erased_is_410(client, session, guest):
    session.execute(update(Participant).values(erased_at=NOW))
    session.commit()
    assert client.get(guest.path).status_code == 410


def test_rule_4_robots_may_read_public_feeds(client, programme, guest):
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert [line for line in answer.text.splitlines() if line.startswith("Disallow")] == [
        "Disallow:"
    ]
    assert "X-Robots-Tag" not in client.get(programme.path).headers
    for headers in ({}, {"If-None-Match": "*"}):
        answer = client.get(guest.path, headers=headers)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_rule_32_the_secret_stands_nowhere(client, session, guest):
    stream = io.StringIO()
    logs.configure(config.Settings(log_level="DEBUG"), stream)
    try:
        answers = [client.get(guest.path), client.head(guest.path)]
        answers.append(client.get(guest.path[:-5] + "x.ics"))
    finally:
        logs.configure(config.current())
    secret = guest.token[4:47]
    assert "/my/calendar/" in stream.getvalue()
    assert secret not in stream.getvalue()
    for answer in answers:
        assert secret not in str(answer.headers) + unfolded(answer.text)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    for table in Base.metadata.sorted_tables:
        assert secret not in repr(session.execute(select(table)).all())


def test_rule_30_only_a_digest_is_kept(session, guest):
    row = session.scalars(select(CalendarToken)).one()
    assert row.digest == digest(guest.token)
    assert len(guest.token) >= 26
    assert len("https://events.example.org" + guest.path) <= 200


def test_the_last_fetch_is_noted_once_an_hour_after_the_answer(client, session, guest):
    def noted():
        return session.execute(select(CalendarToken.last_fetch_at, CalendarToken.last_client)).one()

    client.get(guest.path, headers={"User-Agent": "Calendar/1.0\u0007"}).close()
    assert tuple(noted()) == (NOW, "Calendar/1.0")
    for minutes, told in ((59, (NOW, "Calendar/1.0")), (60, (LATER, "Other"))):
        with clock.standing_at(NOW + timedelta(minutes=minutes)):
            client.get(guest.path, headers={"User-Agent": "Other"}).close()
        assert tuple(noted()) == told


@pytest.mark.commits
def test_rule_31_the_limit_lies_far_above_honest_polling(databases, tmp_path):
    with application(databases, tmp_path, ratelimit_enabled=True) as app, app.app_context():
        with transaction() as session:
            organiser_id = add_organiser(session).id
        programme = make_programme(organiser_id)
        one, other = make_guest(programme), make_guest(programme)
        client = app.test_client()
        db.session.remove()
        codes = [client.get(one.path).status_code for _ in range(61)]
        assert codes == [200] * 60 + [429]
        refused = client.get(one.path)
        assert int(refused.headers["Retry-After"]) > 0
        assert b"VCALENDAR" not in refused.data
        assert client.get(other.path).status_code == 200
        assert client.get(programme.path).status_code == 200


def test_rule_41_a_moved_session_is_right_in_fifty_feeds_at_the_next_poll(
    client, session, programme
):
    guests = [make_guest(programme, programme.workshop) for _ in range(50)]
    key = "DTSTART;TZID=Europe/Vienna"
    before = [items_in(client.get(guest.path).data)["Floods"] for guest in guests]
    revisions = select(func.sum(Participant.revision), func.count())
    written = tuple(session.execute(revisions).one())
    with clock.standing_at(LATER):
        move(programme, programme.workshop, hours=1.5)
    assert tuple(session.execute(revisions).one()) == written
    for guest, old in zip(guests, before, strict=True):
        new = items_in(client.get(guest.path).data)["Floods"]
        assert (old[key], new[key]) == ("20270505T110000", "20270505T123000")
        assert int(new["SEQUENCE"]) == int(old["SEQUENCE"]) + 1
    assert booking_of(session, guests[0], programme.workshop).changes == 0


def test_a_new_address_ends_the_old_one(client, session, guest):
    with transaction() as s:
        participant = s.get_one(Participant, guest.participant_id)
        _, token = mint_calendar(s, ACTOR, participant, secret=SECRET, now=NOW)
    assert client.get(guest.path).status_code == 410
    assert client.get(f"/my/calendar/{token}.ics").status_code == 200
    assert token == derived_token("evc", SECRET, f"{guest.participant_id}:2")


def test_the_document_tells_of_calendars(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    personal = paths["/my/calendar/{token}.ics"]["get"]
    assert personal["security"] == []
    assert "text/calendar" in personal["responses"]["200"]["content"]
    assert {"304", "404", "410", "429"} <= personal["responses"].keys()
    assert "/calendars/{series_slug}/{event_slug}.ics" in paths


def test_an_event_that_was_renamed_has_its_new_name_without_items(client, organiser):
    with transaction() as session:
        event = make_event(session, organiser.id, state="announced", month="2027-05")
        event_id, slug = event.id, event.slug
    client.get(f"/calendars/-/{slug}.ics")
    with clock.standing_at(LATER), transaction() as session:
        session.get_one(Event, event_id).title = "Another name"
    assert b"\r\nNAME:Another name\r\n" in client.get(f"/calendars/-/{slug}.ics").data
