"""The bare Flask application to compare with: the same bytes, and nothing of the house.

It answers from memory what the service answered before (status, headers and body), with the 304
of a matching ``If-None-Match``. ``POST /guests`` reads JSON, writes one row into one table of the
same database by SQLAlchemy, commits, and sends the bytes of the service's answer.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, request
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Engine, String, UniqueConstraint, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.datastructures import Headers

from bench.client import Answer

ANSWERS = "BENCH_ANSWERS"
DATABASE = "BENCH_DATABASE_URL"
MADE_BY_SERVER = {"content-length", "date", "server", "connection"}


class _Base(DeclarativeBase):
    pass


class Guest(_Base):
    """All that a bare application keeps of a registration."""

    __tablename__ = "bench_guests"
    __table_args__ = (UniqueConstraint("event_id", "email"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str]
    email: Mapped[str]
    country: Mapped[str]
    created_at: Mapped[datetime]


def kept(whole: Answer, unchanged: Answer | None = None) -> dict[str, Any]:
    """An answer of the service and its 304, as JSON for :func:`create_app`."""
    return {
        "status": whole.status,
        "headers": _kept_headers(whole),
        "body": base64.b64encode(whole.body).decode(),
        "etag": unchanged and unchanged.header("ETag"),
        "unchanged": unchanged and _kept_headers(unchanged),
    }


def _kept_headers(answer: Answer) -> list[tuple[str, str]]:
    return [pair for pair in answer.headers if pair[0].lower() not in MADE_BY_SERVER]


def create_app() -> Flask:
    """The application; ``/answers/<n>`` gives the n-th answer that was kept."""
    app = Flask("bare", static_folder=None)
    kept_answers = json.loads(Path(os.environ[ANSWERS]).read_text())
    for number, answer in enumerate(kept_answers):
        view = _sends(answer)
        app.add_url_rule(f"/answers/{number}", f"answer_{number}", view, methods=["GET"])
    received = next(answer for answer in kept_answers if answer["status"] == 201)
    engine = _engine(os.environ[DATABASE])
    app.add_url_rule("/guests", "guests", _registers(engine, received), methods=["POST"])
    return app


def _sends(answer: dict[str, Any]) -> Callable[[], Response]:
    body = base64.b64decode(answer["body"])

    def view() -> Response:
        if answer["etag"] and request.headers.get("If-None-Match") == answer["etag"]:
            response = _Unchanged(status=304)
            response.headers.clear()
            response.headers.extend(answer["unchanged"])
            return response
        return _response(answer, body)

    return view


class _Unchanged(Response):
    """Werkzeug takes ``Last-Modified`` out of every 304; the service sends it."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers as they go out."""
        headers = super().get_wsgi_headers(environ)
        if "Last-Modified" in self.headers:
            headers["Last-Modified"] = self.headers["Last-Modified"]
        return headers


def _response(answer: dict[str, Any], body: bytes) -> Response:
    response = Response(body, answer["status"])
    response.headers.remove("Content-Type")
    response.headers.extend(answer["headers"])
    return response


def _registers(engine: Engine, answer: dict[str, Any]) -> Callable[[], Response]:
    body = base64.b64decode(answer["body"])

    def view() -> Response:
        sent = request.get_json()
        with Session(engine) as session:
            session.add(
                Guest(
                    id=str(uuid.uuid4()),
                    event_id="bench",
                    name=sent["name"],
                    email=sent["email"],
                    country=sent["country"],
                    created_at=datetime.now(UTC).replace(tzinfo=None),
                )
            )
            session.commit()
        return _response(answer, body)

    return view


def _engine(url: str) -> Engine:
    """As safe as the service's own: WAL and a sync at each commit on SQLite."""
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


def make_table(url: str) -> None:
    """Make the one table of this application."""
    engine = _engine(url)
    _Base.metadata.create_all(engine)
    engine.dispose()


def main(arguments: list[str]) -> int:
    """Serve on a port of 127.0.0.1, as ``eventsvc web`` does (eventsvc/cli): same settings."""
    port, workers, threads = (int(part) for part in arguments)
    Granian(
        "bench.bare:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=workers,
        blocking_threads=threads,
        # granian is typed for its enum, and takes its names as well
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
