"""Login, logout, password, second factor: the doors (api.md §6, security.md rows 11, 14)."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import structlog

from eventsvc.accounts import actions
from eventsvc.accounts.models import Account
from eventsvc.core import clock, passwords
from eventsvc.core.db import Base, db
from tests.conftest import application
from tests.factories.accounts import HOUSE, an_organiser, counted
from tests.factories.people import (
    COOKIE,
    LOGIN,
    PASSWORD,
    Browser,
    a_hash,
    a_member,
    an_account,
    signed_in,
)

ME = "/api/v1/auth/me"
NEW = "seven herons fold paper"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def ada(session, organiser) -> Account:
    account = an_account(session)
    a_member(session, account, organiser, "event-manager")
    session.commit()
    return account


def login(client, **changed):
    body = {"email": "ada@example.org", "password": PASSWORD, **changed}
    return client.post(LOGIN, json=body)


def plain(answer) -> tuple:
    """What an answer says, but for its own id."""
    headers = {n: v for n, v in answer.headers if n not in ("X-Request-Id", "Content-Length")}
    return answer.status_code, answer.get_json() | {"instance": ""}, headers


@pytest.mark.threat(11)
def test_a_login_gives_a_cookie_that_only_this_host_gets(client, ada):
    answer = login(client, email="ADA@example.org")
    assert (answer.status_code, answer.data) == (204, b"")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=604800"} <= set(
        cookie.split("; ")
    )
    assert "Domain" not in cookie
    assert len(answer.headers["X-CSRF-Token"]) == 64


def test_who_am_i_tells_the_person_and_its_roles(session, client, ada, organiser):
    browser = signed_in(session, client, ada)
    me = client.get(ME).get_json()
    assert (me["kind"], me["name"], me["email"]) == ("account", "Ada Example", "ada@example.org")
    assert (me["account_id"], me["role"], me["totp"]) == (ada.id, "event-manager", False)
    assert me["csrf_token"] == browser.proof["X-CSRF-Token"]
    place = {"organiser_id": organiser.id, "series_id": None, "event_id": None}
    assert me["grants"] == [{"role": "event-manager", **place}]
    assert "sensitive" not in me["scopes"]


@pytest.mark.threat(11)
def test_the_session_stands_nowhere_in_the_open(session, client, ada):
    with structlog.testing.capture_logs() as logs:
        answer = login(client)
        client.get(ME)
    secret = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    dump = [list(session.execute(table.select())) for table in Base.metadata.sorted_tables]
    for place in (str(dump), str(logs)):
        assert secret not in place
        assert PASSWORD not in place
    assert "ada@example.org" not in str(logs)


@pytest.mark.threat(11)
def test_a_fixed_session_id_is_not_taken_over(session, client, ada):
    client.set_cookie(COOKIE, "chosen-by-somebody-else", domain="localhost")
    assert client.get(ME).status_code == 401
    signed_in(session, client, ada)
    first = client.get_cookie(COOKIE).value
    assert first != "chosen-by-somebody-else"
    signed_in(session, client, ada)
    second = client.get_cookie(COOKIE).value
    assert second != first
    client.set_cookie(COOKIE, first, domain="localhost")
    assert client.get(ME).status_code == 401


@pytest.mark.threat(11)
def test_an_unsafe_call_needs_the_token_of_its_own_session(session, client, app, ada, organiser):
    browser = signed_in(session, client, ada)
    other = signed_in(session, app.test_client(), ada)
    body = {"name": "x"}
    where = f"/api/v1/organisers/{organiser.id}"
    for proof in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "wrong"}, other.proof):
        answer = client.patch(where, json=body, headers={**proof, "If-Match": '"1"'})
        assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf-token-missing")
    answer = client.patch(where, json=body, headers={**browser.proof, "If-Match": '"1"'})
    assert answer.get_json()["required_scope"] == "members"
    assert client.get(where).status_code == 403


@pytest.mark.threat(14)
@pytest.mark.parametrize("what", ["unknown", "disabled", "without password"])
def test_who_cannot_sign_in_gets_the_answer_of_a_wrong_password(session, client, ada, what):
    wrong = login(client, password="not the password")
    assert wrong.status_code == 401
    assert wrong.get_json()["code"] == "unauthenticated"
    account = session.get_one(Account, ada.id)
    if what == "disabled":
        actions.disable_account(session, HOUSE, account, now=clock.now(session))
    elif what == "without password":
        account.password_hash = None
    session.commit()
    email = "nobody@example.org" if what == "unknown" else ada.email
    assert plain(login(client, email=email)) == plain(wrong)


@pytest.mark.threat(14)
def test_known_and_unknown_accounts_take_as_long(client, ada):
    def taken(email: str) -> float:
        start = time.perf_counter()
        login(client, email=email, password="not the password")
        return time.perf_counter() - start

    times = [(taken("ada@example.org"), taken("nobody@example.org")) for _ in range(7)]
    known, unknown = (statistics.median(column) for column in zip(*times, strict=True))
    assert 0.6 < known / unknown < 1.67


def test_logout_ends_the_session(session, client, ada):
    browser = signed_in(session, client, ada)
    kept = client.get_cookie(COOKIE).value
    gone = browser.call("POST", "/api/v1/auth/logout")
    assert gone.status_code == 204
    assert "Max-Age=0" in gone.headers["Set-Cookie"]
    client.set_cookie(COOKIE, kept, domain="localhost")
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    ("used_at", "asked_at", "status"),
    [
        ([], 11.99, 200),
        ([], 12, 401),
        ([11], 22, 200),
        ([11 * n for n in range(1, 16)], 7 * 24, 401),
    ],
)
def test_a_session_ends_after_twelve_idle_hours_and_a_week(client, ada, used_at, asked_at, status):
    with clock.standing_at(AT):
        assert login(client).status_code == 204
    for hours in used_at:
        with clock.standing_at(AT + timedelta(hours=hours)):
            client.get(ME, buffered=True).close()  # the use is noted once the answer is out
    with clock.standing_at(AT + timedelta(hours=asked_at)):
        assert client.get(ME).status_code == status


def test_a_new_password_ends_every_other_session(session, app, client, ada):
    elsewhere = signed_in(session, app.test_client(), ada)
    browser = signed_in(session, client, ada)
    body = {"password": PASSWORD, "new_password": NEW}
    answer = browser.call("POST", "/api/v1/auth/password", json=body)
    assert answer.status_code == 204, answer.get_json()
    assert elsewhere.client.get(ME).status_code == 401
    assert client.get(ME).status_code == 200
    assert login(app.test_client()).status_code == 401
    assert login(app.test_client(), password=NEW).status_code == 204


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"password": "not the password"}, [("/password", "wrong-password")]),
        ({"new_password": "short"}, [("/new_password", "too-short")]),
        ({"new_password": "P4ssw0rd2026!!"}, [("/new_password", "too-common")]),
        ({"new_password": "Ada Example 1"}, [("/new_password", "too-common")]),
        ({"password": None}, [("/password", "null-not-allowed")]),
        ({"account_id": "x"}, [("/account_id", "unknown-field")]),
    ],
)
def test_a_bad_new_password_is_refused(session, client, ada, change, errors):
    browser = signed_in(session, client, ada)
    body = {"password": PASSWORD, "new_password": NEW, **change}
    answer = browser.call("POST", "/api/v1/auth/password", json=body)
    found = [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]]
    assert (answer.status_code, found) == (422, errors)


def test_a_hash_of_other_costs_is_made_anew_at_the_login(session, client, ada, monkeypatch):
    old = ada.password_hash
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: stored == old)
    assert login(client).status_code == 204
    session.expire_all()
    renewed = session.get_one(Account, ada.id).password_hash
    assert renewed != old
    assert login(client).status_code == 204


def activated(browser: Browser) -> pyotp.TOTP:
    offered = browser.call("POST", "/api/v1/auth/totp", json={"password": PASSWORD}).get_json()
    assert offered["state"] == "offered"
    assert offered["uri"].startswith("otpauth://totp/")
    made = pyotp.TOTP(offered["secret"])
    body = {"password": PASSWORD, "code": made.at(AT)}
    answer = browser.call("POST", "/api/v1/auth/totp", json=body)
    assert answer.get_json() == {"state": "active", "secret": None, "uri": None}
    return made


@pytest.mark.threat(11)
def test_a_second_factor_is_asked_for_and_no_code_is_taken_twice(session, app, client, ada):
    with clock.standing_at(AT):
        made = activated(signed_in(session, client, ada))
        asked = login(app.test_client())
        assert (asked.status_code, asked.get_json()["code"]) == (401, "totp-required")
        assert login(app.test_client(), code=made.at(AT)).status_code == 401
    later = AT + timedelta(seconds=30)
    with clock.standing_at(later):
        wrong = login(app.test_client(), code="000000")
        assert plain(wrong) == plain(login(app.test_client(), password="not the password"))
        code = made.at(later)
        assert login(app.test_client(), code=f"{code[:3]} {code[3:]}").status_code == 204
        assert login(app.test_client(), code=code).status_code == 401
    raw = session.execute(db.text("SELECT totp_secret FROM accounts")).scalar_one()
    assert made.secret not in raw


def test_a_second_factor_is_taken_away_with_the_password(session, app, client, ada):
    with clock.standing_at(AT):
        browser = signed_in(session, client, ada)
        made = activated(browser)
        twice = browser.call("POST", "/api/v1/auth/totp", json={"password": PASSWORD})
        assert twice.get_json()["code"] == "totp-active"
        wrong = browser.call("DELETE", "/api/v1/auth/totp", json={"password": "not the password"})
        assert wrong.status_code == 422
        gone = browser.call("DELETE", "/api/v1/auth/totp", json={"password": PASSWORD})
        assert gone.status_code == 204
        assert login(app.test_client()).status_code == 204
        early = {"password": PASSWORD, "code": made.at(AT)}
        answer = browser.call("POST", "/api/v1/auth/totp", json=early)
        assert answer.get_json()["code"] == "totp-not-offered"


def test_a_token_has_no_session_to_work_on(client, token_for):
    headers = token_for("organiser-admin")
    body = {"password": PASSWORD, "new_password": NEW}
    for where in ("logout", "password"):
        answer = client.post(f"/api/v1/auth/{where}", json=body, headers=headers)
        assert answer.get_json()["required_scope"] == "session"


def test_a_session_costs_a_fixed_number_of_statements(session, client, ada, organiser):
    signed_in(session, client, ada)
    with counted() as at_one:
        client.get("/api/v1/events")
    for number in range(30):
        an_account(session, f"person{number}@example.org")
        a_member(session, ada, an_organiser(session, f"organiser-{number}"), "read-only")
    session.commit()
    with counted() as at_many:
        client.get("/api/v1/events")
    assert len(at_many) == len(at_one)


@pytest.mark.threat(11)
def test_guessing_ends_and_nobody_is_locked_out(databases, tmp_path):
    with application(databases, tmp_path, ratelimit_enabled=True) as app, app.app_context():
        session = db.session()
        an_account(session, password_hash=a_hash())
        session.commit()
        client = app.test_client()
        for _ in range(4):
            assert login(client, password="not the password").status_code == 401
        assert login(client).status_code == 204  # a right one forgets the wrong ones
        for _ in range(5):
            assert login(client, password="not the password").status_code == 401
        refused = login(client)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 900
        assert login(client, email="other@example.org").status_code == 401
