"""Rights of places, tokens and passwords: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.accounts import policy
from eventsvc.core.rights import RANKS, SCOPES, Actor, Grant, with_grants

ORGANISERS, SERIES, EVENTS = ("o1", "o2"), ("s1", "s2"), ("e1", "e2")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
places = st.builds(
    Grant,
    role=st.sampled_from(RANKS[1:]),
    organiser_id=st.sampled_from(ORGANISERS),
    series_id=st.sampled_from((None, *SERIES)),
    event_id=st.sampled_from((None, *EVENTS)),
    sensitive=st.booleans(),
) | st.builds(Grant, role=st.just("platform-admin"))
things = st.tuples(st.sampled_from(ORGANISERS), st.sampled_from(SERIES), st.sampled_from(EVENTS))


def person(*grants: Grant) -> Actor:
    return with_grants(Actor("account", "p", scopes=SCOPES - {"my"}), grants)


def allowed(grants, thing) -> set[str]:
    return {scope for scope in SCOPES if person(*grants).at(*thing).may(scope)}


@pytest.mark.threat(9)
@given(places, st.lists(places, max_size=3), things)
def test_a_token_may_no_more_than_itself_and_its_owner_at_any_place(token, owner, thing):
    left = allowed(policy.rights_of_token(token, owner), thing)
    assert left <= allowed([token], thing)
    assert left <= allowed(owner, thing)


@given(places, things)
def test_a_token_of_an_owner_with_the_same_rights_loses_nothing(grant, thing):
    assert allowed(policy.rights_of_token(grant, [grant]), thing) == allowed([grant], thing)


@pytest.mark.threat(5)
@given(st.lists(places, max_size=4), things)
def test_at_a_place_counts_what_was_granted_there_and_nothing_else(grants, thing):
    one_by_one = set().union(*(allowed([grant], thing) for grant in grants))
    assert allowed(grants, thing) == one_by_one
    for grant in grants:
        if not grant.covers(*thing):
            assert allowed([grant], thing) == set()


@given(st.lists(places, min_size=1, max_size=4), things)
def test_narrowing_forgets_nothing_that_may_be_seen(grants, thing):
    actor = person(*grants)
    assert set(actor.at(*thing).seen) == set(actor.seen)
    assert set(actor.at(*thing).within(thing[0]).seen) == set(actor.seen)


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "P4ssw0rd-2026", "qwertyuiop12", "aaaaaaaaaaaaaa", "abcabcabcabc",
        "abcdefghijkl", "012345678901", "Brussels2026", "ada@example.org", "ada.example.1",
        "correcthorsebatterystaple", "lkjhgfdsapoi",
    ],
)  # fmt: skip
def test_what_is_easily_guessed_is_refused(password):
    told = {"email": "ada.example@example.org", "name": "Ada Example", "pointer": "/password"}
    if password == "ada@example.org":
        told["email"] = password
    found = policy.password_errors(password, **told)
    assert [error.code for error in found] == ["too-common"]


@pytest.mark.parametrize(
    "password",
    [
        "nine otters read maps",
        "Xk7#pQ2v!mZ9",
        "łódź w maju pachnie bzem",
        "日本語の長い合言葉です一二",
    ],
)
def test_what_is_long_and_not_common_is_taken(password):
    told = {"email": "ada@example.org", "name": "Ada Example", "pointer": "/password"}
    assert policy.password_errors(password, **told) == []


def test_eleven_characters_are_too_short():
    told = {"email": "ada@example.org", "name": "Ada Example", "pointer": "/password"}
    (found,) = policy.password_errors("Xk7#pQ2v!mZ", **told)
    assert (found.pointer, found.code) == ("/password", "too-short")


@pytest.mark.parametrize(
    ("off", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_code_holds_for_its_half_minute_and_its_neighbours(off, taken):
    secret = policy.new_secret()
    code = pyotp.TOTP(secret).at(int(AT.timestamp()) + off)
    step = policy.code_step(secret, code, AT, after=None)
    assert (step is not None) is taken
    if step is not None:
        assert policy.code_step(secret, code, AT, after=step) is None
