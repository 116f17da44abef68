"""The page behind the link of an invitation, ``{base_url}/join#evi_…``, outside ``/api/v1``.

It is the same for everybody and knows nobody; the language is that of the browser.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, request

from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, needs

FOLDER = Path(__file__).parent.parent / "templates"
PARTS = {"join.js": "text/javascript", "join.css": "text/css"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

join_page = Door("join", __name__, url_prefix="/join", description="The page of an invitation")


def _found(media: str) -> dict[str, object]:
    return {"200": {"content": {media: {"schema": {"type": "string"}}}}}


@join_page.get("")
@needs(None)
@join_page.doc(responses=_found("text/html"))
def invitation_page() -> Response:
    """The page on which an invitation is accepted."""
    response = _sent("join.html", "text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@join_page.get("/<part>")
@needs(None)
@join_page.doc(responses=_found("text/javascript"))
def invitation_page_part(part: str) -> Response:
    """The script or the stylesheet of that page."""
    if part not in PARTS:
        raise NotFound
    return _sent(part, PARTS[part])


def _sent(name: str, media: str) -> Response:
    body = (FOLDER / name).read_bytes()
    response = Response(body, content_type=f"{media}; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response
