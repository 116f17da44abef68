"""What comes in: its size, its type, its syntax, its fields. One function for each judgement."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException

from eventsvc.core.errors import FieldError, Invalid, MalformedRequest
from eventsvc.core.http.declare import Declaration
from eventsvc.core.http.problems import HttpRefusal
from eventsvc.core.json_body import load_json
from eventsvc.core.text import Body, Query, invalid, parameter_refusal, ready

LARGEST_BODY = 1024 * 1024


class NoFields(Body):
    """The body of a call that takes none: nothing, or an empty object."""


class NoParameters(Query):
    """The query of a call that takes none."""


def check_size(declared: Declaration | None) -> None:
    """Refuse what cannot be measured or is too large, before a byte of it is read (413, 411)."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise HttpRefusal("unsupported-media-type", "Send the body without Content-Encoding.")
    announced = request.environ.get("CONTENT_LENGTH")
    if "Transfer-Encoding" in request.headers:
        raise HttpRefusal("length-required")
    if announced in (None, ""):
        return
    if not (announced.isascii() and announced.isdigit()):
        raise MalformedRequest("Content-Length is not a number.")
    largest = LARGEST_BODY
    if declared is not None and declared.largest is not None:
        largest = declared.largest
    if int(announced[:20]) > largest:
        raise HttpRefusal("body-too-large", f"At most {largest} bytes.")


def check_accept(declared: Declaration) -> None:
    """Refuse when the caller takes no answer of ours (406)."""
    accepted = request.accept_mimetypes
    if accepted and declared.kind != "plain" and accepted[declared.media.split(";")[0]] <= 0:
        raise HttpRefusal("not-acceptable", f"The answer is {declared.media}.")


def _has_body() -> bool:
    return bool(request.content_length) or (
        request.content_length is None and "Content-Type" in request.headers
    )


def check_media(declared: Declaration) -> None:
    """Refuse a body of another type than the door takes (415)."""
    expects = declared.body is not None or declared.takes_upload
    if declared.kind != "writes" or not (expects or _has_body()):
        return
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in declared.takes or charset not in ("utf-8", "utf8"):
        raise HttpRefusal("unsupported-media-type", f"Send {' or '.join(declared.takes)}.")
    if request.content_length is None:
        raise HttpRefusal("length-required")


def read_raw() -> bytes:
    """The bytes of the body. Raises MalformedRequest when fewer come than were announced."""
    try:
        raw = request.get_data(cache=True, parse_form_data=False)
    except (HTTPException, OSError) as error:
        raise MalformedRequest("The body is shorter than announced.") from error
    if len(raw) < (request.content_length or 0):
        raise MalformedRequest("The body is shorter than announced.")
    return raw


def read_json(declared: Declaration) -> Any:
    """The JSON value of the body; an empty object where the door takes none and none came."""
    if declared.body is None and not _has_body():
        return {}
    return load_json(read_raw())


def load_fields(schema: type[Schema] | None, value: Any) -> Any:
    """The fields of the body, all of them judged (422)."""
    if not isinstance(value, dict):
        raise Invalid([FieldError("", "invalid-type", "Give an object")])
    try:
        return ready(schema or NoFields).load(value)
    except ValidationError as error:
        raise invalid(error) from error


def read_query(schema: type[Schema] | None) -> Any:
    """The query parameters, all of them judged (400)."""
    try:
        return ready(schema or NoParameters).load(request.args)
    except ValidationError as error:
        raise parameter_refusal(error.messages) from error
