"""Single sign-on through the door (security.md rows 12, 13)."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from eventsvc.accounts import actions
from eventsvc.accounts.models import Account, Identity
from eventsvc.accounts.policy import local_path
from eventsvc.core import clock, outgoing
from eventsvc.core.db import db
from tests.conftest import application
from tests.factories.accounts import HOUSE
from tests.factories.people import a_hash, an_account, signed_in
from tests.providers import CLIENT, provider_running

pytestmark = pytest.mark.threat(12)
OIDC = "/api/v1/auth/oidc/example"
ME = "/api/v1/auth/me"


@pytest.fixture
def world(databases, tmp_path):
    """(client, session, provider, account) of an application that trusts one provider."""
    with provider_running(tmp_path) as running, outgoing.resolving_with(lambda _n: ["127.0.0.1"]):
        told = {"issuer": running.issuer, "client_id": CLIENT, "client_secret": "a secret"}
        trusting = {**told, "link_by_email": True}
        providers = json.dumps({"example": told, "trusted": trusting})
        options = {
            "oidc_providers": providers,
            "outgoing_loopback": True,
            "outgoing_ca_file": running.ca_file,
        }
        with application(databases, tmp_path, **options) as app, app.app_context():
            session = db.session()
            account = an_account(session, password_hash=a_hash())
            session.commit()
            yield app.test_client(), session, running, account


def back(client, running, address: str, where: str = OIDC, **query):
    sent = {"code": running.arrive(address), "state": running.asked["state"], **query}
    return client.get(f"{where}/callback", query_string=sent)


def start(client, where: str = OIDC, **query) -> str:
    answer = client.get(f"{where}/start", query_string=query)
    assert answer.status_code == 302, answer.get_json()
    return answer.headers["Location"]


def known(session, account, running) -> None:
    actions.link_identity(
        session, HOUSE, session.get_one(Account, account.id), issuer=running.issuer,
        subject="subject-1", now=clock.now(session),
    )  # fmt: skip
    session.commit()


def test_who_is_known_by_issuer_and_subject_is_signed_in(world):
    client, session, running, account = world
    known(session, account, running)
    answer = back(client, running, start(client, next="/console?tab=1"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/console?tab=1")
    cookies = answer.headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-session", "__Host-sign-on"]
    assert all({"Secure", "HttpOnly", "SameSite=Lax"} <= set(one.split("; ")) for one in cookies)
    assert client.get(ME).get_json()["account_id"] == account.id


def test_an_address_alone_opens_no_account_unless_the_provider_is_trusted_with_it(world):
    client, session, running, account = world
    refused = back(client, running, start(client))
    assert refused.status_code == 401
    assert session.scalars(select(Identity)).all() == []
    trusted = OIDC.replace("example", "trusted")
    running.claims = {"email_verified": False}
    assert back(client, running, start(client, trusted), trusted).status_code == 401
    running.claims = {}
    assert back(client, running, start(client, trusted), trusted).status_code == 302
    session.rollback()
    linked = session.scalars(select(Identity)).one()
    assert (linked.account_id, linked.subject) == (account.id, "subject-1")


def test_a_person_links_the_own_account_with_the_proof_of_the_page(world):
    client, session, running, account = world
    browser = signed_in(session, client, account)
    assert client.post(f"{OIDC}/link", json={}).status_code == 403
    begun = browser.call("POST", f"{OIDC}/link", json={"next": "/console"})
    assert begun.status_code == 200, begun.get_json()
    assert back(client, running, begun.get_json()["location"]).headers["Location"] == "/console"
    browser.call("POST", "/api/v1/auth/logout")
    assert back(client, running, start(client)).status_code == 302
    other = an_account(session, "other@example.org", password_hash=a_hash())
    session.commit()
    second = signed_in(session, client, other)
    again = second.call("POST", f"{OIDC}/link", json={}).get_json()["location"]
    assert back(client, running, again).get_json()["code"] == "identity-taken"


@pytest.mark.parametrize("how", ["state", "nonce", "aud", "alg=none", "disabled", "no cookie"])
def test_a_forged_way_back_signs_nobody_in(world, how):
    client, session, running, account = world
    known(session, account, running)
    address = start(client)
    query = {"state": "forged"} if how == "state" else {}
    running.claims = {"nonce": {"nonce": "forged"}, "aud": {"aud": "another"}}.get(how, {})
    running.signing = "none" if how == "alg=none" else "right"
    if how == "disabled":
        actions.disable_account(
            session, HOUSE, session.get_one(Account, account.id), now=clock.now(session)
        )
        session.commit()
    if how == "no cookie":
        client.delete_cookie("__Host-sign-on", domain="localhost")
    answer = back(client, running, address, **query)
    assert answer.status_code == 401
    assert answer.headers.getlist("Set-Cookie") == []
    assert client.get(ME).status_code == 401


def test_a_provider_that_is_not_listed_is_not_there(world):
    client = world[0]
    for end in ("start", "callback"):
        assert client.get(f"/api/v1/auth/oidc/nobody/{end}").status_code == 404


FOREIGN = [
    "//evil.example.org",
    "///evil.example.org",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "https://evil.example.org",
    "https:evil.example.org",
    "javascript:alert(1)",
    "/%2Fevil.example.org",
    "/%5Cevil.example.org",
    "%2F%2Fevil.example.org",
    "/%252Fevil.example.org",
    "/\tevil.example.org",
    " //evil.example.org",
    "evil.example.org",
    "/\r\nLocation: //evil.example.org",
    "",
    None,
]


@pytest.mark.threat(13)
@pytest.mark.parametrize("wanted", FOREIGN)
def test_next_stays_inside(wanted):
    assert local_path(wanted) == "/"


@pytest.mark.threat(13)
@pytest.mark.parametrize("wanted", ["/", "/console", "/console?tab=1#top", "/a//b", "/caf%C3%A9"])
def test_a_path_of_this_host_is_kept(wanted):
    kept = local_path(wanted)
    assert urlsplit(kept).netloc == ""
    assert kept == (wanted if "%C3" not in wanted else "/")


@pytest.mark.threat(13)
def test_a_foreign_next_leads_home(world):
    client, session, running, account = world
    known(session, account, running)
    for wanted in ("//evil.example.org", "/%5Cevil.example.org", "/%252Fevil.example.org"):
        assert back(client, running, start(client, next=wanted)).headers["Location"] == "/"
