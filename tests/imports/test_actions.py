"""What imports write, kind by kind, and what they leave alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole, Track
from eventsvc.audit.models import AuditEntry
from eventsvc.core.files import StoredFile
from eventsvc.core.tables import write_xlsx
from eventsvc.directory.models import Organisation
from eventsvc.facts.models import FactRow
from eventsvc.imports import actions
from eventsvc.imports.models import Import
from eventsvc.mail.models import OutboxMessage
from eventsvc.registration.models import Registration
from eventsvc.visits.models import Visit
from tests.factories.accounts import counted
from tests.factories.agenda import make_room, make_session
from tests.factories.directory import an_organisation
from tests.imports.conftest import told

GUESTS = """external_id,name,email,organisation,country,consents.photo
g1,Ada Example,ada@example.org,Example Cluster,AT,yes
g2,Bob Example,bob@example.org,Example Cluster,DE,no
"""


def count(session, model, *where) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def all_of(session, model, order):
    rows = select(model).order_by(order).execution_options(populate_existing=True)
    return list(session.scalars(rows))


def test_registrations_are_made_without_mail(load, session):
    job = load("registrations", GUESTS)
    assert job["state"] == "succeeded"
    assert job["result"]["counts"] == {"create": 2, "update": 0, "skip": 0, "error": 0}
    made = all_of(session, Registration, Registration.sequence)
    assert [(one.email, one.state, one.external_id) for one in made] == [
        ("ada@example.org", "confirmed", "g1"),
        ("bob@example.org", "confirmed", "g2"),
    ]
    messages = all_of(session, OutboxMessage, OutboxMessage.created_at)
    assert {(one.state, one.cancelled_reason) for one in messages} == {("cancelled", "imported")}


def test_notify_writes_to_the_guests(load, session):
    load("registrations", GUESTS, notify="true")
    assert count(session, OutboxMessage, OutboxMessage.state == "pending") == 2


def test_upsert_changes_what_differs_and_skips_the_rest(load, session):
    load("registrations", GUESTS)
    changed = GUESTS.replace("Bob Example", "Bob B. Example")
    assert told(load("registrations", changed, match="create_only")) == [
        (2, "skip", []), (3, "skip", []),
    ]  # fmt: skip
    assert told(load("registrations", changed, match="upsert")) == [
        (2, "skip", []), (3, "update", []),
    ]  # fmt: skip
    names = {row.participant.name for row in _with_people(session)}
    assert names == {"Ada Example", "Bob B. Example"}


def _with_people(session):
    for row in session.scalars(select(Registration)):
        session.refresh(row, ["participant"])
        yield row


def test_one_bad_row_and_nothing_is_written(load, session):
    twice = GUESTS + "g3,Ada Again,ADA@example.org,,,\ng4,,nobody,,Atlantis,\n"
    job = load("registrations", twice)
    assert job["state"] == "failed"
    assert (job["problem"]["status"], job["problem"]["code"]) == (409, "rows-refused")
    assert job["problem"]["detail"] == "Nothing was written: 2 of 4 rows were refused."
    assert told(job) == [
        (2, "create", []),
        (3, "create", []),
        (4, "error", [("", "already-registered")]),
        (5, "error", [("/name", "required"), ("/country", "unknown-country"),
                      ("/email", "invalid-email")]),
    ]  # fmt: skip
    assert count(session, Registration) == 0
    assert count(session, OutboxMessage) == 0
    assert count(session, AuditEntry, AuditEntry.action.like("registration%")) == 0


@pytest.mark.parametrize("content", [GUESTS, GUESTS + "g3,,,,,\n"])
def test_a_trial_and_a_commit_do_the_same(load, session, content):
    trial = load("registrations", content, mode="dry_run")
    assert trial["state"] == "succeeded"
    assert count(session, Registration) == 0
    commit = load("registrations", content)
    assert told(trial) == told(commit)
    assert trial["result"]["counts"] == commit["result"]["counts"]


def test_seats_are_counted_as_ever(load, session, event):
    event.capacity = 1
    session.commit()
    load("registrations", GUESTS)
    states = [row.state for row in all_of(session, Registration, Registration.sequence)]
    assert states == ["confirmed", "waitlisted"]


def test_rooms_from_a_workbook(load, session):
    rows = [["r1", "Grand Hall", 200, True], ["r2", "Small Room", 20, None]]
    book = write_xlsx("Rooms", ["External ID", "Name", "Capacity", "Accessible"], rows)
    assert load("rooms", book, format="xlsx")["state"] == "succeeded"
    made = all_of(session, Room, Room.external_id)
    assert [(room.slug, room.capacity, room.accessible) for room in made] == [
        ("grand-hall", 200, True), ("small-room", 20, None),
    ]  # fmt: skip
    changed = write_xlsx("Rooms", ["external_id", "capacity", "name"], [["r2", "-", "Small Room"]])
    assert told(load("rooms", changed, format="xlsx", match="upsert")) == [(2, "update", [])]
    assert all_of(session, Room, Room.external_id)[1].capacity is None


SESSIONS = """external_id;type;title;starts_at;ends_at;room;track;block
b1;breakout;Twelve workshops;2027-05-05 10:00;2027-05-05 12:00;;;
s1;workshop;Digital twins;2027-05-05 10:00;2027-05-05 11:00;grand hall;Industry;b1
"""


def test_sessions_name_their_room_track_and_block(load, session, event):
    room = make_room(session, event, name="Grand Hall")
    session.commit()
    assert told(load("sessions", SESSIONS)) == [(2, "create", []), (3, "create", [])]
    block, item = all_of(session, AgendaItem, AgendaItem.external_id)
    track = session.scalars(select(Track)).one()
    assert (item.room_id, item.track_id, item.block_id) == (room.id, track.id, block.id)
    assert (track.name, item.visible, item.state) == ("Industry", False, "planned")
    assert told(load("sessions", SESSIONS, match="upsert")) == [(2, "skip", []), (3, "skip", [])]


def test_sessions_that_do_not_fit_are_refused_row_by_row(load, session, event):
    taken = make_session(session, event, room_id=make_room(session, event, name="Hall").id)
    session.commit()
    row = "workshop;{};{};{};{}\n"
    times = (taken.starts_wall.isoformat(), taken.ends_wall.isoformat())
    content = "type;title;starts_at;ends_at;room\n" + "".join(
        row.format(*values)
        for values in (
            ("Clash", *times, "Hall"),
            ("Nowhere", *times, "Attic"),
            ("Late", "2028-01-01 09:00", "2028-01-01 10:00", ""),
            ("Fine", *times, ""),
        )
    )
    assert told(load("sessions", content)) == [
        (2, "error", [("", "room-conflict")]),
        (3, "error", [("/room", "unknown-room")]),
        (4, "error", [("/ends_at", "outside-event")]),
        (5, "create", []),
    ]


def test_visits_and_their_host(load, session, event, organiser):
    host = an_organisation(session, organiser, name="Example Plant")
    session.commit()
    content = (
        "external_id,title,host,starts_at,ends_at,meeting_point,capacity,practical.shoes\n"
        "v1,Factory tour,example plant,2027-05-06 13:00,2027-05-06 16:00,Main gate,30,Boots\n"
    )
    assert told(load("site_visits", content)) == [(2, "create", [])]
    visit = session.scalars(select(Visit)).one()
    assert (visit.host_organisation_id, visit.meeting_point) == (host.id, "Main gate")
    assert visit.practical["shoes"] == "Boots"
    moved = content.replace("Main gate", "Side gate")
    assert told(load("site_visits", moved, match="upsert")) == [(2, "update", [])]
    assert told(load("site_visits", moved, match="upsert")) == [(2, "skip", [])]
    unknown = content.replace("example plant", "Nobody").replace("v1", "v2")
    assert told(load("site_visits", unknown)) == [(2, "error", [("/host", "unknown-organisation")])]


def test_speakers_and_their_sessions(load, session, event):
    make_session(session, event, external_id="s1")
    session.commit()
    content = (
        "external_id,name,role,session,affiliation,publish\n"
        "p1,Dr Ada Example,keynote,s1,Example University,yes\n"
        "p2,Bob Example,moderator,,,\n"
        "p3,Eve Example,speaker,s9,,\n"
    )
    assert told(load("speakers", content))[2] == (4, "error", [("/session", "unknown-item")])
    assert load("speakers", content.replace(",s9,", ",s1,"))["state"] == "succeeded"
    first, second, _ = all_of(session, SpeakerRole, SpeakerRole.external_id)
    assert (first.name_printed, first.publish, first.item_id is None) == (
        "Dr Ada Example", True, False,
    )  # fmt: skip
    assert second.item_id is None
    renamed = content.replace("Bob Example", "Robert Example").replace(",s9,", ",s1,")
    actions_ = [action for _, action, _ in told(load("speakers", renamed, match="upsert"))]
    assert actions_ == ["skip", "update", "skip"]


def test_organisations_go_to_the_directory(load, session):
    content = (
        "external_id,name,kind,country,tags,aliases\no1,Example Cluster,cluster,AT,steel;wood,EC\n"
    )
    assert told(load("organisations", content)) == [(2, "create", [])]
    made = session.scalars(select(Organisation)).one()
    assert (made.tags, made.aliases, made.external_id) == (["steel", "wood"], ["EC"], "o1")
    assert told(load("organisations", content, match="upsert")) == [(2, "skip", [])]


def test_an_unreadable_file_fails_with_its_line(load):
    job = load("rooms", 'name\n"Hall')
    assert job["state"] == "failed"
    assert job["problem"]["code"] == "validation-failed"
    (error,) = job["problem"]["errors"]
    assert (error["pointer"], error["code"], error["detail"][:6]) == ("/file", "bad-csv", "Line 2")


def test_what_came_of_it_is_told_and_audited(load, session):
    load("rooms", "name\nHall")
    fact = session.scalars(select(FactRow).where(FactRow.kind == "import.finished")).one()
    assert fact.payload["outcome"] == "succeeded"
    assert (fact.payload["what"], fact.payload["counts"]["create"]) == ("rooms", 1)
    entries = select(AuditEntry.action).where(AuditEntry.action.like("import.%"))
    assert list(session.scalars(entries)) == ["import.received", "import.committed"]
    rooms = select(AuditEntry.actor_name).where(AuditEntry.action == "room.added")
    assert session.scalars(rooms).one() == "test event-manager"


def test_files_go_after_a_week(load, session):
    load("rooms", "name\nHall")
    taken = session.scalars(select(Import)).one()
    assert actions.forget_files(session, before=taken.created_at) == 0
    later = taken.created_at + timedelta(seconds=1)
    assert actions.forget_files(session, before=later) == 1
    session.flush()
    assert count(session, StoredFile) == 0
    assert session.scalars(select(Import)).one().file_id is None


def test_statements_grow_with_the_rows_and_no_faster(load, session):
    def statements(rows: int, start: int) -> int:
        lines = [f"r{n},Room {n},{n}" for n in range(start, start + rows)]
        with counted() as sent:
            load("rooms", "external_id,name,capacity\n" + "\n".join(lines))
        return len(sent)

    few, many = statements(10, 0), statements(110, 1000)
    assert (many - few) / 100 <= 8, (few, many)
