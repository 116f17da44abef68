# ruff: noqa: PLR0917  fixtures and cases are named in the signature
"""The doors of bookings and the desk."""

from __future__ import annotations

import pytest

from eventsvc.bookings.models import Booking
from eventsvc.core import clock
from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.registration import link_of, make_open_event, make_registration


@pytest.fixture
def now(session):
    return clock.now(session)


@pytest.fixture
def event(session, organiser, now):
    return make_open_event(session, organiser.id, capacity=3, now=now)


@pytest.fixture
def base(event):
    return f"/api/v1/events/{event.id}"


@pytest.fixture
def manager(token_for):
    return token_for("event-manager")


@pytest.fixture
def guests(session, event, now):
    made = [make_registration(session, event, now=now) for _ in range(4)]
    session.commit()
    return made


@pytest.fixture
def workshop(session, event):
    made = make_workshop(session, event, capacity=1)
    made.visible = True
    session.commit()
    return made


def book(client, base, headers, item, guest, **values):
    kind = "sessions" if item.kind == "session" else "site-visits"
    body = {"registration_id": guest.id, **values}
    return client.post(f"{base}/{kind}/{item.id}/bookings", json=body, headers=headers)


def test_staff_book_list_read_and_cancel(client, base, manager, guests, workshop):
    made = book(client, base, manager, workshop, guests[0])
    assert made.status_code == 201
    assert made.headers["Location"] == f"{base}/bookings/{made.json['id']}"
    assert {name: made.json[name] for name in (
        "state", "sequence", "waitlist_position", "registration_id", "version"
    )} == {
        "state": "confirmed", "sequence": 1, "waitlist_position": None,
        "registration_id": guests[0].id, "version": 1,
    }  # fmt: skip
    waits = book(client, base, manager, workshop, guests[1]).json
    assert (waits["state"], waits["waitlist_position"]) == ("waitlisted", 1)
    listed = client.get(f"{base}/sessions/{workshop.id}/bookings", headers=manager).json["items"]
    assert [item["name"] for item in listed] == [one.participant.name for one in guests[:2]]
    gone = client.post(
        f"{base}/bookings/{made.json['id']}/transitions", json={"to": "cancelled"}, headers=manager
    )
    assert (gone.status_code, gone.json["state"]) == (200, "cancelled")
    read = client.get(f"{base}/bookings/{waits['id']}", headers=manager).json
    assert read["state"] == "confirmed"


def test_a_visit_is_not_a_session(client, base, manager, guests, session, event):
    visit = make_visit(session, event, 1)
    session.commit()
    assert book(client, base, manager, visit, guests[0]).status_code == 201
    body = {"registration_id": guests[1].id}
    wrong = client.post(f"{base}/sessions/{visit.id}/bookings", json=body, headers=manager)
    assert wrong.status_code == 404


def test_conflicts_name_what_stands_against(
    client, base, manager, guests, workshop, session, event
):
    other = make_workshop(session, event)
    session.commit()
    book(client, base, manager, workshop, guests[0])
    clash = book(client, base, manager, other, guests[0])
    assert (clash.status_code, clash.json["code"]) == (409, "time-conflict")
    assert clash.json["conflicts_with"] == [workshop.id]
    twice = book(client, base, manager, workshop, guests[0])
    assert (twice.status_code, twice.json["code"]) == (409, "already-booked")
    waiting = book(client, base, manager, workshop, guests[3])
    assert (waiting.status_code, waiting.json["code"]) == (409, "not-confirmed")
    unknown = client.post(
        f"{base}/sessions/{workshop.id}/bookings",
        json={"registration_id": workshop.id},
        headers=manager,
    )
    assert unknown.json["errors"][0]["pointer"] == "/registration_id"


def test_a_guest_books_and_gives_back_by_link(client, session, guests, workshop, now):
    link = link_of(session, guests[0], now=now)
    other = link_of(session, guests[1], now=now)
    mine = "/api/v1/my/bookings"
    made = client.post(mine, json={"item_id": workshop.id}, headers=link)
    assert (made.status_code, made.json["state"]) == (201, "confirmed")
    assert [one["title"] for one in client.get(mine, headers=link).json["items"]] == [
        workshop.title
    ]
    assert client.get(mine, headers=other).json["items"] == []
    path = f"{mine}/{made.json['id']}/transitions"
    assert client.post(path, json={"to": "cancelled"}, headers=other).status_code == 404
    assert client.post(path, json={"to": "attended"}, headers=link).status_code == 409
    assert client.post(path, json={"to": "cancelled"}, headers=link).json["state"] == "cancelled"


def test_availability_shows_the_public_no_hidden_item(
    client, base, manager, guests, workshop, session, event
):
    hidden = make_workshop(session, event, hour=5)
    hidden.visible = False
    make_booking(session, workshop, guests[0])
    session.commit()
    staff = client.get(f"{base}/availability", headers=manager).json
    assert {item["id"] for item in staff["items"]} == {workshop.id, hidden.id}
    public = client.get(f"/api/v1/public/events/-/{event.slug}/availability").json
    assert public["items"] == [
        {
            "id": workshop.id, "kind": "session", "title": workshop.title,
            "capacity": 1, "taken": 1, "free": 0, "waiting": 0,
        }
    ]  # fmt: skip
    assert (public["capacity"], public["taken"], public["waiting"]) == (3, 3, 1)
    assert [(one["mode"], one["free"]) for one in public["modes"]] == [("on_site", 0)]


def test_6_18_the_desk_checks_in_once_and_undoes(client, base, token_for, guests):
    desk = token_for("check-in-staff", scopes=["checkin"])
    code = {"code": guests[0].code.lower()}
    made = client.post(f"{base}/check-ins", json=code, headers=desk)
    assert made.status_code == 201
    assert (made.json["registration_id"], made.json["name"]) == (
        guests[0].id, guests[0].participant.name,
    )  # fmt: skip
    assert {"email", "answers", "note"} & set(made.json) == set()
    again = client.post(f"{base}/check-ins", json=code, headers=desk)
    assert (again.status_code, again.json["code"]) == (409, "already-checked-in")
    assert again.json["first_checked_in_at"] == made.json["at"]
    waits = client.post(f"{base}/check-ins", json={"code": guests[3].code}, headers=desk)
    assert (waits.status_code, waits.json["code"]) == (409, "not-admissible")
    unknown = client.post(f"{base}/check-ins", json={"code": "ZZZZZZZZZZ"}, headers=desk)
    assert unknown.status_code == 422
    listed = client.get(f"{base}/check-ins", headers=desk).json["items"]
    assert [one["code"] for one in listed] == [guests[0].code]
    gone = client.delete(f"{base}/check-ins/{made.json['id']}", headers=desk)
    assert gone.status_code == 204
    assert client.delete(f"{base}/check-ins/{made.json['id']}", headers=desk).status_code == 404
    assert client.post(f"{base}/check-ins", json=code, headers=desk).status_code == 201
    assert client.get(f"{base}/registrations", headers=desk).status_code == 403


def test_6_18_the_desk_of_a_workshop_admits_who_booked(
    client, base, token_for, guests, workshop, session
):
    desk = token_for("check-in-staff", scopes=["checkin"])
    booking = make_booking(session, workshop, guests[0])
    session.commit()
    body = {"session_id": workshop.id}
    other = client.post(f"{base}/check-ins", json={**body, "code": guests[1].code}, headers=desk)
    assert (other.status_code, other.json["code"]) == (409, "not-admissible")
    made = client.post(f"{base}/check-ins", json={**body, "code": guests[0].code}, headers=desk)
    assert (made.status_code, made.json["item_id"]) == (201, workshop.id)
    assert session.get_one(Booking, booking.id).state == "attended"
    client.delete(f"{base}/check-ins/{made.json['id']}", headers=desk)
    assert session.get_one(Booking, booking.id).state == "confirmed"
