"""Lists, page by page: keyset pagination that no insert can disturb (api.md §4).

A page is cut at the values of its sort columns and the id of its last item, so that page 10,000
costs what page 1 costs. No Flask here: queries may use it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from eventsvc.core import config
from eventsvc.core.errors import MalformedRequest
from eventsvc.core.text import Query, QueryBoolean, QueryInteger, Text

LARGEST_PAGE = 200
LONGEST_PAYLOAD = 330
_CURSOR = re.compile(r"[A-Za-z0-9_.:+~-]{1,500}")
_NOT_FILTERS = frozenset({"limit", "cursor", "count", "sort", "sparse", "expand"})


def _told(description: str) -> dict[str, str]:
    return {"description": description}


class ListQuery(Query):
    """What every list takes; a room adds its filters, and the names that ``expand`` takes."""

    expandable: ClassVar[tuple[str, ...]] = ()

    limit = QueryInteger(
        minimum=1, maximum=LARGEST_PAGE, load_default=50, metadata=_told("Items of a page")
    )
    cursor = Text(
        max_length=500,
        metadata={**_told("`next_cursor` of the page before"), "pattern": f"^{_CURSOR.pattern}$"},
    )
    count = QueryBoolean(load_default=False, metadata=_told("Whether to add `total`"))
    sort = Text(max_length=200, metadata=_told("Names, separated by commas; `-` turns round"))
    sparse = Text(max_length=1000, data_key="fields", metadata=_told("Only these fields, and `id`"))
    expand = Text(max_length=200, metadata=_told("What to put in full, at most five names"))


@dataclass(frozen=True)
class Page:
    """Some items in order, the cursor of what follows, and how many there are if asked."""

    items: Sequence[Any]
    next_cursor: str | None = None
    total: int | None = None


@dataclass(frozen=True)
class _Key:
    """One sort column and its direction; empty values come last, or first when descending."""

    column: ColumnElement[Any]
    descending: bool
    may_be_empty: bool

    def order(self) -> list[ColumnElement[Any]]:
        columns = [self.column]
        if self.may_be_empty:
            columns.insert(0, case((self.column.is_(None), 1), else_=0))
        return [column.desc() if self.descending else column.asc() for column in columns]

    def after(self, value: Any) -> ColumnElement[bool]:
        if value is None:
            return self.column.is_not(None) if self.descending else false()
        beyond: ColumnElement[bool] = (
            self.column < value if self.descending else self.column > value
        )
        if self.may_be_empty and not self.descending:
            return or_(beyond, self.column.is_(None))
        return beyond

    def same(self, value: Any) -> ColumnElement[bool]:
        return self.column.is_(None) if value is None else self.column == value


def page(
    session: Session,
    statement: Select[Any],
    query: Mapping[str, Any],
    *,
    sorts: Mapping[str, Any],
    default: str,
    key: Any = None,
) -> Page:
    """One page of ``statement``.

    Args:
        session: where to ask.
        statement: a select of one entity, filtered and not ordered.
        query: what a :class:`ListQuery` loaded.
        sorts: the names a caller may sort by, and their columns.
        default: the order when none is asked for, e.g. ``"-starts_at,title"``.
        key: the id column; by default ``id`` of the first entity.

    Raises:
        MalformedRequest: an unknown name in ``sort``, or a cursor that is not ours.
    """
    identity = statement.column_descriptions[0]["entity"].id if key is None else key
    order = str(query.get("sort") or default)
    keys = [*_keys(order, sorts), _Key(identity, descending=False, may_be_empty=False)]
    mark = _mark(order, query)
    wanted = statement.add_columns(*(key.column for key in keys))
    if query.get("cursor"):
        values = _opened(session, str(query["cursor"]), mark, keys, identity)
        wanted = wanted.where(_beyond(keys, values))
    limit = int(query.get("limit") or 50)
    ordered = wanted.order_by(None).order_by(*(part for key in keys for part in key.order()))
    rows = session.execute(ordered.limit(limit + 1)).all()
    width = len(statement.column_descriptions)
    items = [row[0] if width == 1 else tuple(row[:width]) for row in rows[:limit]]
    following = _sealed(list(rows[limit - 1][width:]), mark) if len(rows) > limit else None
    total = None
    if query.get("count"):
        counted = statement.order_by(None).subquery()
        total = session.scalar(select(func.count()).select_from(counted))
    return Page(items, following, total)


def _keys(order: str, sorts: Mapping[str, Any]) -> list[_Key]:
    keys: dict[str, _Key] = {}
    for part in order.split(","):
        name = part.removeprefix("-")
        if name not in sorts or name in keys:
            known = ", ".join(sorted(sorts))
            raise _refused("sort", "unknown-sort", f"Sort by some of: {known}")
        column = sorts[name]
        keys[name] = _Key(column, part.startswith("-"), bool(getattr(column, "nullable", True)))
    return list(keys.values())


def _beyond(keys: Sequence[_Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """After (a, b, id): a is beyond, or a is the same and b is beyond, and so on."""
    steps: list[ColumnElement[bool]] = []
    same: ColumnElement[bool] = true()
    for key, value in zip(keys, values, strict=True):
        steps.append(and_(same, key.after(value)))
        same = and_(same, key.same(value))
    return or_(*steps)


def _mark(order: str, query: Mapping[str, Any]) -> bytes:
    """What a cursor is bound to: the sort and every filter."""
    filters = {name: query[name] for name in sorted(query) if name not in _NOT_FILTERS}
    return json.dumps([order, filters], default=str, sort_keys=True).encode()


def _signature(secret: str, payload: bytes, mark: bytes) -> bytes:
    key = hmac.digest(secret.encode(), b"cursor", "sha256")
    return hmac.digest(key, hashlib.sha256(mark).digest() + payload, "sha256")[:16]


def _genuine(signature: bytes, payload: bytes, mark: bytes) -> bool:
    return any(
        hmac.compare_digest(signature, _signature(secret, payload, mark))
        for secret in config.current().secret_keys
    )


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"d": value.isoformat()} if isinstance(value, date) else value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["t"]) if "t" in value else date.fromisoformat(value["d"])


def _sealed(values: list[Any], mark: bytes) -> str:
    packed = json.dumps([_packed(value) for value in values], separators=(",", ":"))
    payload = packed.encode()
    if len(payload) > LONGEST_PAYLOAD:  # long titles: only the id, the rest is looked up again
        payload = json.dumps([values[-1]]).encode()
    signature = _signature(config.current().secret_key, payload, mark)
    return base64.urlsafe_b64encode(signature + payload).decode().rstrip("=")


def _opened(
    session: Session, cursor: str, mark: bytes, keys: Sequence[_Key], identity: Any
) -> Sequence[Any]:
    if not _CURSOR.fullmatch(cursor):
        raise _bad_cursor()
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise _bad_cursor() from None
    signature, payload = sealed[:16], sealed[16:]
    if not _genuine(signature, payload, mark):
        raise _bad_cursor()
    values = [_unpacked(value) for value in json.loads(payload)]
    if len(values) == len(keys):
        return values
    found = session.execute(select(*(key.column for key in keys)).where(identity == values[-1]))
    row = found.one_or_none()
    if row is None:
        raise _bad_cursor()
    return row


def _bad_cursor() -> MalformedRequest:
    return _refused("cursor", "bad-cursor", "Start again without a cursor", code="bad-cursor")


def _refused(
    parameter: str, field_code: str, detail: str, *, code: str = "malformed-request"
) -> MalformedRequest:
    error = {"parameter": parameter, "code": field_code, "detail": detail}
    return MalformedRequest(f"{parameter}: {detail}", code=code, errors=[error])
