"""The passenger list of a site visit (editions.md §5, api.md §10)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from eventsvc.registration.models import Consent
from tests.agenda.test_api import call  # noqa: F401  fixture
from tests.factories.accounts import counted
from tests.factories.bookings import make_booking
from tests.factories.events import NOW
from tests.factories.registration import make_open_event, make_registration
from tests.factories.visits import make_bus, make_stop, make_visit


@pytest.fixture
def event(session, organiser):
    made = make_open_event(session, organiser.id)
    session.commit()
    return made


@pytest.fixture
def tour(session, event):
    """A visit with two buses, one of them with two stops."""
    visit = make_visit(session, event, title="Steel works", bookable=True)
    first = make_bus(session, event, visit, name="Bus A", seats=2, position=1)
    stops = [make_stop(session, event, first, place=place, position=number)
             for number, place in enumerate(("Station", "Hotel Š"))]  # fmt: skip
    second = make_bus(session, event, visit, name="Bus B", seats=1, position=2)
    session.commit()
    return visit, first, second, stops


def path_of(tour):
    return f"/site-visits/{tour[0].id}/manifest"


@pytest.fixture
def full(session, event, tour):
    """Two in the first bus, one in the second, one waiting."""
    visit, _, second, stops = tour
    names = ("Zoë Example", "Ada Example", "Robin Example", "Sam Example")
    guests = [make_registration(session, event, name=name, organisation_name="Firm")
              for name in names]  # fmt: skip
    make_booking(session, visit.item, guests[0], stop_id=stops[1].id)
    make_booking(session, visit.item, guests[1])
    make_booking(session, visit.item, guests[2], bus_id=second.id)
    make_booking(session, visit.item, guests[3])
    session.add(Consent(participant_id=guests[1].participant_id, kind="photo", given=True,
                        text_version="1", source="form", at=NOW))  # fmt: skip
    session.commit()
    return tour


def test_by_bus_and_stop_with_counts_and_photo_marks(call, full):  # noqa: F811
    answer = call("get", path_of(full))
    assert answer.status_code == 200, answer.json
    found = answer.json
    counts = {name: found[name] for name in ("places", "booked", "offered", "waiting")}
    assert counts == {"places": 3, "booked": 3, "offered": 0, "waiting": 1}
    first, second = found["buses"]
    assert (first["name"], first["seats"], first["booked"]) == ("Bus A", 2, 2)
    assert [(one["place"], one["booked"]) for one in first["stops"]] == [
        ("Station", 0), ("Hotel Š", 1),
    ]  # fmt: skip
    told = [(one["name"], one["photo_allowed"]) for one in first["passengers"]]
    assert told == [("Zoë Example", False), ("Ada Example", True)]
    assert [one["name"] for one in second["passengers"]] == ["Robin Example"]
    assert found["unassigned"] == []
    assert found["named"] is True


def test_who_may_not_see_people_sees_numbers(client, token_for, event, full):
    base = f"/api/v1/events/{event.id}"
    editor = token_for("programme-editor")
    found = client.get(base + path_of(full), headers=editor)
    assert found.json["named"] is False
    assert found.json["booked"] == 3
    assert [bus["passengers"] for bus in found.json["buses"]] == [[], []]
    assert "Example" not in found.text.replace("Example Event", "")
    for form in (".csv", ".pdf"):
        refused = client.get(base + path_of(full) + form, headers=editor)
        assert (refused.status_code, refused.json["required_scope"]) == (403, "registrations:read")
    assert client.get(base + path_of(full)).status_code == 401
    assert client.get(base + path_of(full), headers=token_for("read-only")).json["named"] is True
    scopes = ["registrations:read"]
    assert client.get(base + path_of(full), headers=token_for(scopes=scopes)).status_code == 403


@pytest.mark.threat(20)
def test_as_csv_no_name_is_a_formula(call, session, event, tour):  # noqa: F811
    guest = make_registration(session, event, name="=1+1")
    make_booking(session, tour[0].item, guest, stop_id=tour[3][0].id)
    session.commit()
    answer = call("get", path_of(tour) + ".csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, line = answer.data.decode("utf-8-sig").splitlines()
    assert header.startswith('"bus","stop","leaves_at","name"')
    assert line.startswith('"Bus A","Station","2027-05-05T13:30:00+02:00","\'=1+1"')


def test_as_pdf_a_page_for_each_bus_tagged(call, full):  # noqa: F811
    answer = call("get", path_of(full) + ".pdf?language=de")
    reader = PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) == 2
    for words in ("Fahrgastliste", "Bus A", "Zoë Example", "keine Fotos", "2 gebucht, 2 Plätze"):
        assert words in pages[0], words
    assert "Robin Example" in pages[1]


def test_a_stop_says_which_bus(call, session, event, tour):  # noqa: F811
    visit, first, second, stops = tour
    guest = make_registration(session, event)
    session.commit()
    path = f"/site-visits/{visit.id}/bookings"
    body = {"registration_id": guest.id, "stop_id": stops[0].id}
    wrong = call("post", path, json={**body, "bus_id": second.id})
    assert [(one["pointer"], one["code"]) for one in wrong.json["errors"]] == [
        ("/stop_id", "other-bus")
    ]
    unknown = call("post", path, json={**body, "stop_id": first.id})
    assert [one["code"] for one in unknown.json["errors"]] == ["unknown"]
    made = call("post", path, json=body)
    assert (made.status_code, made.json["bus_id"]) == (201, first.id)
    assert made.json["stop_id"] == stops[0].id
    gone = f"/site-visits/{visit.id}/buses/{first.id}/stops/{stops[0].id}"
    tag = call("get", gone).headers["ETag"]
    assert call("delete", gone, tag=tag).status_code == 204
    (passenger,) = call("get", path_of(tour)).json["buses"][0]["passengers"]
    assert passenger["stop_id"] is None


def test_a_list_costs_the_same_at_one_and_at_many(call, session, event, tour):  # noqa: F811
    counts = []
    visit = make_visit(session, event, bookable=True, capacity=100)
    session.commit()
    for count in (1, 30):
        for _ in range(count):
            make_booking(session, visit.item, make_registration(session, event))
        session.commit()
        with counted() as sent:
            found = call("get", f"/site-visits/{visit.id}/manifest").json
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert (found["without_bus"], len(found["unassigned"])) == (31, 31)
