"""Doors of exports: what is made, who may have it, how it is downloaded."""

from __future__ import annotations

import json

import pytest

from eventsvc.core.tables import read_csv, read_xlsx
from eventsvc.events.models import Event
from eventsvc.exports.policy import KINDS, PEOPLE, PROGRAMMES
from tests.factories.accounts import an_organiser, counted
from tests.factories.registration import make_registration


def content(client, export, headers, **more):
    return client.get(export.json["content_url"], headers={**headers, **more})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_in_both_forms(client, export, token_for, kind, form):
    made = export(kind, form)
    assert made.json["state"] == "succeeded", made.json
    file = content(client, made, token_for("event-manager"))
    assert f".{form}" in file.headers["Content-Disposition"]
    table = (read_csv if form == "csv" else read_xlsx)(file.data)
    assert len(table.rows) == {"organisations": 0, "attendance": 0, "programme": 2}.get(
        kind, 2 if kind == "bookings" else 1
    )


@pytest.mark.threat(20)
def test_people_with_and_without_addresses(client, export, event, token_for):
    path = f"/api/v1/events/{event.id}/exports/participants.csv"
    managed = client.get(path, headers=token_for("event-manager"))
    assert '"\'=Ada Example"' in managed.text
    assert "ada@example.org" in managed.text
    read_only = client.get(path, headers=token_for("read-only"))
    assert read_only.status_code == 200
    assert "ada@example.org" not in read_only.text
    assert read_only.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("form", [form for form in PROGRAMMES if form not in ("csv", "xlsx")])
def test_programmes(client, export, event, token_for, form):
    made = export("programme", form, hidden=True)
    assert made.json["state"] == "succeeded", made.json
    file = content(client, made, token_for("event-manager"))
    assert file.status_code == 200
    if form == "ics":
        assert file.data.startswith(b"BEGIN:VCALENDAR")
        return
    assert b"Digital twins" in file.data
    if form != "frab_xml":
        assert isinstance(json.loads(file.data), dict)


def test_a_broken_download_is_taken_up_again(client, export, token_for):
    made, headers = export("sessions", "csv"), token_for("event-manager")
    whole = content(client, made, headers)
    part = content(
        client, made, headers, **{"Range": "bytes=10-", "If-Range": whole.headers["ETag"]}
    )
    assert (part.status_code, part.data) == (206, whole.data[10:])
    same = content(client, made, headers, **{"If-None-Match": whole.headers["ETag"]})
    assert same.status_code == 304


@pytest.mark.threat(5)
def test_who_may_have_what(client, export, event, session, token_for):
    assert export("sessions", "csv", role="programme-editor").status_code == 403
    assert export("sessions", "csv", role="read-only").status_code == 403
    path = f"/api/v1/events/{event.id}/exports"
    editor = token_for("programme-editor")
    assert client.get(f"{path}/sessions.csv", headers=editor).status_code == 200
    for kind in PEOPLE:
        refused = client.get(f"{path}/{kind}.csv", headers=editor)
        assert (refused.status_code, refused.json["required_scope"]) == (
            403, "registrations:read",
        )  # fmt: skip
    assert client.get(f"{path}/nothing.csv", headers=editor).status_code == 404
    other = token_for(organiser=an_organiser(session))
    assert client.get(f"{path}/sessions.csv", headers=other).status_code == 404
    made = export("participants", "csv").json
    for headers, status in (
        (token_for("read-only"), 403),
        (editor, 403),
        (other, 404),
        (token_for("event-manager"), 200),
    ):  # fmt: skip
        assert client.get(made["content_url"], headers=headers).status_code == status


def test_forms_of_other_kinds_are_refused(export):
    refused = export("bookings", "ics")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "not-for-this-kind")


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_costs_the_same_for_many(client, event, session, token_for, kind):
    headers = token_for("event-manager")
    path = f"/api/v1/events/{event.id}/exports/{kind}.csv"

    def cost() -> int:
        with counted() as sent:
            assert client.get(path, headers=headers).status_code == 200
        return len(sent)

    cost()
    few = cost()
    same = session.get_one(Event, event.id)
    for number in range(29):
        make_registration(session, same, name=f"Guest {number}", email=f"g{number}@example.org")
    session.commit()
    assert cost() == few
