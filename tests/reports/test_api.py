"""The doors of reports."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from eventsvc.core import clock
from eventsvc.mail.models import OutboxMessage
from eventsvc.reports.models import Report
from tests.factories.accounts import an_organiser
from tests.factories.events import make_event, make_series
from tests.factories.reports import AFTER, make_ended, make_figure, make_recorded


@pytest.fixture
def at(session):
    """The clock of the doors stands an hour after the end."""
    with clock.standing_at(AFTER):
        yield AFTER


@pytest.fixture
def ended(session, organiser, at):
    event = make_ended(session, organiser.id)
    make_figure(session, event, source="article of 7 May 2027")
    session.commit()
    return event


def address(event, rest: str = "reports") -> str:
    return f"/api/v1/events/{event.id}/{rest}"


def test_a_report_is_made_now_and_stored(client, session, ended, token_for):
    made = client.post(address(ended), json={"reason": "for the funder"}, headers=token_for())
    assert made.status_code == 201
    assert made.json["revision"] == 1
    assert made.json["state"] == "draft"
    assert made.json["written_at"] == "2027-05-06T16:00:00Z"
    assert made.headers["Location"] == address(ended, "report-revisions/1")
    listed = client.get(address(ended), headers=token_for()).json["items"]
    assert [one["id"] for one in listed] == [made.json["id"]]
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) > 0


def test_recorded_editions_get_theirs_when_asked_for(client, session, organiser, at, token_for):
    event = make_recorded(session, organiser.id)
    session.commit()
    assert client.post(address(event), json={}, headers=token_for()).status_code == 201
    sent = select(func.count()).where(OutboxMessage.purpose == "event_report")
    assert session.scalar(sent) == 0


MEDIA = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
}


@pytest.mark.parametrize("form", MEDIA)
def test_pages_are_served_as_they_were_stored(client, session, ended, token_for, form):
    headers = token_for()
    client.post(address(ended), json={}, headers=headers)
    pages = [
        address(ended, f"report-revisions/1?format={form}&language={language}")
        for language in ("en", "de", "fr")
    ]
    before = [client.get(page, headers=headers) for page in pages]
    assert {one.headers["Content-Type"] for one in before} == {MEDIA[form]}
    assert [one.headers["Content-Language"] for one in before] == ["en", "de", "fr"]
    make_figure(session, ended, metric="meetings", operator="=", value=800)
    session.commit()
    for page, first in zip(pages, before, strict=True):
        assert client.get(page, headers=headers).data == first.data
        known = {**headers, "If-None-Match": first.headers["ETag"]}
        again = client.get(page, headers=known)
        assert (again.status_code, again.data) == (304, b"")


def test_the_page_runs_no_script(client, ended, token_for):
    client.post(address(ended), json={}, headers=token_for())
    found = client.get(address(ended, "report-revisions/1"), headers=token_for())
    assert found.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")


def test_json_is_the_snapshot(client, session, ended, token_for):
    client.post(address(ended), json={}, headers=token_for())
    found = client.get(address(ended, "report-revisions/1?format=json"), headers=token_for())
    assert json.loads(found.data) == session.scalars(select(Report)).one().snapshot


def test_the_preview_counts_now_and_stores_nothing(client, session, ended, token_for):
    found = client.get(address(ended, "reports/summary"), headers=token_for())
    assert found.status_code == 200
    by_metric = {one["metric"]: one for one in found.json["glance"]}
    assert by_metric["participants"]["stated"]["operator"] == ">"
    assert by_metric["participants"]["counted"]["value"] == 8
    assert by_metric["participants"]["difference"] == {
        "operator": "<", "value": -112, "fits": False,
    }  # fmt: skip
    assert found.json["headline"] == f"{ended.title} brought more than 120 participants to Vienna."
    assert session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize(
    ("name", "member"),
    [("registrations", "participation"), ("sessions", "seats"), ("attendance", "glance")],
)
def test_figures_by_name(client, ended, token_for, name, member):
    found = client.get(address(ended, f"reports/{name}"), headers=token_for())
    assert found.status_code == 200
    assert found.json[member]


def test_the_gate(client, ended, token_for):
    headers = token_for()
    client.post(address(ended), json={}, headers=headers)
    steps = address(ended, "report-revisions/1/transitions")
    refused = client.post(steps, json={"to": "released"}, headers=headers)
    assert (refused.status_code, refused.json["allowed"]) == (409, ["checked"])
    checked = client.post(steps, json={"to": "checked"}, headers=headers)
    assert (checked.status_code, checked.json["state"]) == (200, "checked")
    stale = client.post(steps, json={"to": "released"}, headers={**headers, "If-Match": '"1"'})
    assert stale.status_code == 412
    released = client.post(steps, json={"to": "released"}, headers=headers)
    assert released.json["released_at"] == "2027-05-06T16:00:00Z"


@pytest.mark.parametrize(
    "path",
    ["reports/dietary", "reports/preview", "report-revisions/1", "report-revisions/x",
     "report-revisions/-1", "report-revisions/99999999999999999999"],
)  # fmt: skip
def test_what_is_not_there(client, ended, token_for, path):
    assert client.get(address(ended, path), headers=token_for()).status_code == 404


@pytest.mark.parametrize("query", ["format=pdf", "language=pl", "colour=red"])
def test_odd_queries_are_refused(client, ended, token_for, query):
    found = client.get(address(ended, f"report-revisions/1?{query}"), headers=token_for())
    assert found.status_code == 400


def test_odd_bodies_are_refused(client, ended, token_for):
    for body in ({"colour": "red"}, {"reason": 1}, {"reason": "x" * 501}):
        assert client.post(address(ended), json=body, headers=token_for()).status_code == 422


def test_an_event_that_has_not_ended_has_a_preview_only(client, session, organiser, at, token_for):
    event = make_event(session, organiser.id, state="published")
    session.commit()
    refused = client.post(address(event), json={}, headers=token_for())
    assert (refused.status_code, refused.json["code"]) == (409, "event-not-ended")
    assert client.get(address(event, "reports/summary"), headers=token_for()).status_code == 200


def test_rights(client, session, ended, token_for):
    other = an_organiser(session)
    session.commit()
    assert client.get(address(ended)).status_code == 401
    for path in ("reports", "reports/summary", "report-revisions/1"):
        foreign = client.get(address(ended, path), headers=token_for(organiser=other))
        assert foreign.status_code == 404
    reader = token_for("read-only")
    assert client.get(address(ended), headers=reader).status_code == 200
    assert client.post(address(ended), json={}, headers=reader).status_code == 403


def test_trends(client, session, organiser, at, token_for):
    series = make_series(session, organiser.id)
    for month, value in (("2023-11", 70), ("2025-04", 120)):
        event = make_recorded(session, organiser.id, month=month, series_id=series.id)
        make_figure(session, event, value=value)
    session.commit()
    found = client.get(f"/api/v1/series/{series.id}/trends", headers=token_for())
    assert found.status_code == 200
    assert [one["stated"][0]["value"] for one in found.json["editions"]] == [70, 120]
    assert found.json["sums"][0]["operator"] == ">"
    assert found.json["sums"][0]["value"] == 190
    assert client.get("/api/v1/series/x/trends", headers=token_for()).status_code == 404
