"""The page behind the private link ``{base_url}/r#evl_…``, outside ``/api/v1``.

It is the same for everybody and knows nobody: the secret stands in the fragment, which no server
sees (security.md row 10). The script takes it from there and asks ``/api/v1/my/…``.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, request

from eventsvc.core.http import Door, needs

FOLDER = Path(__file__).parent.parent / "templates"
LANGUAGES = ("en", "de", "fr")
CACHE = "public, max-age=300"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

door = Door("private-link", __name__, url_prefix="/r", description="The page of a private link")

FOUND = {
    media: {"200": {"content": {media: {"schema": {"type": "string"}}}}}
    for media in ("text/html", "text/javascript", "text/css")
}


@door.get("")
@needs(None)
@door.doc(responses=FOUND["text/html"])
def private_page() -> Response:
    """The guest's page; ``lang`` or else ``Accept-Language`` chooses en, de or fr."""
    response = _sent(f"page.{_language()}.html", "text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Vary"] = "Accept-Language"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@door.get("/page.js")
@needs(None)
@door.doc(responses=FOUND["text/javascript"])
def private_page_script() -> Response:
    """The script of the guest's page."""
    return _sent("page.js", "text/javascript")


@door.get("/page.css")
@needs(None)
@door.doc(responses=FOUND["text/css"])
def private_page_style() -> Response:
    """The stylesheet of the guest's page."""
    return _sent("page.css", "text/css")


def _language() -> str:
    wanted = request.args.get("lang", "").lower()
    if wanted in LANGUAGES:
        return wanted
    spoken = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in spoken if tag in LANGUAGES), LANGUAGES[0])


def _sent(name: str, media: str) -> Response:
    body = (FOLDER / name).read_bytes()
    response = Response(body, content_type=f"{media}; charset=utf-8")
    response.headers["Cache-Control"] = CACHE
    response.headers["Referrer-Policy"] = "no-referrer"
    response.add_etag()
    response.make_conditional(request)
    return response
