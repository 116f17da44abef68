"""The state machine of editions, word by word (api.md §7), and the credit line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.errors import Conflict, Forbidden, Invalid, TransitionNotAllowed
from eventsvc.core.rights import ROLES, SCOPES, Actor, system
from eventsvc.events.models import Event
from eventsvc.events.policy import (
    STATES,
    arrows_from,
    check_ready,
    check_transition,
    credit_line,
    refuse_archived,
)

CONTRACT = {
    ("idea", "announced"), ("idea", "draft"), ("idea", "published"), ("announced", "draft"),
    ("announced", "published"), ("draft", "published"), ("published", "draft"),
    ("published", "running"), ("running", "completed"), ("published", "postponed"),
    ("running", "postponed"), ("postponed", "published"), ("postponed", "cancelled"),
    ("idea", "cancelled"), ("announced", "cancelled"), ("draft", "cancelled"),
    ("published", "cancelled"), ("running", "cancelled"), ("completed", "archived"),
    ("cancelled", "archived"), ("archived", "completed"),
}  # fmt: skip
RECORDED = {("idea", "completed"), ("announced", "completed"), ("draft", "completed")}
ADMIN = system("test")


def actor(role: str) -> Actor:
    return Actor(kind="token", name=role, role=role, scopes=SCOPES, organiser_id="o")


@given(st.sampled_from(STATES), st.sampled_from(STATES), st.booleans())
def test_exactly_the_arrows_of_the_contract(state, to, recorded):
    if (state, to) in (RECORDED if recorded else CONTRACT):
        check_transition(ADMIN, state, to, reason="why", recorded=recorded)
        return
    with pytest.raises(TransitionNotAllowed) as refused:
        check_transition(ADMIN, state, to, reason="why", recorded=recorded)
    arrows = list(arrows_from(state, recorded=recorded))
    assert refused.value.members == {"from": state, "to": to, "allowed": arrows}


@given(st.sampled_from(sorted(CONTRACT)), st.sampled_from(sorted(ROLES)))
def test_who_may_go_which_arrow(arrow, role):
    state, to = arrow
    above = {"platform-admin"}
    if state != "archived":
        above |= {"organiser-admin", "series-owner"}
        above |= set() if to == "archived" else {"event-manager"}
    if role in above:
        check_transition(actor(role), state, to, reason="why", recorded=False)
    else:
        with pytest.raises(Forbidden):
            check_transition(actor(role), state, to, reason="why", recorded=False)


def test_a_cancellation_needs_a_reason():
    with pytest.raises(Invalid) as refused:
        check_transition(ADMIN, "published", "cancelled", reason=None, recorded=False)
    assert refused.value.errors[0].pointer == "/reason"


def test_publication_needs_title_dates_and_zone():
    with pytest.raises(Conflict) as refused:
        check_ready(Event(title="Example", date_precision="month"), "published")
    assert refused.value.code == "event-incomplete"
    assert refused.value.members["missing"] == ["timezone", "starts_at"]
    check_ready(Event(title="Example", date_precision="day", timezone="UTC"), "published")


@pytest.mark.parametrize(
    "known",
    [
        {"date_precision": "month"},
        {"date_precision": "none", "city": "Palma"},
        {"date_precision": "none", "mode": "online"},
        {"date_precision": "none", "stated_status": "announced"},
    ],
)
def test_an_announcement_needs_a_month_or_a_place_only(known):
    check_ready(Event(title="Example", **known), "announced")


def test_an_announcement_of_nothing_is_refused():
    with pytest.raises(Conflict):
        check_ready(Event(title="Example", date_precision="year"), "announced")


def test_archived_is_read_only():
    with pytest.raises(Conflict) as refused:
        refuse_archived("archived")
    assert refused.value.code == "archived"
    refuse_archived("completed")


def test_credit_line_as_the_contract_prints_it():
    assert credit_line(
        [
            ("organiser", "European Cluster Collaboration Platform"),
            ("on_behalf_of", "European Commission"),
            ("host", "Wirtschaftsförderung Raum Heilbronn GmbH"),
            ("attending", "Example Cluster"),
        ]
    ) == (
        "Organised by the European Cluster Collaboration Platform on behalf of the European"
        " Commission, hosted by Wirtschaftsförderung Raum Heilbronn GmbH"
    )


def test_credit_line_of_several_of_one_and_of_nobody():
    three = [("organiser", name) for name in ("Alpha", "Beta", "Gamma")]
    assert credit_line(three) == "Organised by Alpha, Beta and Gamma"
    assert credit_line([("host", "Alpha")]) == "Hosted by Alpha"
    assert credit_line([("attending", "Alpha")]) is None
