"""Hang the judge, the problems and the document on an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import flask_swagger_ui
from flask import Flask, Response, send_from_directory
from werkzeug.middleware.proxy_fix import ProxyFix

from eventsvc.core import config
from eventsvc.core.errors import NotFound
from eventsvc.core.http import answers, origins, preconditions, problems, rates, reading, requestlog
from eventsvc.core.http.asked import declared
from eventsvc.core.http.declare import Declaration, declaration, needs
from eventsvc.core.http.judge import Authenticate, Bench, Gate, judge
from eventsvc.core.http.specification import HouseApi, finished, specify

API = "/api/v1"
SWAGGER_FILES = Path(flask_swagger_ui.__file__).parent / "dist"
SWAGGER_PARTS = frozenset({"swagger-ui.css", "index.css", "swagger-ui-bundle.js"})
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS_PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Event service</title>
<link rel="stylesheet" href="{API}/docs/swagger-ui.css">
<link rel="stylesheet" href="{API}/docs/index.css"></head>
<body><div id="swagger-ui"></div>
<script src="{API}/docs/swagger-ui-bundle.js"></script>
<script src="{API}/docs/start.js"></script></body></html>
"""
DOCS_START = (
    f'window.ui = SwaggerUIBundle({{url: "{API}/openapi.json", dom_id: "#swagger-ui",'
    " deepLinking: true, validatorUrl: null});\n"
)


def install(
    app: Flask,
    *,
    authenticate: Authenticate,
    gates: Mapping[str, Gate],
    limits: Mapping[str, str] | None = None,
) -> HouseApi:
    """Make ``app`` answer as the contract says; register each door with the ``Api`` returned.

    Args:
        app: without a static folder.
        authenticate: who presents this ``Authorization`` header; raises ``Unauthenticated``.
        gates: names used in ``needs(…, gate=…)``; a gate raises ``NotFound``.
        limits: other numbers for rate policies, e.g. ``{"public": "60/minute"}``.
    """
    settings = config.current()
    app.extensions["eventsvc-bench"] = Bench(authenticate, gates, settings.hosts)
    app.extensions["eventsvc-rates"] = rates.Rates(settings, limits or {})
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0
        )
    app.before_request(judge)
    app.register_error_handler(Exception, problems.answer)
    app.after_request(_finished)
    app.teardown_request(reading.end)
    api = specify(app)
    _add_pages(app, api)
    return api


def _finished(response: Response) -> Response:
    rates.tell(response)
    view = declared()
    if view is not None and view.deprecated is not None:
        view.deprecated.tell(response)
    answers.finish(response)
    origins.let_in(response)
    requestlog.note(response)
    return response


def _add_pages(app: Flask, api: HouseApi) -> None:
    @cache
    def document() -> bytes:
        return answers.encode(finished(api))

    @needs(None)
    def openapi_json() -> Response:
        content = document()
        return answers.tagged(Declaration(cache="no-cache"), content, preconditions.weak(content))

    _add(app, f"{API}/openapi.json", openapi_json)
    _add(app, f"{API}/docs", api_docs)
    _add(app, f"{API}/docs/<part>", api_docs_part)
    _add(app, "/problems/<code>", problem)


def _add(app: Flask, rule: str, view: Callable[..., Response]) -> None:
    app.add_url_rule(rule, view.__name__, view, methods=["GET"])


@needs(None)
def api_docs() -> Response:
    """The interactive document, from this host alone."""
    shown = Response(DOCS_PAGE, content_type="text/html; charset=utf-8")
    shown.headers["Content-Security-Policy"] = DOCS_POLICY
    return shown


@needs(None)
def api_docs_part(part: str) -> Response:
    """A script or style of the interactive document."""
    if part == "start.js":
        shown = Response(DOCS_START, content_type="text/javascript; charset=utf-8")
    elif part in SWAGGER_PARTS:
        shown = send_from_directory(SWAGGER_FILES, part)
    else:
        raise NotFound
    shown.headers["Cache-Control"] = "public, max-age=86400"
    return shown


@needs(None)
def problem(code: str) -> Response:
    """The page that the ``type`` of a problem document leads to."""
    return problems.problem_page(code)


def check_declared(app: Flask) -> None:
    """Refuse to start when a route does not say who may call it, or an operation is named twice.

    Raises:
        RuntimeError: with the routes.
    """
    undeclared, operations = [], []
    for rule in app.url_map.iter_rules():
        view = declaration(app.view_functions[rule.endpoint])
        if not view.judged:
            undeclared.append(rule.rule)
        operations.append(app.view_functions[rule.endpoint].__name__)
        unknown = view.gate is not None and view.gate not in app.extensions["eventsvc-bench"].gates
        if unknown or (view.limit is not None and view.limit not in rates.POLICIES):
            raise RuntimeError(f"{rule.rule}: no such gate or limit: {view.gate}, {view.limit}")
    twice = sorted({name for name in operations if operations.count(name) > 1})
    if undeclared or twice:
        raise RuntimeError(f"without needs(): {undeclared}; operations named twice: {twice}")
