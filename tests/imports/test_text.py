"""Cells as people write them, rows judged by the fields of the doors."""

from __future__ import annotations

import pytest

from eventsvc.core.tables import Row
from eventsvc.imports.text import ROW_SCHEMAS, read_rows, typed
from eventsvc.imports.text.rows import SessionRow
from eventsvc.registration.schemas import RegistrationBody

VIENNA = "Europe/Vienna"


def test_cells_become_what_the_fields_take():
    cells = {
        "title": 42, "type": "workshop", "capacity": "20", "bookable": "Yes",
        "languages": "en; de|fr", "starts_at": "2027-05-05 09:00",
        "ends_at": "2027-05-05T10:00:00+02:00", "abstract": "-", "day": 1.5, "odd": "x",
    }  # fmt: skip
    read, errors = typed(SessionRow(), cells, VIENNA)
    assert errors == []
    assert read == {
        "title": "42", "type": "workshop", "capacity": 20, "bookable": True,
        "languages": ["en", "de", "fr"], "starts_at": "2027-05-05T09:00:00+02:00",
        "ends_at": "2027-05-05T10:00:00+02:00", "abstract": None, "day": 1.5, "odd": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "zone", "read"),
    [
        ("2027-05-05T09:00", None, "2027-05-05T09:00"),
        ("5.5.2027 09:00", VIENNA, "5.5.2027 09:00"),
        ("2027-13-05 09:00", VIENNA, "2027-13-05 09:00"),
        ("2027-12-05 09:00:30", VIENNA, "2027-12-05T09:00:30+01:00"),
    ],
)
def test_times(cell, zone, read):
    assert typed(SessionRow(), {"starts_at": cell}, zone) == ({"starts_at": read}, [])


def test_a_time_that_clocks_skip():
    _, errors = typed(SessionRow(), {"starts_at": "2027-03-28 02:30"}, VIENNA)
    assert [(error.pointer, error.code) for error in errors] == [("/starts_at", "nonexistent-time")]


def test_parts_are_written_with_a_dot():
    cells = {"consents.photo": "x", "consents.newsletter": "no", "name.x": "y"}
    read, _ = typed(RegistrationBody(), cells, None)
    assert read == {"consents": {"photo": True, "newsletter": False}, "name.x": "y"}


def rows_of(kind: str, *cells, upsert=False):
    rows = [Row(line, row) for line, row in enumerate(cells, start=2)]
    read = read_rows(rows, kind, VIENNA, upsert=upsert)
    return [[(error.pointer, error.code) for error in row.errors] for row in read]


def test_all_that_is_wrong_with_a_row_is_told():
    row = {"name": "x" * 300, "country": "Austria", "email": "nobody", "state": "attended"}
    assert rows_of("registrations", {"name": "Ada", "email": "a@example.org"}, row) == [
        [],
        [("/name", "too-long"), ("/country", "unknown-country"), ("/email", "invalid-email"),
         ("/state", "read-only-field")],
    ]  # fmt: skip


def test_external_ids_come_once_and_an_upsert_needs_them():
    room = {"name": "Hall", "external_id": "r1"}
    assert rows_of("rooms", room, room) == [[], [("/external_id", "repeated")]]
    assert rows_of("rooms", {"name": "Hall"}, upsert=True) == [[("/external_id", "required")]]
    assert rows_of("rooms", {"name": "Hall"}, {"name": "Hall"}) == [[], []]


def test_every_kind_of_table_has_columns():
    for schema in ROW_SCHEMAS.values():
        assert "external_id" in schema().load_fields
