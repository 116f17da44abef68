"""Sending a kept file: as an attachment that no browser runs (security.md row 24)."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response, request
from sqlalchemy.orm import Session

from eventsvc.core import files
from eventsvc.core.http.afterwards import Note, after_answer
from eventsvc.core.media import EXTENSIONS

PRIVATE = "private, no-cache"


def attachment(
    session: Session,
    file_id: str | None,
    *,
    name: str,
    cache: str = PRIVATE,
    taken: Note | None = None,
) -> Response:
    """A kept file as a download called ``name`` (without ending), whole or the range asked for.

    Its SHA-256 is the strong ``ETag``; ``If-None-Match``, ``Range`` and ``If-Range`` are honoured
    (RFC 9110 §13, §14), so a broken download can be taken up again; a 304 reads no bytes. The name
    travels as RFC 6266 and RFC 8187 say. ``taken`` is noted after the answer when that is one
    download: whole, or the first part of one; not "unchanged", not a later part.

    Raises:
        NotFound: there is no such file.
    """
    kept = files.file_for(session, file_id)
    known = request.if_none_match.contains(kept.sha256)
    content = b"" if known else files.content_of(session, kept.id)
    response = Response(content, content_type=_content_type(kept.media_type))
    ending = EXTENSIONS.get(kept.media_type, "bin")
    response.headers.set("Content-Disposition", "attachment", **_named(f"{_plain(name)}.{ending}"))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = cache
    response.set_etag(kept.sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=kept.size)
    return after_answer(response, taken) if taken and _is_download(response) else response


def _is_download(response: Response) -> bool:
    if request.method != "GET":
        return False
    part = response.headers.get("Content-Range", "")
    return response.status_code == 200 or (
        response.status_code == 206 and part.startswith("bytes 0-")
    )


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _named(name: str) -> dict[str, str]:
    """In ASCII for old clients, and in full where it has other letters (RFC 6266 §4.3)."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if ascii_only == name:
        return {"filename": name}
    return {"filename": ascii_only, "filename*": f"UTF-8''{quote(name, safe='')}"}


def _plain(name: str) -> str:
    """The name without what file systems, shells and headers would take for something else."""
    kept = "".join(char if char.isalnum() or char in " -_()" else "-" for char in name)
    return kept.strip(" -")[:100] or "file"
