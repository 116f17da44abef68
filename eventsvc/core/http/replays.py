"""The door's side of ``Idempotency-Key``: claim, replay, complete, free (api.md §3)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import structlog
from flask import Response, request
from marshmallow import Schema, fields
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventsvc.core import clock, idempotency
from eventsvc.core.errors import MalformedRequest
from eventsvc.core.http import rates
from eventsvc.core.http.asked import actor
from eventsvc.core.http.declare import Declaration
from eventsvc.core.idempotency import Claim, Replay
from eventsvc.core.text import ready
from eventsvc.core.transactions import transaction

log = structlog.get_logger(__name__)

LONGEST_KEY = 255
REPLAYED_HEADERS = ("Location", "ETag")


def _key(declared: Declaration) -> str | None:
    if request.method != "POST":
        return None
    key = request.headers.get("Idempotency-Key")
    if key is None:
        if declared.idempotency_required:
            raise MalformedRequest(
                "Send an Idempotency-Key with this call.", code="idempotency-key-required"
            )
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        error = {"parameter": "Idempotency-Key", "code": "malformed", "detail": "1 to 255 ASCII"}
        raise MalformedRequest("Idempotency-Key is malformed.", errors=[error])
    return key


def _body_digest(content: Any) -> str:
    body = content if isinstance(content, bytes) else _canonical(content)
    query = _canonical(sorted(request.args.items(multi=True))).decode()
    return idempotency.digest(query, hashlib.sha256(body).hexdigest())


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def claim(declared: Declaration, content: Any) -> Claim | Response | None:
    """Claim the key of this call before its work starts; an answer when it was given already."""
    key = _key(declared)
    if key is None:
        return None
    caller = actor()
    credential = f"{caller.kind}:{caller.credential_id or rates.address()}"
    with transaction(write=True) as session:
        found = idempotency.claim(
            session,
            credential=idempotency.digest(credential),
            method=request.method,
            path=request.path,
            key=key,
            body_digest=_body_digest(content),
            now=clock.now(session),
        )
    return _again(found) if isinstance(found, Replay) else found


def _again(replay: Replay) -> Response:
    response = Response(replay.answer or "null", replay.status, content_type="application/json")
    if replay.status == 204:
        response = Response(status=204)
    response.headers.update(replay.headers)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def complete(
    session: Session, held: Claim | None, declared: Declaration, response: Response
) -> None:
    """Keep the answer with the claim, inside the work's transaction."""
    if held is None:
        return
    headers = {
        name: response.headers[name] for name in REPLAYED_HEADERS if name in response.headers
    }
    answer = response.get_data(as_text=True) or None
    if answer is not None and declared.answer is not None:
        document = json.loads(answer)
        _hide(ready(declared.answer), document)
        answer = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    idempotency.complete(session, held, status=response.status_code, headers=headers, answer=answer)


def _hide(schema: Schema, document: Any) -> None:
    """Put null in place of every field that its schema calls secret."""
    if isinstance(document, list):
        for item in document:
            _hide(schema, item)
    if not isinstance(document, dict):
        return
    for name, field in schema.dump_fields.items():
        key = field.data_key or name
        if key not in document:
            continue
        if field.metadata.get("secret"):
            document[key] = None
            continue
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            _hide(inner.schema, document[key])


def free(held: Claim | Response | None) -> None:
    """Give the key back: the call did not succeed. A claim that cannot be freed expires."""
    if not isinstance(held, Claim):
        return
    try:
        with transaction(write=True) as session:
            idempotency.free(session, held)
    except SQLAlchemyError as error:
        log.warning("idempotency.not_freed", error=type(error).__name__)
