"""Members and invitations: the doors (api.md §6, §10; security.md rows 9, 14)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsvc.accounts.models import Account, Invitation, Membership
from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.core.ids import new_id
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended
from eventsvc.post.queries.letters import LETTERS
from tests.conftest import add_organiser
from tests.factories.accounts import an_event, an_organiser, counted
from tests.factories.people import LOGIN, PASSWORD, a_member, an_account, signed_in

ACCEPT = "/api/v1/auth/invitation/accept"
LOOK = "/api/v1/auth/invitation/look"
OFFER = {"email": "new@example.org", "role": "event-manager", "language": "de"}
NEW = {"name": "Neve Example", "password": "seven herons fold paper"}


@pytest.fixture
def admin(session, organiser) -> Account:
    account = an_account(session)
    a_member(session, account, organiser, "organiser-admin")
    return account


@pytest.fixture
def browser(session, client, admin):
    return signed_in(session, client, admin)


@pytest.fixture
def members(organiser) -> str:
    return f"/api/v1/organisers/{organiser.id}/members"


@pytest.fixture
def invitations(organiser) -> str:
    return f"/api/v1/organisers/{organiser.id}/invitations"


def errors(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.get_json()
    return [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]]


def token_in_mail(session, now=None) -> str:
    """The token of the newest invitation, as its letter carries it."""
    wanted = select(OutboxMessage).order_by(OutboxMessage.id.desc())
    message = session.scalars(wanted).first()
    letter = LETTERS["member_invitation"](session, message, now or clock.now(session))
    assert not isinstance(letter, Ended), letter
    session.rollback()
    return letter.context["invitation_link"].partition("#")[2]


def letter_ended(session) -> bool:
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return isinstance(LETTERS["member_invitation"](session, message, clock.now(session)), Ended)


# invitations


def test_who_is_invited_chooses_a_password_and_has_the_role(
    session, app, browser, invitations, organiser
):
    made = browser.call("POST", invitations, json=OFFER)
    assert made.status_code == 201, made.get_json()
    assert (made.get_json()["state"], made.get_json()["email"]) == ("open", "new@example.org")
    token = token_in_mail(session)
    guest = app.test_client()
    seen = guest.post(LOOK, json={"token": token}).get_json()
    assert (seen["organiser"], seen["account"]) == (organiser.name, "new")
    assert errors(guest.post(ACCEPT, json={"token": token})) == [("/password", "required")]
    weak = {"token": token, **NEW, "password": "password1234"}
    assert errors(guest.post(ACCEPT, json=weak)) == [("/password", "too-common")]
    accepted = guest.post(ACCEPT, json={"token": token, **NEW})
    assert accepted.status_code == 200, accepted.get_json()
    mine = {"email": OFFER["email"], "password": NEW["password"]}
    assert guest.post(LOGIN, json=mine).status_code == 204
    me = guest.get("/api/v1/auth/me").get_json()
    assert (me["role"], me["organiser_id"], me["language"]) == ("event-manager", organiser.id, "de")
    assert errors(guest.post(ACCEPT, json={"token": token, **NEW})) == [("/token", "not-valid")]
    listed = browser.client.get(invitations).get_json()["items"]
    assert [(one["state"], one["account_id"]) for one in listed] == [("accepted", me["account_id"])]


def test_an_account_that_stands_gets_the_role_without_a_new_password(
    session, app, browser, invitations, organiser
):
    other = an_account(session, OFFER["email"], "Old Example")
    session.commit()
    browser.call("POST", invitations, json=OFFER)
    token = token_in_mail(session)
    guest = app.test_client()
    assert guest.post(LOOK, json={"token": token}).get_json()["account"] == "existing"
    answer = guest.post(ACCEPT, json={"token": token, **NEW})
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    mine = {"email": OFFER["email"], "password": PASSWORD}
    assert guest.post(LOGIN, json=mine).status_code == 204
    grants = guest.get("/api/v1/auth/me").get_json()["grants"]
    assert [one["organiser_id"] for one in grants] == [organiser.id]
    assert session.get_one(Account, other.id).name == "Old Example"


@pytest.mark.threat(9)
def test_an_invitation_ends_and_its_token_is_stored_nowhere(session, app, browser, invitations):
    browser.call("POST", invitations, json=OFFER)
    token, now = token_in_mail(session), clock.now(session)
    rows = str(session.execute(select(Invitation.__table__)).all())
    assert token not in rows
    assert token not in str(session.execute(select(OutboxMessage.__table__)).all())
    with clock.standing_at(now + timedelta(days=7, seconds=1)):
        guest = app.test_client()
        assert errors(guest.post(LOOK, json={"token": token})) == [("/token", "not-valid")]
        assert errors(guest.post(ACCEPT, json={"token": token, **NEW})) == [("/token", "not-valid")]
    assert errors(guest.post(LOOK, json={"token": "evi_guessed"})) == [("/token", "not-valid")]


def test_an_invitation_is_mailed_again_changed_and_withdrawn(session, app, browser, invitations):
    made = browser.call("POST", invitations, json=OFFER)
    where, first = made.headers["Location"], token_in_mail(session)
    twice = browser.call("POST", invitations, json=OFFER)
    assert (twice.status_code, twice.get_json()["code"]) == (409, "invitation-open")
    again = browser.call(
        "PATCH", where, json={"resend": True, "role": "read-only"}, headers={"If-Match": '"1"'}
    )
    assert again.status_code == 200, again.get_json()
    second, guest = token_in_mail(session), app.test_client()
    assert second != first
    assert errors(guest.post(LOOK, json={"token": first})) == [("/token", "not-valid")]
    assert guest.post(LOOK, json={"token": second}).get_json()["role"] == "read-only"
    assert browser.call("DELETE", where).status_code == 428
    gone = browser.call("DELETE", where, headers={"If-Match": '"2"'})
    assert gone.status_code == 204
    assert errors(guest.post(ACCEPT, json={"token": second, **NEW})) == [("/token", "not-valid")]
    assert letter_ended(session)


def test_an_accepted_invitation_is_history(session, app, browser, invitations):
    where = browser.call("POST", invitations, json=OFFER).headers["Location"]
    app.test_client().post(ACCEPT, json={"token": token_in_mail(session), **NEW})
    star = {"If-Match": "*"}
    changed = browser.call("PATCH", where, json={"role": "read-only"}, headers=star)
    withdrawn = browser.call("DELETE", where, headers=star)
    for answer in (changed, withdrawn):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "invitation-accepted")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"role": "platform-admin"}, [("/role", "not-a-choice")]),
        ({"role": "organiser-admin"}, [("/role", "beyond-your-rights")]),
        ({"sensitive": True}, [("/sensitive", "beyond-your-rights")]),
        ({"event_id": new_id()}, [("/event_id", "unknown-event")]),
        ({"series_id": new_id()}, [("/series_id", "unknown-series")]),
        ({"series_id": new_id(), "event_id": new_id()}, [("/event_id", "too-many-places")]),
        ({"role": "series-owner", "event_id": new_id()}, [("/event_id", "not-for-an-event")]),
        ({"email": "nobody"}, [("/email", "invalid-email")]),
        ({"organiser_id": new_id()}, [("/organiser_id", "read-only-field")]),
        ({"token": "x"}, [("/token", "unknown-field")]),
    ],
)
@pytest.mark.threat(8)
def test_nobody_offers_more_than_the_own_rights(client, token_for, invitations, change, expected):
    headers = token_for("series-owner")
    assert errors(client.post(invitations, json={**OFFER, **change}, headers=headers)) == expected


def test_the_page_of_an_invitation_knows_nobody(client):
    page = client.get("/join")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for part, media in (("join.js", "text/javascript"), ("join.css", "text/css")):
        assert client.get(f"/join/{part}").mimetype == media
    assert client.get("/join/other.js").status_code == 404


# members


def test_members_are_listed_with_what_they_may_where(session, browser, members, organiser, admin):
    event = an_event(session, organiser)
    other = an_account(session, "zoe@example.org", "Zoe Example")
    a_member(session, other, organiser, "check-in-staff", event_id=event.id)
    a_member(session, an_account(session, "far@example.org"), an_organiser(session), "read-only")
    session.commit()
    listed = browser.client.get(members).get_json()["items"]
    told = [(one["name"], one["role"], one["event_id"]) for one in listed]
    assert told == [
        ("Ada Example", "organiser-admin", None),
        ("Zoe Example", "check-in-staff", event.id),
    ]
    query = "?role=check-in-staff&sort=-email&count=true"
    assert browser.client.get(members + query).get_json()["total"] == 1
    with counted() as few:
        browser.client.get(members)
    for number in range(28):
        person = an_account(session, f"person{number}@example.org")
        a_member(session, person, organiser, "read-only")
    session.commit()
    with counted() as many:
        assert len(browser.client.get(members).get_json()["items"]) == 30
    assert len(few) == len(many)


def test_a_member_gets_a_second_role_and_loses_it(session, browser, members, organiser, admin):
    event = an_event(session, organiser)
    session.commit()
    body = {"account_id": admin.id, "role": "event-manager", "event_id": event.id}
    made = browser.call("POST", members, json={**body, "sensitive": True})
    assert made.status_code == 201, made.get_json()
    where = made.headers["Location"]
    assert browser.client.get(where).get_json()["sensitive"] is True
    wrong = browser.call("PATCH", where, json={"role": "read-only"}, headers={"If-Match": '"1"'})
    assert errors(wrong) == [("/sensitive", "not-of-this-role")]
    change = {"role": "read-only", "sensitive": False}
    assert browser.call("PATCH", where, json=change).status_code == 428
    changed = browser.call("PATCH", where, json=change, headers={"If-Match": '"1"'})
    assert (changed.get_json()["role"], changed.headers["ETag"]) == ("read-only", '"2"')
    assert browser.call("DELETE", where, headers={"If-Match": '"1"'}).status_code == 412
    assert browser.call("DELETE", where, headers={"If-Match": '"2"'}).status_code == 204
    assert browser.client.get(where).status_code == 404


@pytest.mark.threat(14)
def test_who_is_no_member_is_invited_and_not_found(session, browser, members):
    stranger = an_account(session, "far@example.org")
    session.commit()
    for account_id in (stranger.id, new_id()):
        answer = browser.call("POST", members, json={"account_id": account_id, "role": "read-only"})
        assert errors(answer) == [("/account_id", "unknown-account")]


def test_nobody_touches_who_stands_higher(session, client, members, organiser, admin):
    owner = an_account(session, "owner@example.org")
    a_member(session, owner, organiser, "series-owner")
    session.commit()
    listed = signed_in(session, client, admin).client.get(members).get_json()["items"]
    higher = next(one["id"] for one in listed if one["role"] == "organiser-admin")
    browser = signed_in(session, client, owner)
    star = {"If-Match": "*"}
    calls = [
        browser.call("PATCH", f"{members}/{higher}", json={"role": "read-only"}, headers=star),
        browser.call("DELETE", f"{members}/{higher}", headers=star),
    ]
    assert [answer.status_code for answer in calls] == [403, 403]


def test_the_last_admin_stays(session, browser, members, organiser):
    (only,) = browser.client.get(members).get_json()["items"]
    where, star = f"{members}/{only['id']}", {"If-Match": "*"}
    event = an_event(session, organiser)
    session.commit()
    calls = [
        browser.call("DELETE", where, headers=star),
        browser.call("PATCH", where, json={"role": "read-only"}, headers=star),
        browser.call(
            "PATCH", where, json={"role": "read-only", "event_id": event.id}, headers=star
        ),
    ]
    for answer in calls:
        assert (answer.status_code, answer.get_json()["code"]) == (409, "last-organiser-admin")
    other = an_account(session, "other@example.org")
    a_member(session, other, organiser, "organiser-admin")
    session.commit()
    assert browser.call("DELETE", where, headers=star).status_code == 204
    assert browser.client.get(members).status_code == 403


@pytest.mark.threat(6)
def test_foreign_missing_and_malformed_members_are_one_answer(
    session, client, browser, members, invitations
):
    second = an_organiser(session)
    foreign = a_member(session, an_account(session, "far@example.org"), second, "read-only")
    session.commit()
    addresses = [f"{members}/{one}" for one in (foreign.id, new_id(), "x")]
    addresses += [f"{invitations}/{one}" for one in (new_id(), "x")]
    answers = [client.get(where) for where in addresses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.get_json() | {"instance": ""}) for answer in answers}) == 1


def test_two_admins_who_remove_each_other_leave_one(committed):
    session = db.session()
    organiser = add_organiser(session)
    people = [an_account(session, f"admin{n}@example.org") for n in range(2)]
    rows = [a_member(session, one, organiser, "organiser-admin") for one in people]
    session.commit()
    browsers = [signed_in(session, committed.test_client(), one) for one in people]
    where = f"/api/v1/organisers/{organiser.id}/members"
    targets, statuses = (rows[1].id, rows[0].id), []
    start = threading.Barrier(2)

    def remove(browser, target: str) -> None:
        start.wait()
        answer = browser.call("DELETE", f"{where}/{target}", headers={"If-Match": "*"})
        statuses.append(answer.status_code)

    threads = [
        threading.Thread(target=remove, args=pair) for pair in zip(browsers, targets, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    left = session.scalars(select(Membership.role)).all()
    assert left == ["organiser-admin"]
    assert 204 in statuses
