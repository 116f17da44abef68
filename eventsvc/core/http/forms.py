"""Forms with a file: multipart/form-data (RFC 7578), read after everything else was judged."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from eventsvc.core.errors import MalformedRequest
from eventsvc.core.text import Upload

MULTIPART = "multipart/form-data"
MOST_PARTS = 30
LARGEST_FIELD = 64 * 1024
ROOM_AROUND = 64 * 1024
"""Bytes that the fields beside the file and the lines between them may take."""

LONGEST_NAME = 200


def read_form(raw: bytes) -> dict[str, Any]:
    """The parts of a form by name: texts, and files as :class:`Upload`.

    Raises:
        MalformedRequest: no boundary, broken or too many parts, or a name that comes twice.
    """
    _, options = parse_options_header(request.headers.get("Content-Type", ""))
    boundary = options.get("boundary", "")
    if not boundary or not boundary.isascii():
        raise MalformedRequest("The Content-Type has no boundary.")
    parser = MultiPartParser(
        stream_factory=_in_memory,
        max_form_memory_size=LARGEST_FIELD,
        max_form_parts=MOST_PARTS,
    )
    try:
        fields, files = parser.parse(io.BytesIO(raw), boundary.encode(), len(raw))
    except (HTTPException, ValueError) as error:
        raise MalformedRequest("This is not a form of at most 30 parts.") from error
    given = [*fields.items(multi=True), *files.items(multi=True)]
    names = [name for name, _ in given]
    if len(set(names)) < len(names):
        raise MalformedRequest("A part of the form comes twice.")
    return {name: _upload(part) if isinstance(part, FileStorage) else part for name, part in given}


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> io.BytesIO:
    """The whole body is in memory already, and bounded (a factory of werkzeug)."""
    del total_content_length, content_type, filename, content_length
    return io.BytesIO()


def _upload(part: FileStorage) -> Upload:
    name = (part.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in name if character.isprintable())
    return Upload(kept[:LONGEST_NAME], part.mimetype, part.stream.read())


def fingerprint(form: dict[str, Any]) -> dict[str, str]:
    """What makes a repeated form the same: its boundary is another each time."""
    return {
        name: hashlib.sha256(part.content).hexdigest() if isinstance(part, Upload) else part
        for name, part in form.items()
    }
