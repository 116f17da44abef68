"""One call of a view: read what came in, open the transaction, ask the view, answer.

The judge has spoken before (credentials, rights, media types). What is left is judged here in
the order of api.md §1: syntax, idempotency replay, fields, precondition, state.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from eventsvc.core.http import answers, bodies, forms, preconditions, reading, replays
from eventsvc.core.http.asked import asked
from eventsvc.core.http.declare import Declaration
from eventsvc.core.idempotency import Claim
from eventsvc.core.transactions import transaction


class _Discarded(Exception):  # noqa: N818  it carries an answer, not an error
    """Leaves a transaction without committing; the answer stands all the same."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _view(declared: Declaration) -> Any:
    if declared.view is None:
        raise TypeError("a declaration without a view")
    return declared.view


def read(declared: Declaration, path: dict[str, Any]) -> Response:
    """A call that only looks: one resource, a list, or bytes."""
    query = bodies.read_query(declared.query)
    answers.check_expand(declared, query)
    if declared.answer is not None:
        answers.wanted_fields(declared.answer, query)
    taken = () if declared.query is None else (query,)
    with reading.looking() as session:
        found = _view(declared)(session, *taken, **path)
        if isinstance(found, Response):
            return found
        if declared.kind == "lists":
            return answers.listed(declared, found, query)
        if declared.kind == "sends":
            body = found.encode() if isinstance(found, str) else bytes(found)
            return answers.tagged(declared, body, preconditions.weak(body))
        return answers.one(declared, found, query)


def write(declared: Declaration, path: dict[str, Any]) -> Response:
    """A call that changes something."""
    query = bodies.read_query(declared.query)
    content = _content(declared)
    same = forms.fingerprint(content) if declared.form else content
    claim = replays.claim(declared, same)
    if isinstance(claim, Response):
        return claim
    try:
        taken = [] if declared.query is None else [query]
        if declared.takes_upload:
            taken.append(content)
        else:
            fields = bodies.load_fields(declared.body, content)
            taken += [] if declared.body is None else [fields]
        if declared.precondition is not None:
            preconditions.check_given(required=declared.precondition)
        if declared.before is not None:
            given = {} if declared.query is None else {"query": query}
            given |= {} if declared.body is None else {"body": fields}
            given |= {"content": content} if declared.takes_upload else {}
            taken.append(declared.before(**given, **path))
        return _work(declared, path, taken, claim)
    except BaseException:
        replays.free(claim)
        raise


def _content(declared: Declaration) -> Any:
    if declared.form:
        return forms.read_form(bodies.read_raw())
    return bodies.read_raw() if declared.takes_upload else bodies.read_json(declared)


def _work(
    declared: Declaration, path: dict[str, Any], taken: list[Any], claim: Claim | None
) -> Response:
    try:
        with transaction(write=True) as session:
            done = _view(declared)(session, *taken, **path)
            session.flush()
            if declared.precondition and not asked().expected:
                raise RuntimeError(f"{request.endpoint} did not look at If-Match: call expect()")
            response = done if isinstance(done, Response) else answers.written(declared, done, path)
            _end(session, claim, declared, response)
    except _Discarded as discarded:
        replays.free(claim)
        return discarded.response
    return response


def _end(session: Session, claim: Claim | None, declared: Declaration, response: Response) -> None:
    if asked().discarded:
        raise _Discarded(response)
    replays.complete(session, claim, declared, response)
