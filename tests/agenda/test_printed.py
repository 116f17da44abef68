"""The programme on paper, signs for doors, the run sheet (editions.md §9)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from eventsvc.agenda import actions
from eventsvc.events import actions as events
from tests.agenda.test_api import call, event  # noqa: F401  fixtures
from tests.factories.accounts import counted
from tests.factories.agenda import make_room, make_session, make_speaker
from tests.factories.events import ACTOR, NOW, make_event, make_venue


def read(answer):
    assert answer.status_code == 200, answer.json
    assert answer.headers["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.data))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def full(session, event):  # noqa: F811
    """Two rooms, three sessions, a speaker who agreed and one who did not."""
    house = make_venue(session, event, name="Hofburg")
    saal = make_room(session, event, name="Saal Š", venue_id=house.id, position=1)
    side = make_room(session, event, name="Galerie", position=2)
    first = make_session(session, event, title="Wasserstoff für Österreich", room_id=saal.id)
    make_session(session, event, title="Parallel", room_id=side.id, hour=1)
    make_session(session, event, title="Later", room_id=saal.id, hour=3, capacity=40)
    gone = make_session(session, event, title="Called off", hour=5)
    actions.transition_item(session, ACTOR, event, gone, "cancelled", now=NOW)
    make_speaker(session, event, first, name="Zuzana Šťastná", publish=True, affiliation="Firm")
    make_speaker(session, event, first, name="Quiet Example")
    session.commit()
    return saal


def test_the_programme_by_day_is_tagged(call, full):  # noqa: F811
    answer = call("get", "/agenda/programme.pdf?language=de")
    reader = read(answer)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert reader.trailer["/Root"]["/Lang"] == "de"
    text = text_of(reader)
    for words in (
        "Mittwoch, 5. Mai 2027", "10:00–11:00", "Wasserstoff für Österreich", "Saal Š", "Entwurf",
        "Zuzana Šťastná", "Firm", "Quiet Example", "Parallel", "Hofburg",
    ):  # fmt: skip
        assert words in text, words
    assert "Called off" not in text
    assert answer.headers["Content-Disposition"].endswith('-programme.pdf"')
    again = call("get", "/agenda/programme.pdf?language=de")
    assert again.data == answer.data
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_the_public_programme_comes_once_published_and_names_who_agreed(
    call, client, session, event, full  # noqa: F811
):  # fmt: skip
    path = f"/api/v1/public/events/-/{event.slug}/agenda/programme.pdf"
    assert client.get(path).status_code == 404
    events.transition(session, ACTOR, event, "announced", now=NOW)
    session.commit()
    assert client.get(path).status_code == 404
    events.transition(session, ACTOR, event, "published", now=NOW)
    make_session(session, event, title="Hidden still", hour=6)
    session.commit()
    answer = client.get(path)
    text = text_of(read(answer))
    assert "Zuzana Šťastná" in text
    assert "Quiet Example" not in text
    assert "Hidden still" not in text
    assert "Programme as published on 1 March 2027" in text
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Draft" in text_of(read(call("get", "/agenda/programme.pdf")))


def test_signs_of_all_doors_and_of_one(call, full, session, organiser):  # noqa: F811
    pages = [" ".join(page.extract_text().split()) for page in
             read(call("get", "/agenda/door-signs.pdf")).pages]  # fmt: skip
    assert len(pages) == 2
    assert "Saal Š" in pages[0]
    assert "Later" in pages[0]
    assert "Galerie" in pages[1]
    one = read(call("get", f"/rooms/{full.id}/door-sign.pdf"))
    assert len(one.pages) == 1
    other = make_room(session, make_event(session, organiser.id))
    session.commit()
    assert call("get", f"/rooms/{other.id}/door-sign.pdf").status_code == 404
    assert call("get", "/rooms/x/door-sign.pdf").status_code == 404


def test_the_run_sheet_has_cues(call, full):  # noqa: F811
    text = text_of(read(call("get", "/agenda/run-sheet.pdf")))
    for words in ("Run sheet", "10:00–11:00", "60", "next in this room at 12:00", "40 places",
                  "hidden", "Zuzana Šťastná"):  # fmt: skip
        assert words in text, words


def test_an_empty_programme_and_unknown_languages(call):  # noqa: F811
    assert "The programme is empty." in text_of(read(call("get", "/agenda/programme.pdf")))
    assert "No room has anything on." in text_of(read(call("get", "/agenda/door-signs.pdf")))
    assert call("get", "/agenda/programme.pdf?language=cs").status_code == 400


def test_who_may(client, token_for, event):  # noqa: F811
    path = f"/api/v1/events/{event.id}/agenda/run-sheet.pdf"
    assert client.get(path).status_code == 401
    assert client.get(path, headers=token_for("check-in-staff")).status_code == 200
    assert client.get(path, headers=token_for(scopes=["events:read"])).status_code == 403


def test_a_document_asks_as_often_for_many_items_as_for_one(call, session, event):  # noqa: F811
    counts = []
    for count in (1, 30):
        for _ in range(count):
            room = make_room(session, event)
            make_speaker(session, event, make_session(session, event, room_id=room.id))
        session.commit()
        with counted() as sent:
            read(call("get", "/agenda/programme.pdf"))
            read(call("get", "/agenda/door-signs.pdf"))
        counts.append(len(sent))
    assert counts[0] == counts[1]
