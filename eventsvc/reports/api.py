"""The doors of reports: revisions as they were stored, figures counted now, trends."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events import queries as events
from eventsvc.reports import actions, queries
from eventsvc.reports.models import Report, ReportFile
from eventsvc.reports.render import headline, texts_in
from eventsvc.reports.schemas import (
    FiguresOut,
    PageQuery,
    ReportBody,
    ReportOut,
    ReportsQuery,
    ReportTransitionBody,
    TrendsOut,
)

# a page has its style in itself and fetches nothing
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
SORTS = {"revision": Report.revision, "opened_at": Report.opened_at}

door = Door(
    "reports",
    __name__,
    url_prefix="/api/v1/events/<event_id>",
    description="Figures of an event and its report, stated and counted apart",
)
series_door = Door(
    "trends",
    __name__,
    url_prefix="/api/v1/series/<series_id>/trends",
    description="A series edition by edition",
)


@door.get("/reports")
@needs("reports:read", gate="event")
@door.query(ReportsQuery)
@door.lists(ReportOut, sort=tuple(SORTS))
def list_reports(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the report revisions of an event, newest first."""
    statement = queries.revisions_of(events.event_for(session, actor(), event_id))
    if query.get("state"):
        statement = statement.where(Report.state.in_(query["state"]))
    return page(session, statement, query, sorts=SORTS, default="-revision")


@door.post("/reports")
@needs("reports:write", gate="event")
@door.body(ReportBody)
@door.writes(201, ReportOut, location="/api/v1/events/{event_id}/report-revisions/{revision}")
def add_report(session: Session, body: dict[str, Any], event_id: str) -> Report:
    """Make a report revision now, also of a recorded edition.

    The figures are frozen and the pages stored before the answer. Recorded editions mail nobody;
    the report list of any other is told of the new revision.
    """
    now = clock.now(session)
    reason = body.get("reason")
    report = actions.open_revision(session, actor(), event_id, reason=reason, now=now)
    return actions.write(session, actor(), report, now=now)


@door.get("/reports/<name>")
@needs("reports:read", gate="event")
@door.reads(FiguresOut, computed=True)
def read_figures(session: Session, event_id: str, name: str) -> dict[str, Any]:
    """Count figures now: `summary`, `registrations`, `sessions`, `visits` or `attendance`.

    Nothing is stored; `summary` is the preview of the report.
    """
    event = events.event_for(session, actor(), event_id)
    count = NAMED.get(name)
    if count is None:
        raise NotFound
    return count(session, event, now=clock.now(session))


@door.get("/report-revisions/<number>")
@needs("reports:read", gate="event")
@door.query(PageQuery)
@door.sends("*/*")
def read_report(session: Session, query: dict[str, Any], event_id: str, number: str) -> Response:
    """Read a report revision as it was stored, in a format and language."""
    event = events.event_for(session, actor(), event_id)
    report = queries.revision_for(session, event, number)
    return _served(queries.file_of(session, report, query["format"], query["language"]))


@door.post("/report-revisions/<number>/transitions")
@needs("reports:write", gate="event")
@door.body(ReportTransitionBody)
@door.writes(200, ReportOut, precondition=False)
def step_report(session: Session, body: dict[str, Any], event_id: str, number: str) -> Report:
    """Take a report from draft to checked, or from checked to released."""
    event = events.event_for(session, actor(), event_id)
    report = queries.revision_for(session, event, number)
    expect(report)
    return actions.transition(session, actor(), report, body["to"], now=clock.now(session))


@series_door.get("")
@needs("reports:read", gate="series")
@series_door.reads(TrendsOut, computed=True)
def read_trends(session: Session, series_id: str) -> dict[str, Any]:
    """Compare the editions of a series: stated and counted apart, sums as bounds, gaps named."""
    return queries.trends(session, events.series_for(session, actor(), series_id))


def _summary(session: Session, event: Any, **options: Any) -> dict[str, Any]:
    snapshot = queries.figures_now(session, event, **options)
    return {**snapshot, "headline": headline(snapshot, texts_in("en"))}


NAMED = {
    "summary": _summary,
    "registrations": queries.registration_figures,
    "sessions": queries.session_figures,
    "attendance": queries.attendance_figures,
    "visits": queries.visit_figures,
}


def _served(file: ReportFile) -> Response:
    response = Response(file.body, content_type=file.media_type)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Language"] = file.language
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.set_etag(file.etag)
    response.make_conditional(request)
    return response


doors: tuple[Door, ...] = (door, series_door)
