"""Single sign-on against a provider that runs here, over TLS (security row 12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from eventsvc.core import clock, config, oidc, outgoing
from eventsvc.core.config import Provider
from eventsvc.core.errors import Unavailable
from tests.conftest import settings_for
from tests.providers import CLIENT, Running, provider_running

pytestmark = pytest.mark.threat(12)
CALLBACK = "https://events.example.org/api/v1/auth/oidc/example/callback"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    kept = list(config.reading._current)
    with provider_running(tmp_path) as made, outgoing.resolving_with(lambda _name: ["127.0.0.1"]):
        settings = settings_for("sqlite://", tmp_path)
        config.configure(replace(settings, outgoing_loopback=True, outgoing_ca_file=made.ca_file))
        yield made
    config.reading._current[:] = kept


@pytest.fixture
def provider(running: Running) -> Provider:
    return Provider("example", running.issuer, CLIENT, "a secret")


def out_and_back(running: Running, provider: Provider, **query):
    address, cookie = oidc.set_out(provider, callback=CALLBACK, then="/console")
    code = running.arrive(address)
    sent = {"code": code, "state": running.asked["state"], **query}
    return oidc.come_back(provider, cookie, callback=CALLBACK, query=sent)


def test_who_went_out_comes_back(running, provider):
    person, flow = out_and_back(running, provider, iss=running.issuer)
    assert person == oidc.Person(running.issuer, "subject-1", "ada@example.org")
    assert (flow.next, flow.account_id) == ("/console", None)


def test_the_address_asks_for_a_code_with_state_nonce_and_a_hashed_verifier(running, provider):
    address, cookie = oidc.set_out(provider, callback=CALLBACK, then="/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == CALLBACK
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    for hidden in (asked["state"], asked["nonce"]):
        assert hidden not in cookie
    assert "a secret" not in address


def test_an_unverified_address_is_none(running, provider):
    for value in (False, "true", 1, None):
        running.claims = {"email_verified": value}
        assert out_and_back(running, provider)[0].email is None


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "forged"}, "InvalidClaimError"),
        ({"nonce": None}, "MissingClaimError"),
        ({"aud": "another-client"}, "InvalidClaimError"),
        ({"aud": [CLIENT, "another"]}, "azp"),
        ({"iss": "https://evil.example.org"}, "InvalidClaimError"),
        ({"exp": -120}, "ExpiredTokenError"),
        ({"iat": 600}, "InvalidClaimError"),
        ({"sub": None}, "MissingClaimError"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(running, provider, claims, reason):
    running.claims = claims
    with pytest.raises(oidc.SignOnRefused) as refused:
        out_and_back(running, provider)
    assert reason.lower()[:7] in str(refused.value).lower()


@pytest.mark.parametrize("how", ["none", "hmac with the public key", "another key", "broken"])
def test_a_token_with_another_signature_is_refused(running, provider, how):
    running.signing = how
    with pytest.raises(oidc.SignOnRefused):
        out_and_back(running, provider)


@pytest.mark.parametrize("query", [{"state": "forged"}, {"state": ""}, {"code": ""},
                                   {"iss": "https://evil.example.org"}])  # fmt: skip
def test_a_forged_way_back_is_refused_before_the_provider_is_asked(running, provider, query):
    address, cookie = oidc.set_out(provider, callback=CALLBACK, then="/")
    sent = {"code": running.arrive(address), "state": running.asked["state"], **query}
    before = len(running.server.got)
    with pytest.raises(oidc.SignOnRefused):
        oidc.come_back(provider, cookie, callback=CALLBACK, query=sent)
    assert len(running.server.got) == before


def test_another_browser_or_a_late_one_is_refused(running, provider):
    address, cookie = oidc.set_out(provider, callback=CALLBACK, then="/")
    sent = {"code": running.arrive(address), "state": running.asked["state"]}
    for shown in (None, "", "s1.x.y", cookie[:-4]):
        with pytest.raises(oidc.SignOnRefused, match="cookie"):
            oidc.come_back(provider, shown, callback=CALLBACK, query=sent)
    with pytest.raises(oidc.SignOnRefused, match="late"):
        oidc.come_back(replace(provider, name="x"), cookie, callback=CALLBACK, query=sent)
    later = clock.process_now().replace(year=2099)
    with clock.standing_at(later), pytest.raises(oidc.SignOnRefused, match="late"):
        oidc.come_back(provider, cookie, callback=CALLBACK, query=sent)


def test_the_verifier_belongs_to_the_browser_that_set_out(running, provider):
    """A stolen code is worth nothing: the provider asks for the verifier of its own flow."""
    address, _ = oidc.set_out(provider, callback=CALLBACK, then="/")
    stolen = running.arrive(address)
    _, own = oidc.set_out(provider, callback=CALLBACK, then="/")
    state = json.loads(oidc.unseal(oidc.PURPOSE, own))["state"]
    with pytest.raises(oidc.SignOnRefused, match="code"):
        oidc.come_back(provider, own, callback=CALLBACK, query={"code": stolen, "state": state})


def test_a_provider_that_is_another_or_away_is_unavailable(running, provider):
    running.described = {"issuer": "https://evil.example.org"}
    with pytest.raises(Unavailable):
        oidc.set_out(provider, callback=CALLBACK, then="/")
    running.described = {"authorization_endpoint": "http://login.example.org/"}
    with pytest.raises(Unavailable):
        oidc.set_out(provider, callback=CALLBACK, then="/")
    away = replace(provider, issuer="https://login.example.org:1")
    with pytest.raises(Unavailable):
        oidc.set_out(away, callback=CALLBACK, then="/")
