"""Is it alive, and can it serve? Two addresses for supervisors and proxies."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from eventsvc.core import config
from eventsvc.core.errors import Unavailable
from eventsvc.core.http import needs
from eventsvc.core.transactions import transaction


@needs(None, any_host=True)
def healthz() -> Response:
    """The process answers. Stays 200 while the database or the broker is away."""
    return jsonify(status="ok", mode=config.current().mode)


@needs(None, any_host=True)
def readyz() -> Response:
    """The database answers too; else 503."""
    try:
        with transaction(write=False) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise Unavailable("The database does not answer.") from error
    return jsonify(status="ready", mode=config.current().mode)


def install(app: Flask) -> None:
    """Add both addresses to ``app``."""
    app.add_url_rule("/healthz", "healthz", healthz, methods=["GET"])
    app.add_url_rule("/readyz", "readyz", readyz, methods=["GET"])
