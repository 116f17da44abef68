"""The columns of each kind: those of the doors, and names in the place of ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from eventsvc.agenda.schemas import RoomBody, SessionBody, SpeakerBody
from eventsvc.core.errors import FieldError
from eventsvc.core.tables import Row, Table, read_csv, read_xlsx
from eventsvc.core.text import Body, Text, field_errors
from eventsvc.directory.schemas import OrganisationBody
from eventsvc.imports.text.cells import typed
from eventsvc.registration.schemas import RegistrationBody
from eventsvc.visits.schemas import VisitBody

NAMED = "External id, slug or name"


class SessionRow(SessionBody):
    """A session; ``room``, ``track`` and ``block`` are named."""

    room = Text(max_length=120, metadata={"description": NAMED})
    track = Text(max_length=120, metadata={"description": NAMED})
    block = Text(max_length=100, metadata={"description": "External id of the block it is in"})


class VisitRow(VisitBody):
    """A site visit; ``room``, ``track`` and ``host`` are named."""

    room = Text(max_length=120, metadata={"description": NAMED})
    track = Text(max_length=120, metadata={"description": NAMED})
    host = Text(max_length=300, metadata={"description": "An organisation of the directory"})


class SpeakerRow(SpeakerBody):
    """A speaker's role; ``session`` is named by its external id, or left out."""

    session = Text(max_length=100, metadata={"description": "External id of a session or visit"})
    organisation = Text(max_length=300, metadata={"description": "Of the directory, by name"})


ROW_SCHEMAS: dict[str, type[Body]] = {
    "registrations": RegistrationBody,
    "rooms": RoomBody,
    "sessions": SessionRow,
    "site_visits": VisitRow,
    "speakers": SpeakerRow,
    "organisations": OrganisationBody,
}


@dataclass(frozen=True)
class ReadRow:
    """A row with its line: values as the verbs take them, or what is wrong with it."""

    line: int
    values: dict[str, Any]
    errors: list[FieldError] = field(default_factory=list)


def read_table(content: bytes, form: str, charset: str | None) -> Table:
    """The table in a file of the form ``csv`` or ``xlsx``.

    Raises:
        Invalid: pointer ``/file``.
    """
    return read_csv(content, charset) if form == "csv" else read_xlsx(content)


def read_rows(rows: Iterable[Row], kind: str, zone: str | None, *, upsert: bool) -> list[ReadRow]:
    """Every row judged by the fields of its kind; ``zone`` for times without offset.

    An ``upsert`` needs an ``external_id`` in each row, and no import may have one twice.
    """
    schema = ROW_SCHEMAS[kind]()
    first: dict[str, int] = {}
    return [_row(schema, row, zone, first, upsert=upsert) for row in rows]


def _row(
    schema: Body, row: Row, zone: str | None, first: dict[str, int], *, upsert: bool
) -> ReadRow:
    told, errors = typed(schema, row.cells, zone)
    values: dict[str, Any] = {}
    try:
        values = schema.load(told)
    except ValidationError as refusal:
        known = {error.pointer for error in errors}
        errors += [e for e in field_errors(refusal.messages) if e.pointer not in known]
    external_id = values.get("external_id")
    if upsert and not errors and external_id is None:
        errors.append(FieldError("/external_id", "required", "An upsert matches by it"))
    if external_id is not None:
        line = first.setdefault(external_id, row.line)
        if line != row.line:
            errors.append(FieldError("/external_id", "repeated", f"It is that of line {line} too"))
    return ReadRow(row.line, {} if errors else values, errors)
