"""What can be exported, in which form, to whom (api.md §8, §10; reports.md §4). Pure."""

from __future__ import annotations

from datetime import timedelta

from eventsvc.core.errors import Conflict, Forbidden, Invalid
from eventsvc.core.rights import MANAGING, Actor

PROGRAMME = "programme"
PEOPLE = ("participants", "registrations", "bookings", "passengers", "attendance")
"""Kinds whose rows are people: they need ``registrations:read`` as well."""

KINDS = (*PEOPLE, "sessions", "organisations", PROGRAMME)
TABLES = ("csv", "xlsx")
PROGRAMMES = (*TABLES, "json", "ics", "frab_xml", "frab_json", "jsonld")
FORMATS = PROGRAMMES
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
    "frab_xml": "application/xml",
    "frab_json": "application/json",
    "jsonld": "application/ld+json",
}
ENDINGS = {"frab_xml": "xml", "frab_json": "json", "jsonld": "jsonld"}

KEPT = timedelta(hours=24)
"""How long a file that was made is kept."""

MOST_DIRECT = 10_000
"""Rows that are sent at once, without a job."""


def check_form(kind: str, form: str) -> None:
    """Refuse a form that this kind does not come in.

    Raises:
        Invalid: ``not-for-this-kind``.
    """
    offered = PROGRAMMES if kind == PROGRAMME else TABLES
    if form not in offered:
        detail = f"{kind} comes as {', '.join(offered)}"
        raise Invalid.field("/format", "not-for-this-kind", detail)


def check_people(actor: Actor, kind: str) -> None:
    """Refuse a list of people to whom the list of registrations is closed.

    Raises:
        Forbidden: with the scope that is missing.
    """
    if kind in PEOPLE and not actor.may("registrations:read"):
        raise Forbidden(required_scope="registrations:read")


def check_download(actor: Actor, kind: str, asked_as: str | None) -> None:
    """Refuse a file of people to who may see less of them than who had it made (api.md §10).

    Raises:
        Forbidden: no list of registrations, or a file with addresses and no managing role.
    """
    check_people(actor, kind)
    if kind in PEOPLE and asked_as in MANAGING and not actor.manages:
        raise Forbidden("This file has addresses: have one made for yourself.")


def check_length(rows: int, most: int) -> None:
    """Refuse a list that is too long to be sent at once.

    Raises:
        Conflict: ``too-many-rows``.
    """
    if rows > most:
        raise Conflict("too-many-rows", f"More than {most} rows: have them exported.")


def file_name(slug: str, kind: str, form: str) -> str:
    """The name a file is downloaded under."""
    return f"{slug}-{kind}.{ENDINGS.get(form, form)}"
