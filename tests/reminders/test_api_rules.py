"""Doors: rules of reminders and their preview (api.md §6, editions.md §7.20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from tests.factories.accounts import an_organiser, counted
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import NOW, make_event
from tests.factories.registration import make_open_event, make_registration
from tests.reminders.support import outbox, plan

DAY_S = 86_400
WEEK = 7 * DAY_S


@pytest.fixture
def event(session, organiser):  # type: ignore[no-untyped-def]
    made = make_open_event(session, organiser.id, mode="hybrid")
    session.commit()
    return made


@pytest.fixture
def headers(token_for):  # type: ignore[no-untyped-def]
    return token_for("event-manager")


def path(event, *more: str) -> str:  # type: ignore[no-untyped-def]
    return "/".join((f"/api/v1/events/{event.id}/reminder-rules", *more))


def rules(client, event, headers):  # type: ignore[no-untyped-def]
    return client.get(path(event), headers=headers).json["items"]


def default(client, event, headers, purpose="practical_information"):  # type: ignore[no-untyped-def]
    return next(one for one in rules(client, event, headers) if one["purpose"] == purpose)


def test_the_defaults_are_rules(client, event, headers) -> None:  # type: ignore[no-untyped-def]
    found = rules(client, event, headers)
    assert [(one["purpose"], one["offset_s"], one["active"]) for one in found] == [
        ("practical_information", WEEK, True),
        ("day_ahead", DAY_S, True),
        ("starting_soon", 3600, True),
    ]
    assert all(one["default"] and one["version"] == 0 for one in found)
    one = client.get(path(event, found[0]["id"]), headers=headers)
    assert (one.json["offset_s"], one.headers["ETag"]) == (WEEK, '"0"')


def test_a_default_is_switched_off_and_back(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    one = default(client, event, headers)
    here = path(event, one["id"])
    assert client.patch(here, headers=headers, json={"active": False}).status_code == 428
    tagged = {**headers, "If-Match": '"0"'}
    off = client.patch(here, headers=tagged, json={"active": False})
    assert (off.status_code, off.json["active"], off.json["version"]) == (200, False, 1)
    assert (off.json["id"], off.json["default"]) == (one["id"], True)
    assert client.patch(here, headers=tagged, json={"active": True}).status_code == 412
    moved = client.patch(here, headers={**headers, "If-Match": '"1"'}, json={"offset_s": DAY_S})
    assert (moved.status_code, moved.json["code"]) == (409, "default-rule")
    assert client.delete(here, headers={**headers, "If-Match": '"1"'}).status_code == 204
    assert default(client, event, headers) == one
    refused = client.delete(here, headers=tagged)
    assert (refused.status_code, refused.json["code"]) == (409, "default-rule")
    told = select(AuditEntry.action).where(AuditEntry.subject_id == one["id"])
    assert sorted(session.scalars(told)) == ["reminder-rule.changed", "reminder-rule.removed"]


def test_a_rule_more(client, event, headers) -> None:  # type: ignore[no-untyped-def]
    body = {"purpose": "practical_information", "offset_s": 3 * DAY_S}
    made = client.post(path(event), headers=headers, json=body)
    assert (made.status_code, made.json["default"]) == (201, False), made.json
    again = client.post(path(event), headers=headers, json=body)
    assert (again.status_code, again.json["code"]) == (409, "rule-exists")
    assert again.json["conflicts_with"] == [made.json["id"]]
    usual = client.post(path(event), headers=headers, json={**body, "offset_s": WEEK})
    assert (usual.status_code, usual.json["code"]) == (409, "rule-exists")
    here, tagged = path(event, made.json["id"]), {**headers, "If-Match": '"1"'}
    taken = client.patch(here, headers=tagged, json={"offset_s": WEEK})
    assert (taken.status_code, taken.json["code"]) == (409, "rule-exists")
    odd = client.patch(here, headers=tagged, json={"offset_s": 5000})
    assert odd.json["errors"][0]["code"] == "out-of-range"
    changed = client.patch(here, headers=tagged, json={"offset_s": 2 * DAY_S})
    assert (changed.json["offset_s"], changed.json["version"]) == (2 * DAY_S, 2)


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"purpose": "other"}, "/purpose", "not-a-choice"),
        ({"offset_s": "60"}, "/offset_s", "invalid-type"),
        ({"offset_s": 60}, "/offset_s", "out-of-range"),
        ({"id": "x"}, "/id", "read-only-field"),
        ({"extra": 1}, "/extra", "unknown-field"),
    ],
)
def test_refused_fields(client, event, headers, *, values, pointer, code) -> None:  # type: ignore[no-untyped-def]
    body = {"purpose": "practical_information", "offset_s": 3 * DAY_S, **values}
    answer = client.post(path(event), headers=headers, json=body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json["errors"]] == [(pointer, code)]


def test_who_may_not(client, session, event, headers, token_for) -> None:  # type: ignore[no-untyped-def]
    elsewhere = make_open_event(session, event.organiser_id)
    workshop = make_workshop(session, elsewhere)
    other = token_for("event-manager", organiser=an_organiser(session))
    one = default(client, event, headers)
    assert client.get(path(event), headers=other).status_code == 404
    assert client.get(path(elsewhere, one["id"]), headers=headers).status_code == 404
    assert client.get(path(event), headers=token_for("read-only")).status_code == 403
    body = {"purpose": "starting_soon", "offset_s": 900, "item_id": workshop.id}
    foreign = client.post(path(event), headers=headers, json=body)
    assert foreign.json["errors"][0]["code"] == "unknown-item"


def test_the_planner_honours_them_and_what_waited_goes_at_once(  # type: ignore[no-untyped-def]
    client, session, event, headers
) -> None:
    guest = make_registration(session, event)
    plan(session, "2027-04-27T12:00")
    [row] = outbox(session, "practical_information")
    assert (row.state, row.recipient_id) == ("pending", guest.participant_id)
    session.commit()
    here = path(event, default(client, event, headers)["id"])
    client.patch(here, headers={**headers, "If-Match": '"0"'}, json={"active": False})
    [row] = outbox(session, "practical_information")
    assert (row.state, row.cancelled_reason) == ("cancelled", "rule changed")
    assert plan(session, "2027-04-27T12:00") == 0
    assert outbox(session, "practical_information")[0].state == "cancelled"
    session.commit()
    client.patch(here, headers={**headers, "If-Match": '"1"'}, json={"active": True})
    plan(session, "2027-04-27T12:00")
    [row] = outbox(session, "practical_information")
    assert row.state == "pending", "the same row waits again"


def test_one_workshop_rings_on_site_only_where_a_rule_says_so(  # type: ignore[no-untyped-def]
    client, session, event, headers
) -> None:
    one, other = make_workshop(session, event, hour=1), make_workshop(session, event, hour=4)
    guest = make_registration(session, event)
    make_booking(session, one, guest)
    make_booking(session, other, guest)
    session.commit()
    body = {"purpose": "starting_soon", "offset_s": 900, "item_id": one.id}
    made = client.post(path(event), headers=headers, json=body)
    assert made.status_code == 201
    plan(session, "2027-05-05T08:00")
    [row] = outbox(session, "starting_soon")
    assert (row.subject_id, row.offset_s) == (one.id, 900)
    session.commit()
    tag = {**headers, "If-Match": '"1"'}
    assert client.delete(path(event, made.json["id"]), headers=tag).status_code == 204
    [row] = outbox(session, "starting_soon")
    assert row.cancelled_reason == "rule changed"


def test_preview(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    for name in ("Robin", "Sam"):
        make_registration(session, event, name=name)
    make_registration(session, event, mode="online")
    session.commit()
    with clock.standing_at(NOW + timedelta(days=1)):
        answer = client.get(path(event, "preview"), headers=headers)
    assert answer.status_code == 200, answer.json
    assert (answer.json["people"], answer.json["messages"]) == (3, 10)
    assert answer.json["numbers"] == [
        {"messages": 3, "people": 2}, {"messages": 4, "people": 1},
    ]  # fmt: skip
    assert [one["in_all"] for one in answer.json["typical"]] == [3, 4]
    days = answer.json["items"][0]["days"]
    assert [day["on"] for day in days][:2] == ["2027-04-28", "2027-05-04"]
    assert days[0]["messages"][0]["state"] == "planned"
    assert outbox(session, "practical_information") == [], "nothing is written"


def test_preview_page_by_page_at_the_same_cost(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    costs = []
    for more in (1, 29):
        for _ in range(more):
            make_registration(session, event)
        session.commit()
        with counted() as sent, clock.standing_at(NOW):
            client.get(path(event, "preview"), headers=headers)
        costs.append(len(sent))
    assert costs[0] == costs[1]
    seen, after = [], ""
    while after is not None:
        query = f"?limit=12&after={after}" if after else "?limit=12"
        page = client.get(path(event, "preview") + query, headers=headers).json
        seen += [one["participant_id"] for one in page["items"]]
        after = page["next_after"]
    assert len(seen) == len(set(seen)) == 30
    assert client.get(path(event, "preview") + "?after=x", headers=headers).status_code == 400


def test_preview_of_an_event_without_a_day(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    undated = make_event(session, event.organiser_id, date_precision="year", year=2028)
    session.commit()
    answer = client.get(path(undated, "preview"), headers=headers)
    assert (answer.status_code, answer.json["people"], answer.json["items"]) == (200, 0, [])
