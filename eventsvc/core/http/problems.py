"""From a refusal to a problem document (RFC 9457; api.md §2). Status codes live here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Response, current_app
from sqlalchemy import exc as sql
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from eventsvc.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    MalformedRequest,
    NotFound,
    PreconditionRequired,
    RateLimited,
    Refusal,
    StaleVersion,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from eventsvc.core.http.asked import asked
from eventsvc.core.http.codes import CODES, explained
from eventsvc.core.http.deprecation import Gone
from eventsvc.core.idempotency import KeyReused
from eventsvc.core.logs import places, sqlstate

log = structlog.get_logger(__name__)

MEDIA = "application/problem+json"
STATUS: dict[type[Refusal], int] = {
    MalformedRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    StaleVersion: 412,
    UnsupportedMedia: 415,
    Invalid: 422,
    KeyReused: 422,
    PreconditionRequired: 428,
    RateLimited: 429,
    Unavailable: 503,
}
OF_HTTP = {
    400: "malformed-request",
    404: "not-found",
    405: "method-not-allowed",
    410: "gone",
    411: "length-required",
    413: "body-too-large",
    415: "unsupported-media-type",
}
# PostgreSQL: lock_not_available, deadlock, serialization, statement timeout, connection trouble
BUSY_STATES = ("55P03", "40P01", "40001", "57014", "57P0", "08", "53")
SQLITE_BUSY, SQLITE_LOCKED = 5, 6
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+){0,7}")


class HttpRefusal(Refusal):
    """A refusal that only HTTP knows: ``code`` is one of :data:`CODES`."""

    def __init__(self, code: str, detail: str | None = None, **headers: str) -> None:
        super().__init__(detail)
        self.code = code
        self.status, self.title, _ = CODES[code]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(error: Exception) -> Response | HTTPException:
    """The answer to any exception that leaves a view or the judge."""
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return error
    refusal = _refusal(error)
    if refusal is None:
        if current_app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        _note_defect(error)
        refusal = HttpRefusal("internal-error")
    return _document(refusal)


def _refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, StaleDataError):
        return StaleVersion()
    if isinstance(error, sql.IntegrityError) and not _is_fault(error):
        return Conflict("conflict", "It collides with something that is there already.")
    if isinstance(error, sql.TimeoutError) or (isinstance(error, sql.DBAPIError) and _busy(error)):
        log.warning("database.busy", error=type(error).__name__, sqlstate=sqlstate(error))
        return Unavailable("The database is busy.")
    return None


def _of_http(error: HTTPException) -> Refusal | None:
    if error.code == 404:
        return NotFound()
    if error.code not in OF_HTTP:
        return None if error.code is None or error.code >= 500 else HttpRefusal("malformed-request")
    refusal = HttpRefusal(OF_HTTP[error.code])
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        refusal.headers["Allow"] = ", ".join(sorted({*allowed, "OPTIONS"}))
    return refusal


def _busy(error: sql.DBAPIError) -> bool:
    lite = getattr(error.orig, "sqlite_errorcode", None)
    if lite is not None:
        return lite & 0xFF in (SQLITE_BUSY, SQLITE_LOCKED)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # no answer from a server at all
        return isinstance(error, sql.OperationalError | sql.InterfaceError)
    return str(state).startswith(BUSY_STATES)


def _is_fault(error: sql.IntegrityError) -> bool:
    """Whether a column was left empty or a check broken: our defect, not the caller's conflict."""
    return sqlstate(error) in {
        "23502", "23514", "SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK",
    }  # fmt: skip


def _note_defect(error: Exception) -> None:
    log.error(
        "request.defect",
        error=type(error).__name__,
        sqlstate=sqlstate(error),
        where=places(error),
    )


def _document(refusal: Refusal) -> Response:
    status = getattr(refusal, "status", None) or next(
        (STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 409
    )
    request_id = asked().id
    document: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": CODES[refusal.code].title if refusal.code in CODES else refusal.title,
        "status": status,
        "code": refusal.code,
        "instance": f"urn:uuid:{request_id}",
    }
    if status != 404:  # one body for missing, foreign and malformed (security.md row 6)
        document.update({"detail": refusal.detail} if refusal.detail else {})
        document.update({k: v for k, v in refusal.members.items() if k not in document})
    if isinstance(refusal, Invalid):
        document["errors"] = [vars(error) for error in refusal.errors]
    response = Response(json.dumps(document, ensure_ascii=False), status, content_type=MEDIA)
    response.headers.update(_headers(refusal, status))
    return response


def told(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The problem document of a refusal that was kept (``core.work``): a job has no request."""
    code = problem["code"]
    return {"type": f"/problems/{code}", "status": explained(code).status, **problem}


def _headers(refusal: Refusal, status: int) -> dict[str, str]:
    headers: dict[str, str] = dict(getattr(refusal, "headers", {}))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    retry_after = getattr(refusal, "retry_after", None) or refusal.members.get("retry_after")
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    return headers


def problem_page(code: str) -> Response:
    """The page that the ``type`` of a problem document leads to."""
    if not _CODE.fullmatch(code) or len(code) > 80:
        raise NotFound
    status, title, text = explained(code)
    page = (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
        f"<title>{html.escape(code)}</title><h1>{html.escape(title)}</h1>"
        f"<p><code>{html.escape(code)}</code>, status {status}</p><p>{html.escape(text)}</p></html>"
    )
    return Response(page, content_type="text/html; charset=utf-8")
