"""Answers to polls: conditional, compressed where wished, never empty (calendar.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from wsgiref.types import WSGIEnvironment

import structlog
from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.http import http_date, parse_date

from eventsvc.core import clock, config
from eventsvc.core.errors import Refusal, Unavailable
from eventsvc.core.http import after_answer
from eventsvc.core.transactions import transaction
from eventsvc.feeds import actions, queries
from eventsvc.feeds.actions.joining import tag_of
from eventsvc.feeds.policy import asks_for_gzip, fetch_is_due, is_unmodified, wants_plain
from eventsvc.feeds.queries import Poll, Sent

log = structlog.get_logger(__name__)

MEDIA = "text/calendar; charset=utf-8"
PUBLIC = "public, max-age=60, must-revalidate"
PERSONAL = "private, no-cache"


def polled(find: Callable[[Session], Poll], *, cache: str, filename: str) -> Response:
    """The answer to a poll: 304 after one look-up, 200 after two, else joined first.

    ``find`` looks up what is asked for and raises NotFound; an address that ended is 410.
    """
    gzip = _wants_gzip()
    with transaction(write=False) as session:
        poll = find(session)
        if poll.revoked:
            return _gone()
        known = poll.fresh and (poll.fresh.gzip_etag if gzip else poll.fresh.etag)
        if known and poll.fresh and _has_it(known, poll.fresh.changed_at):
            return _noted(poll, _unchanged(known, poll.fresh.changed_at, cache))
        sent = queries.kept_bytes(session, poll.kind, poll.scope_id, gzip=gzip) if known else None
    sent = sent or _made(poll, gzip=gzip)
    if _has_it(sent.etag, sent.changed_at):
        return _noted(poll, _unchanged(sent.etag, sent.changed_at, cache))
    return _noted(poll, _whole(sent, cache, f'inline; filename="{filename}.ics"'))


def downloaded(body: bytes, changed_at: datetime, *, filename: str) -> Response:
    """One item as a file to be kept; the same bytes as in its feed."""
    sent = Sent(tag_of(body), changed_at, body, gzip=False)
    if _has_it(sent.etag, changed_at):
        return _unchanged(sent.etag, changed_at, PUBLIC)
    return _whole(sent, PUBLIC, f'attachment; filename="{filename}.ics"')


def _made(poll: Poll, *, gzip: bool) -> Sent:
    """Join and compress what is missing; if that fails, the last good bytes (rule 41)."""
    try:
        with transaction() as session:
            feed = actions.join(session, poll.kind, poll.scope_id, now=clock.now(session))
            etag, body = actions.compress(session, feed) if gzip else (feed.etag, feed.body)
            return Sent(etag, feed.changed_at, body, gzip)
    except Refusal:
        raise
    except Exception:  # whatever is wrong with the texts, subscribers keep what they have
        log.exception("feed.not_joined", kind=poll.kind, scope_id=poll.scope_id)
    with transaction(write=False) as session:
        last = queries.kept_bytes(session, poll.kind, poll.scope_id, gzip=False)
    if last is None:
        raise Unavailable("This calendar cannot be written at the moment.", retry_after=300)
    return last


def _wants_gzip() -> bool:
    if wants_plain(request.headers.get("User-Agent"), config.current().calendar_plain_clients):
        return False
    return asks_for_gzip(request.headers.get("Accept-Encoding"))


def _has_it(etag: str, changed_at: datetime) -> bool:
    return is_unmodified(
        etag,
        changed_at,
        if_none_match=request.headers.get("If-None-Match"),
        if_modified_since=parse_date(request.headers.get("If-Modified-Since")),
        now=clock.process_now(),
    )


def _tagged(response: Response, etag: str, changed_at: datetime, cache: str) -> Response:
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Last-Modified"] = http_date(changed_at)
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept-Encoding"
    return response


class _Unchanged(Response):
    """A 304 that keeps ``Last-Modified``, which Werkzeug takes out of every 304 (rule 39)."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers as they go out."""
        headers = super().get_wsgi_headers(environ)
        headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


def _unchanged(etag: str, changed_at: datetime, cache: str) -> Response:
    response = _Unchanged(status=304)
    response.headers.remove("Content-Type")
    return _tagged(response, etag, changed_at, cache)


def _whole(sent: Sent, cache: str, disposition: str) -> Response:
    response = Response(sent.body, content_type=MEDIA)
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Length"] = str(len(sent.body))
    if sent.gzip:
        response.headers["Content-Encoding"] = "gzip"
    return _tagged(response, sent.etag, sent.changed_at, cache)


def _gone() -> Response:
    """410 without a body: Thunderbird then disables the calendar and asks no more (rule 31)."""
    response = Response(status=410)
    response.headers.remove("Content-Type")
    return response


def _noted(poll: Poll, response: Response) -> Response:
    """Note the fetch once the answer is out, in a transaction of its own (api.md §1)."""
    token_id = poll.token_id
    if token_id is None or not fetch_is_due(poll.last_fetch_at, clock.process_now()):
        return response
    client = request.headers.get("User-Agent")

    def note(session: Session, now: datetime) -> None:
        actions.note_fetch(session, token_id, client=client, now=now)

    return after_answer(response, note)
