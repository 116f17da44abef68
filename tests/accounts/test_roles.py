"""Who may do what where: the table of api.md §10 through the door, and rights that end."""

from __future__ import annotations

import pytest

from eventsvc.accounts import actions
from eventsvc.accounts.models import Account, Membership
from eventsvc.core import clock
from eventsvc.events import actions as events
from tests.factories.accounts import HOUSE, an_organiser
from tests.factories.people import a_member, an_account, signed_in

# rows: a sample of operations; columns: the roles from many rights to few. ✓ let in, – 403.
# What is let in may still be refused for its body (422): rights come before it.
MATRIX = """
                                              PA OA SO EM PE CS RO
POST   /organisers                             ✓  –  –  –  –  –  –
PATCH  /organisers/{organiser}                 ✓  ✓  ✓  –  –  –  –
GET    /organisers/{organiser}/api-tokens      ✓  ✓  ✓  –  –  –  –
GET    /organisers/{organiser}/audit-entries   ✓  ✓  ✓  –  –  –  –
POST   /organisers/{organiser}/organisations   ✓  ✓  ✓  ✓  –  –  –
GET    /organisers/{organiser}/organisations   ✓  ✓  ✓  ✓  ✓  –  ✓
POST   /series                                 ✓  ✓  ✓  –  –  –  –
PATCH  /series/{series}                        ✓  ✓  ✓  –  –  –  –
PATCH  /events/{event}                         ✓  ✓  ✓  ✓  –  –  –
POST   /events/{event}/transitions             ✓  ✓  ✓  ✓  –  –  –
POST   /events/{event}/sessions                ✓  ✓  ✓  ✓  ✓  –  –
GET    /events/{event}/sessions                ✓  ✓  ✓  ✓  ✓  ✓  ✓
POST   /events/{event}/rooms                   ✓  ✓  ✓  ✓  ✓  –  –
POST   /events/{event}/site-visits             ✓  ✓  ✓  ✓  ✓  –  –
GET    /events/{event}/registrations           ✓  ✓  ✓  ✓  –  ✓  ✓
POST   /events/{event}/registrations           ✓  ✓  ✓  ✓  –  –  –
"""
ROLES = {
    "PA": "platform-admin",
    "OA": "organiser-admin",
    "SO": "series-owner",
    "EM": "event-manager",
    "PE": "programme-editor",
    "CS": "check-in-staff",
    "RO": "read-only",
}


@pytest.fixture
def places(session, organiser) -> dict[str, str]:
    """A series and an edition of it; ids by the names that the matrix uses."""
    now = clock.now(session)
    series = events.add_series(session, HOUSE, organiser.id, {"name": "Series"}, now=now)
    told = {"title": "Edition", "series_id": series.id}
    event = events.add_event(session, HOUSE, organiser.id, told, now=now)
    session.commit()
    return {"organiser": organiser.id, "series": series.id, "event": event.id}


def operations() -> list[tuple[str, str, dict[str, str]]]:
    rows = [line.split() for line in MATRIX.strip().splitlines()]
    return [(row[0], row[1], dict(zip(rows[0], row[2:], strict=True))) for row in rows[1:]]


def status(browser, method: str, where: str) -> int:
    body = {} if method == "GET" else {"json": {"no such field": 1}}
    answer = browser.call(method, f"/api/v1{where}", headers={"If-Match": '"1"'}, **body)
    return answer.status_code


@pytest.mark.parametrize("short", ROLES)
def test_the_table_of_section_10_through_the_door(session, client, organiser, places, short):
    account = an_account(session)
    at = None if short == "PA" else organiser
    a_member(session, account, at, ROLES[short])
    browser = signed_in(session, client, account)
    allowed = {"GET": 200, "POST": 422, "PATCH": 422}
    wrong = []
    for method, where, expected in operations():
        want = allowed[method] if expected[short] == "✓" else 403
        got = status(browser, method, where.format(**places))
        if got != want:
            wrong.append(f"{method} {where}: {got}, not {want}")
    assert wrong == []


@pytest.mark.threat(5)
def test_a_role_in_one_event_opens_that_event_alone(session, client, organiser, places):
    now = clock.now(session)
    beside = events.add_event(
        session, HOUSE, organiser.id, {"title": "Beside", "series_id": places["series"]}, now=now
    ).id
    account = an_account(session)
    a_member(session, account, organiser, "event-manager", event_id=places["event"])
    browser = signed_in(session, client, account)
    listed = client.get("/api/v1/events").get_json()["items"]
    assert [one["id"] for one in listed] == [places["event"]]
    assert status(browser, "PATCH", f"/events/{places['event']}") == 422
    assert status(browser, "PATCH", f"/events/{beside}") == 404
    assert status(browser, "GET", f"/series/{places['series']}") == 200
    assert status(browser, "PATCH", f"/series/{places['series']}") == 403
    assert status(browser, "GET", f"/organisers/{organiser.id}/api-tokens") == 403


@pytest.mark.threat(5)
def test_a_series_owner_owns_that_series_alone(session, client, organiser, places):
    now = clock.now(session)
    other = events.add_series(session, HOUSE, organiser.id, {"name": "Other"}, now=now).id
    account = an_account(session)
    a_member(session, account, organiser, "series-owner", series_id=places["series"])
    browser = signed_in(session, client, account)
    listed = client.get("/api/v1/series").get_json()["items"]
    assert [one["id"] for one in listed] == [places["series"]]
    made = browser.call(
        "POST", f"/api/v1/series/{places['series']}/events", json={"title": "Next edition"}
    )
    assert made.status_code == 201, made.get_json()
    assert status(browser, "PATCH", f"/events/{made.get_json()['id']}") == 422
    assert status(browser, "PATCH", f"/series/{other}") == 404
    for where, body in (("series", {"name": "New"}), ("events", {"title": "Alone"})):
        assert browser.call("POST", f"/api/v1/{where}", json=body).status_code == 403


@pytest.mark.threat(5)
def test_rights_of_one_place_do_not_hold_at_another(session, client, organiser, places):
    """Manager of one event, reader of the rest: the higher role stays where it was given."""
    now = clock.now(session)
    beside = events.add_event(session, HOUSE, organiser.id, {"title": "Beside"}, now=now).id
    second = an_organiser(session)
    account = an_account(session)
    a_member(session, account, organiser, "read-only")
    a_member(session, account, organiser, "event-manager", event_id=places["event"])
    a_member(session, account, second, "organiser-admin")
    browser = signed_in(session, client, account)
    assert status(browser, "PATCH", f"/events/{places['event']}") == 422
    assert status(browser, "PATCH", f"/events/{beside}") == 403
    assert status(browser, "GET", f"/events/{beside}/sessions") == 200
    assert status(browser, "GET", f"/organisers/{organiser.id}/audit-entries") == 403
    assert status(browser, "GET", f"/organisers/{second.id}/audit-entries") == 200
    assert status(browser, "PATCH", f"/series/{places['series']}") == 403
    listed = client.get("/api/v1/organisers").get_json()["items"]
    assert {one["id"] for one in listed} == {organiser.id, second.id}
    new = {"name": "New", "organiser_id": organiser.id}
    assert browser.call("POST", "/api/v1/series", json=new).status_code == 403
    new["organiser_id"] = second.id
    assert browser.call("POST", "/api/v1/series", json=new).status_code == 201


@pytest.mark.threat(9)
@pytest.mark.parametrize("how", ["demoted", "moved", "removed", "disabled"])
def test_who_loses_a_role_loses_it_with_the_next_call(session, client, organiser, places, how):
    """The session at once, and with it the token that the person made."""
    account = an_account(session)
    member = a_member(session, account, organiser, "organiser-admin")
    a_member(session, an_account(session, "other@example.org"), organiser, "organiser-admin")
    browser = signed_in(session, client, account)
    tokens = f"/api/v1/organisers/{organiser.id}/api-tokens"
    made = browser.call("POST", tokens, json={"name": "t", "role": "organiser-admin"}).get_json()
    token = {"Authorization": f"Bearer {made['token']}"}
    event = f"/api/v1/events/{places['event']}"
    with_token = client.application.test_client()
    assert client.get(tokens).status_code == 200
    assert with_token.get(tokens, headers=token).status_code == 200
    now, member = clock.now(session), session.get_one(Membership, member.id)
    if how == "demoted":
        actions.change_member(session, HOUSE, member, {"role": "read-only"}, now=now)
    elif how == "moved":
        place = {"role": "event-manager", "event_id": places["event"]}
        actions.change_member(session, HOUSE, member, place, now=now)
    elif how == "removed":
        actions.remove_member(session, HOUSE, member, now=now)
    else:
        actions.disable_account(session, HOUSE, session.get_one(Account, account.id), now=now)
    session.commit()
    expected = {
        "demoted": ((403, 200), (403, 200)),
        "moved": ((403, 200), (403, 200)),
        "removed": ((403, 403), (401, 401)),  # no role anywhere, so no scope either
        "disabled": ((401, 401), (401, 401)),
    }[how]
    found = (
        tuple(client.get(where).status_code for where in (tokens, event)),
        tuple(with_token.get(where, headers=token).status_code for where in (tokens, event)),
    )
    assert found == expected


def test_an_audit_entry_names_the_person_and_stores_the_id_only(session, client, organiser):
    account = an_account(session)
    a_member(session, account, organiser, "organiser-admin")
    browser = signed_in(session, client, account)
    where = f"/api/v1/organisers/{organiser.id}"
    changed = browser.call("PATCH", where, json={"name": "New"}, headers={"If-Match": "*"})
    assert changed.status_code == 200
    entry = client.get(f"{where}/audit-entries").get_json()["items"][0]
    assert (entry["action"], entry["actor_kind"]) == ("organiser.changed", "account")
    assert (entry["actor_name"], entry["account_id"]) == ("Ada Example", account.id)
    stored = session.execute(Membership.metadata.tables["audit_entries"].select()).all()
    assert "Ada" not in str(stored)


@pytest.mark.parametrize("role", ["event-manager", "programme-editor"])
def test_a_star_is_for_who_manages(session, client, organiser, places, role):
    account = an_account(session)
    a_member(session, account, organiser, role)
    browser = signed_in(session, client, account)
    rooms = f"/api/v1/events/{places['event']}/rooms"
    room = browser.call("POST", rooms, json={"name": "Hall"}).get_json()
    changed = browser.call(
        "PATCH", f"{rooms}/{room['id']}", json={"name": "Big hall"}, headers={"If-Match": "*"}
    )
    assert changed.status_code == {"event-manager": 200, "programme-editor": 412}[role]
