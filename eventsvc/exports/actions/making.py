"""Making a file: counted and written in one transaction, kept with the end of its job."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.core import config, files, work
from eventsvc.core.errors import NotFound
from eventsvc.core.rights import actor_kept
from eventsvc.core.tables import write_csv, write_xlsx
from eventsvc.core.work import Claimed
from eventsvc.events.models import Event, Series
from eventsvc.events.policy import zone_of
from eventsvc.events.queries.gates import WITHOUT_SERIES
from eventsvc.exports import queries
from eventsvc.exports.models import Export
from eventsvc.exports.policy import MEDIA, TABLES, check_length
from eventsvc.feeds.actions import join
from eventsvc.feeds.policy import EVENT
from eventsvc.schedules.queries import schedule_of
from eventsvc.schedules.render import About, frab_json, frab_xml, json_ld

RENDERERS = {"frab_xml": frab_xml, "frab_json": frab_json, "jsonld": json_ld}


def claim_next(session: Session, *, now: datetime) -> Claimed | None:
    """Take the next export that waits; None when there is none."""
    return work.claim_next(session, queries.KIND, now=now)


def make(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """Make the file of a claimed export and end its job.

    Raises:
        NotFound: its event was removed.
        ClaimLost: it was cancelled, or somebody else has it.
    """
    asked = queries.export_of_job(session, claimed.job_id)
    if asked is None:
        raise NotFound
    event = session.get_one(Event, asked.event_id)
    content = content_of(session, event, asked, now=now)
    asked.file_id = files.keep(session, content, MEDIA[asked.format].split(";")[0], now=now).id
    result = {"export_id": asked.id, "size": len(content), "expires_at": _text(asked.expires_at)}
    work.succeed(session, claimed, result, now=now)


def content_of(session: Session, event: Event, asked: Export, *, now: datetime) -> bytes:
    """The bytes of an export; rows of people have addresses if who asked was a manager."""
    if asked.format in TABLES:
        addresses = actor_kept(asked.asked_by).manages
        return table_of(session, event, asked.kind, asked.format, addresses=addresses)
    if asked.format == "ics":
        feed = join(session, EVENT, event.id, now=now)
        return bytes(feed.body or b"")
    document = schedule_of(session, event, public=asked.format != "json" and not asked.hidden)
    if asked.format == "json":
        return json.dumps(document, ensure_ascii=False, indent=1).encode()
    return RENDERERS[asked.format](document, about(session, event))


def table_of(
    session: Session,
    event: Event,
    kind: str,
    form: str,
    *,
    addresses: bool,
    most: int | None = None,
) -> bytes:
    """A list as CSV or XLSX; ``most``: the rows that may be sent at once.

    Raises:
        Conflict: ``too-many-rows``.
    """
    found = queries.listed(session, event, kind, addresses=addresses)
    rows = list(found.rows)
    if most is not None:
        check_length(len(rows), most)
    if form == "csv":
        return write_csv(found.header, rows)
    return write_xlsx(kind, found.header, rows)


def about(session: Session, event: Event) -> About:
    """What a schedule says of its event."""
    series = session.get(Series, event.series_id) if event.series_id else None
    page = f"{config.current().base_url}/events/{series.slug if series else WITHOUT_SERIES}"
    return About(event.title, event.slug, zone_of(event), f"{page}/{event.slug}")


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
