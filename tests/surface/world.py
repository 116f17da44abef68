"""Two organisers with two editions each, and whatever an address needs, made when it is asked for.

A thing is made by ``POST`` to its collection with the example of the document, so that a new
operation mostly needs no entry. What cannot be made so stands in :mod:`tests.surface.registry`.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, literal_column, select, union_all
from sqlalchemy.orm import Session

from eventsvc.core.db import Base
from eventsvc.core.ids import new_id
from eventsvc.core.media import IMAGES
from tests.surface.operations import Operation, operations


def _picture() -> bytes:
    """A small picture that is taken as a photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "JPEG")
    return out.getvalue()


PICTURE = _picture()

FREE = ("slug", "name", "title", "email", "category", "text")
"""Texts that must differ from one thing to the next."""


@dataclass
class Home:
    """One edition of one organiser, its credentials, and what was made in it by rule."""

    name: str
    fixed: dict[str, str]
    staff: dict[str, str]
    guest: dict[str, str]
    made: dict[str, str] = field(default_factory=dict)


Maker = Callable[["World", Home], str]
Bodies = dict[str, Callable[["World", Home], dict[str, Any]]]


class World:
    """Makes addresses and bodies for any operation."""

    def __init__(
        self, client: FlaskClient, session: Session, makers: dict[str, Maker], bodies: Bodies
    ) -> None:
        self.client, self.session = client, session
        self.makers, self.bodies = makers, bodies
        self.operations = operations(client.application)
        self.posts = {o.rule: o for o in self.operations.values() if o.method == "POST"}
        self.document = client.get("/api/v1/openapi.json").json
        self.number = count(1)
        self.unmade: dict[str, str] = {}

    def address(self, operation: Operation, home: Home, **instead: str) -> str:
        """Its address with the things of ``home``, or with the values given."""
        address = operation.rule
        for name in operation.parameters:
            value = instead.get(name) or self.value(operation.upto(name), name, home)
            address = address.replace(f"<{name}>", value)
        return address

    def value(self, rule: str, name: str, home: Home) -> str:
        """The path value at the end of ``rule``, made once for each home."""
        if name in home.fixed:
            return home.fixed[name]
        if rule not in home.made:
            try:
                maker = self.makers.get(rule) or self.makers.get(name)
                home.made[rule] = maker(self, home) if maker else self._posted(rule, name, home)
            except AssertionError as error:
                self.unmade[rule] = str(error).partition("\n")[0]
                home.made[rule] = new_id()  # of nothing: who may not come in is told the same
        return home.made[rule]

    def _posted(self, rule: str, name: str, home: Home) -> str:
        collection = self.posts.get(rule.removesuffix(f"/<{name}>"))
        assert collection, f"say in tests/surface/registry.py how to make the {name} of {rule}"
        return self.add(collection, home)["id"]

    def add(self, operation: Operation, home: Home) -> dict[str, Any]:
        """Make one thing by its door; the answer."""
        answer = self.call(operation, home, home.guest if operation.for_links else home.staff)
        assert answer.status_code in (200, 201, 202), (
            f"{operation.name}: the example is refused, say its body in tests/surface/registry.py:"
            f" {answer.status_code} {answer.text}"
        )
        return answer.json

    def call(
        self, operation: Operation, home: Home, who: dict[str, str] | None = None, **more: Any
    ) -> Any:
        """Call it in ``home`` with a body that is well-formed."""
        address = more.pop("address", None) or self.address(operation, home)
        headers = {**(home.staff if who is None else who), **more.pop("headers", {})}
        if operation.declared.precondition:
            headers.setdefault("If-Match", '"1"')
        if operation.declared.idempotency_required:
            headers.setdefault("Idempotency-Key", f"key-{next(self.number)}")
        told: dict[str, Any] = {}
        if operation.declared.form:
            maker = self.bodies.get(operation.name)
            form = maker(self, home) if maker else {}
            told = {"data": form, "content_type": operation.declared.takes[0]}
        elif operation.declared.takes_upload:
            kind = operation.declared.takes[0]
            told = {"data": PICTURE if kind in IMAGES else b"x", "content_type": kind}
        elif operation.declared.body is not None:
            told = {"json": more.pop("body", None) or self.body(operation, home)}
        query = self.query(operation)
        return self.client.open(
            address, method=operation.method, headers=headers, query_string=query, **told
        )

    def query(self, operation: Operation) -> dict[str, str]:
        """The query parameters that it cannot do without."""
        if operation.declared.query is None:
            return {}
        given = self.described(operation)["parameters"]
        required = [one for one in given if one.get("in") == "query" and one.get("required")]
        return {one["name"]: one["schema"].get("enum", ["example"])[0] for one in required}

    def described(self, operation: Operation) -> dict[str, Any]:
        """What the document says of it."""
        found: dict[str, Any] = self.document["paths"][operation.path][operation.method.lower()]
        return found

    def body(self, operation: Operation, home: Home) -> dict[str, Any]:
        """The example of the document with real ids and names of its own, or the registry's."""
        if operation.declared.form:
            return {}  # a file is read once: `call` makes each form anew
        content = self.described(operation)["requestBody"]["content"]["application/json"]
        maker = self.bodies.get(operation.name)
        own = maker(self, home) if maker else {}
        body = {**content["example"], **own}
        for name in body.keys() - own.keys():
            if name in FREE and isinstance(body[name], str):
                body[name] = self.free(name)
            elif name.endswith("_id"):
                body[name] = self.thing(name, home)
        return body

    def free(self, name: str) -> str:
        """A text that nothing else has."""
        number = next(self.number)
        return {"email": f"robin{number}@example.org", "slug": f"example-{number}"}.get(
            name, f"Example {name} {number}"
        )

    def thing(self, name: str, home: Home) -> str:
        """The id of a thing of this kind in ``home``, whatever its address."""
        if name in home.fixed:
            return home.fixed[name]
        rule = self.rule_of(name)
        assert rule, f"say in tests/surface/registry.py which thing {name} is"
        for operation in self.operations.values():
            if name in operation.parameters and operation.upto(name) == rule:
                self.address(operation, home)
                return home.made[rule]
        raise AssertionError(rule)

    def rule_of(self, name: str) -> str | None:
        """The shortest rule that ends in this parameter."""
        ends = f"/<{name}>"
        rules = [o.upto(name) for o in self.operations.values() if name in o.parameters]
        return min((rule for rule in rules if rule.endswith(ends)), key=len, default=None)

    def state(self) -> list[tuple[str, int, int]]:
        """Rows and versions of every table: what a refused call must leave as it was."""
        parts = []
        for table in Base.metadata.sorted_tables:
            if table.name.startswith("small_"):
                continue
            versions = func.sum(table.c.version) if "version" in table.c else literal_column("0")
            name = literal_column(f"'{table.name}'")
            parts.append(select(name, func.count(), func.coalesce(versions, 0)).select_from(table))
        return sorted(tuple(row) for row in self.session.execute(union_all(*parts)))
