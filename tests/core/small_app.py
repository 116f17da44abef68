"""A small application with one room, to try the door by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask, Response
from marshmallow import fields
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from eventsvc.core import config, pages
from eventsvc.core.db import Base, Id, Identified, Versioned, db
from eventsvc.core.errors import Conflict, NotFound, Unauthenticated
from eventsvc.core.http import (
    LINK,
    SIGNED_IN,
    Door,
    actor,
    check_declared,
    discard,
    expect,
    header,
    install,
    needs,
)  # fmt: skip
from eventsvc.core.http.specification import HouseApi
from eventsvc.core.ids import new_id
from eventsvc.core.rights import Actor
from eventsvc.core.text import (
    Answer,
    Body,
    FilePart,
    Integer,
    Patch,
    Query,
    QueryBoolean,
    QueryChoice,
    Text,
)
from eventsvc.core.text import Id as IdField

SETTINGS = config.Settings(
    environment="test", secret_key="only for tests, 32 bytes of it..", allowed_hosts=("localhost",),
    ratelimit_enabled=False,
)  # fmt: skip
HALL = "11111111-1111-4111-8111-111111111111"
FOREIGN_HALL = "22222222-2222-4222-8222-222222222222"
ACTORS = {
    "manager": Actor("token", "manager", "c-1", "event-manager",
                     frozenset({"agenda:read", "agenda:write"}), organiser_id="o-1"),
    "editor": Actor("token", "editor", "c-2", "programme-editor",
                    frozenset({"agenda:read", "agenda:write"}), organiser_id="o-1"),
    "reader": Actor("token", "reader", "c-3", "read-only", frozenset({"agenda:read"})),
    "guest": Actor("link", "guest", "c-4", "attendee", frozenset({"my"}), subject_id="r-1"),
}  # fmt: skip


class Chair(Identified, Versioned, Base):
    """A thing to list, make, change and remove."""

    __tablename__ = "small_chair"

    hall_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(unique=True)
    height: Mapped[int | None]


class Leg(Identified, Base):
    """A part of a chair."""

    __tablename__ = "small_leg"

    chair_id: Mapped[str] = mapped_column(ForeignKey("small_chair.id"))


class ChairOut(Answer):
    """A chair."""

    id = IdField()
    version = Integer()
    name = Text()
    height = Integer(allow_none=True)


class MintedOut(ChairOut):
    """A chair and the key to it, shown once."""

    key = Text(metadata={"secret": True})


class ChairIn(Body):
    """A new chair."""

    name = Text(required=True, max_length=300)
    height = Integer(allow_none=True, load_default=None, maximum=300)


class ChairPatch(Patch, ChairIn):
    """What may change in a chair."""


class ListForm(Body):
    """A form with a file."""

    file = FilePart(required=True, largest=1000)
    kind = QueryChoice(("long", "short"), required=True)
    try_only = QueryBoolean(load_default=False)


class ListTaken(Answer):
    """What came of it."""

    name = Text()
    size = Integer()
    kind = Text()


class ChairQuery(pages.ListQuery):
    """Filters."""

    expandable = ("legs",)
    height = fields.List(Text())


class TrialQuery(Query):
    """Try without effect."""

    dry_run = QueryBoolean(load_default=False)


door = Door("chairs", __name__, url_prefix="/api/v1/halls/<hall_id>/chairs", description="Chairs")
desk = Door("desk", __name__, url_prefix="/api/v1", description="Everything else")
shed = Door("shed", __name__, url_prefix="/api/v1", description="Not finished")


def find(session: Any, hall_id: str, chair_id: str) -> Chair:
    """The gate of the room: a chair of this hall."""
    mine = select(Chair).where(Chair.hall_id == hall_id, Chair.id == chair_id)
    chair = session.scalars(mine).one_or_none()
    if chair is None:
        raise NotFound
    return chair


@door.get("")
@needs("agenda:read", gate="hall")
@door.query(ChairQuery)
@door.lists(ChairOut, sort=("name", "height"))
def list_chairs(session, query, hall_id):
    """List the chairs of a hall."""
    chairs = select(Chair).where(Chair.hall_id == hall_id)
    if query.get("height"):
        chairs = chairs.where(Chair.height.in_([int(h) for h in query["height"]]))
    sorts = {"name": Chair.name, "height": Chair.height}
    return pages.page(session, chairs, query, sorts=sorts, default="name")


@door.post("")
@needs("agenda:write", gate="hall")
@door.query(TrialQuery)
@door.body(ChairIn)
@door.writes(201, ChairOut)
def add_chair(session, query, body, hall_id):
    """Add a chair.

    It stands at the end.
    """
    if body["name"] == "taken":
        raise Conflict("name-taken", "There is one already.", conflicts_with=["x"])
    chair = Chair(hall_id=hall_id, **body)
    session.add(chair)
    if query["dry_run"]:
        discard()
    return chair


@door.post("/minted")
@needs("agenda:write", gate="hall", idempotency_required=True)
@door.body(ChairIn)
@door.writes(201, MintedOut, location="/api/v1/halls/{hall_id}/chairs/{id}")
def mint_chair(session, body, hall_id):
    """Add a chair with a key."""
    chair = Chair(hall_id=hall_id, **body)
    session.add(chair)
    session.flush()
    return {"id": chair.id, "version": 1, "name": chair.name, "key": "evt_secret"}


@door.get("/<chair_id>")
@needs("agenda:read", gate="hall")
@door.reads(ChairOut)
def read_chair(session, hall_id, chair_id):
    """Read a chair."""
    return find(session, hall_id, chair_id)


@door.patch("/<chair_id>")
@needs("agenda:write", gate="hall")
@door.body(ChairPatch)
@door.writes(200, ChairOut, precondition=True)
def change_chair(session, body, hall_id, chair_id):
    """Change a chair."""
    chair = find(session, hall_id, chair_id)
    expect(chair)
    for name, value in body.items():
        setattr(chair, name, value)
    return chair


@door.delete("/<chair_id>")
@needs("agenda:write", gate="hall")
@door.writes(204, precondition=True)
def remove_chair(session, hall_id, chair_id):
    """Remove a chair."""
    chair = find(session, hall_id, chair_id)
    expect(chair)
    session.delete(chair)


@door.post("/<chair_id>/paint")
@needs("agenda:write", gate="hall")
@door.writes(200, ChairOut, precondition=False)
def paint_chair(session, hall_id, chair_id):
    """Paint a chair."""
    chair = find(session, hall_id, chair_id)
    expect(chair)
    return chair


@door.put("/<chair_id>/careless")
@needs("agenda:write", gate="hall")
@door.writes(200, ChairOut, precondition=True)
def forget_to_expect(session, hall_id, chair_id):
    """Forget the precondition."""
    return find(session, hall_id, chair_id)


@door.put("/<chair_id>/photo")
@needs("agenda:write", gate="hall")
@door.upload("image/png", "image/jpeg", largest=2 * 1024 * 1024)
@door.writes(204)
def put_photo(session, content, hall_id, chair_id):
    """Put a photo."""
    assert isinstance(content, bytes)


@door.post("/lists")
@needs("agenda:write", gate="hall", idempotency_required=True)
@door.form(ListForm, largest=1000)
@door.writes(202, ListTaken)
def take_list(session, body, hall_id):
    """Take a list of chairs."""
    session.add(Chair(hall_id=hall_id, name=body["file"].name))
    return {"name": body["file"].name, "size": len(body["file"].content), "kind": body["kind"]}


@door.get("/list.csv")
@needs("agenda:read", gate="hall")
@door.sends("text/csv; charset=utf-8", cache="public, max-age=60")
def send_list(session, hall_id):
    """Send the list."""
    return "name\r\nÄ\r\n"


@desk.get("/me")
@needs(SIGNED_IN)
@desk.reads(Answer.from_dict({"name": fields.Str()}, name="MeOut"))
def read_me(session):
    """Say who asks."""
    header("Deprecation", "@1")
    return {"name": actor().name}


@desk.get("/my/seat")
@needs(LINK)
@desk.reads(Answer.from_dict({"subject": fields.Str()}, name="SeatOut"))
def read_my_seat(session):
    """Say which seat is mine."""
    return {"subject": actor().subject_id}


@desk.get("/public/halls/<slug>")
@needs(None)
@desk.reads(Answer.from_dict({"slug": fields.Str()}, name="HallOut"), cache="public, max-age=60")
def read_public_hall(session, slug):
    """Read a hall."""
    return {"slug": slug}


@desk.post("/public/halls/<slug>/visitors")
@needs(None, limit="registrations")
@desk.body(ChairIn)
@desk.writes(202, Answer.from_dict({"status": fields.Str()}, name="ReceivedOut"))
def announce_visitor(session, body, slug):
    """Announce a visitor."""
    return {"status": "received"}


@desk.get("/bench")
@needs("agenda:read")
@desk.deprecated(since=date(2027, 1, 1), sunset=date(2027, 7, 1), see="https://example.org/chairs")
@desk.reads(Answer.from_dict({"seats": fields.Int()}, name="BenchOut"))
def read_bench(session):
    """Read the bench, which chairs replace."""
    return {"seats": 3}


@desk.get("/boom")
@needs(None)
@desk.reads(Answer)
def fall_over(session):
    """Fall over."""
    raise ValueError("evt_secret 4711")


@desk.get("/healthz")
@desk.doc(responses={"503": {"description": "Not ready"}})
@needs(None, any_host=True)
def read_health():
    """Say that all is well."""
    return Response("ok", content_type="text/plain")


@shed.get("/undeclared")
def undeclared():
    """Forgot to say who may call."""
    return Response("secret")


def authenticate(session: Any, given: str | None, _cookie: str | None) -> Actor:
    """Who presents this header."""
    assert session.in_transaction()
    scheme, _, name = (given or "").partition(" ")
    if scheme != "Bearer" or name not in ACTORS:
        raise Unauthenticated
    return ACTORS[name]


def hall_gate(session: Any, who: Actor, path: dict[str, Any]) -> Actor:
    """Lets into one hall only."""
    if path["hall_id"] != HALL:
        raise NotFound
    return who


def make(
    url: str, *, undeclared_too: bool = False, limits: dict[str, str] | None = None, **changed: Any
) -> tuple[Flask, HouseApi]:
    """The application over a database, with other settings where ``changed`` says so."""
    config.configure(replace(SETTINGS, database_url=url, **changed))
    app = Flask(__name__, static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    db.init_app(app)
    api = install(app, authenticate=authenticate, gates={"hall": hall_gate}, limits=limits)
    api.register_blueprint(door)
    api.register_blueprint(desk)
    if undeclared_too:
        api.register_blueprint(shed)
    else:
        check_declared(app)
    return app, api


@contextmanager
def standing(url: str, **options: Any) -> Iterator[Flask]:
    """The application with its tables made, and its connections closed at the end."""
    app, _ = make(url, **options)
    with app.app_context():
        tables = [
            Base.metadata.tables[name] for name in ("small_chair", "small_leg", "idempotency_claim")
        ]
        Base.metadata.drop_all(db.engine, tables)
        Base.metadata.create_all(db.engine, tables)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def add_chair_row(app: Flask, name: str = "throne", height: int | None = 90) -> str:
    """A chair in the hall, made past the door."""
    chair = Chair(id=new_id(), hall_id=HALL, name=name, height=height)
    with app.app_context():
        session = db.session()
        session.add(chair)
        session.commit()
        db.session.remove()
    return chair.id


def bearer(name: str = "manager", **headers: str) -> dict[str, str]:
    """Headers of a caller."""
    return {
        "Authorization": f"Bearer {name}",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
