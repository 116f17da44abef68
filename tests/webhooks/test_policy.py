"""What is told, how it is signed, when it is tried again (api.md §11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.facts.policy import Fact
from eventsvc.webhooks import policy

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.threat(17)
def test_the_vector_of_standard_webhooks():
    """The example of the specification, so that its libraries verify what we send."""
    signed = policy.signature(
        [SECRET],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.threat(17)
def test_two_secrets_make_two_values_for_24_hours():
    until = NOW + policy.TWO_SECRETS_FOR
    assert policy.valid_secrets("new", "old", until, now=until - timedelta(seconds=1)) == [
        "new",
        "old",
    ]
    assert policy.valid_secrets("new", "old", until, now=until) == ["new"]
    other = policy.written_secret(b"x" * 32)
    both = policy.signature([SECRET, other], "i", 1, "{}").split(" ")
    assert both == [
        policy.signature([SECRET], "i", 1, "{}"),
        policy.signature([other], "i", 1, "{}"),
    ]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("event.published", "event.published"),
        ("meeting.scheduled", "meeting.scheduled"),
        ("agenda.published", "agenda.published"),
        ("session.changed", "session.changed"),
        ("session.removed", "session.changed"),
        ("registration.attended", "registration.attended"),
        ("announcement.sent", "announcement.sent"),
        ("import.finished", "import.finished"),
        ("registration.refused", None),
        ("registration.link-renewed", None),
        ("registration.received", None),
        ("booking.promoted", None),
        ("report.released", None),
        ("session.capacity-changed", None),
        ("session.moved", None),
        ("session.cancelled", None),
    ],
)
def test_which_facts_leave_the_house(kind: str, told: str | None):
    assert policy.type_of(kind) == told


def test_every_contracted_type_is_told_by_some_fact():
    """Facts of rooms that are still to come (meetings, announcements, imports) aside."""

    def below(kind: type[Fact]) -> set[str]:
        found = {kind.kind} if "kind" in kind.__dict__ else set()
        return found.union(*(below(one) for one in kind.__subclasses__()))

    told = {policy.type_of(kind) for kind in below(Fact)}
    ours = {one for one in policy.EXACTLY if one not in ("announcement.sent", "import.finished")}
    assert ours <= told


def test_free_text_of_a_fact_stays_in_the_house():
    payload = {"reason": "Robin Example is ill", "number": 2, "silent": True, "by": "x"}
    data = policy.data_of("event.cancelled", "e", payload)
    assert data == {"id": "e", "number": 2, "state": "cancelled"}


@pytest.mark.parametrize(
    ("types", "heard"),
    [(["*"], True), (["registration.*"], True), (["registration.confirmed"], True),
     (["registration.cancelled"], False), (["event.*"], False), ([], False)],
)  # fmt: skip
def test_what_an_endpoint_hears(types: list[str], heard: bool):
    assert policy.wants(types, "registration.confirmed") is heard


def judged(status: int | None, attempts: int = 1, since: datetime | None = None, luck: float = 0):
    return policy.judge(status, attempts=attempts, failing_since=since, now=NOW, luck=luck)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_delivered(status: int):
    assert judged(status) == policy.Verdict("delivered")


@pytest.mark.parametrize("status", [None, 100, 301, 302, 400, 404, 429, 500, 503])
def test_all_else_is_tried_again_after_the_table(status: int | None):
    minutes = [judged(status, n).wait / timedelta(minutes=1) for n in range(1, 8)]
    assert minutes == [1, 5, 30, 120, 480, 1440, 2880]
    assert judged(status, 8) == policy.Verdict("failed")


def test_410_ends_the_endpoint():
    assert judged(410) == policy.Verdict("failed", disable="gone")


def test_five_days_of_failure_end_the_endpoint():
    assert judged(500, since=NOW - 5 * DAY).disable == "failing"
    assert judged(500, since=NOW - 5 * DAY + timedelta(seconds=1)).disable is None
    assert judged(200, since=NOW - 9 * DAY).disable is None


@given(st.integers(1, 7), st.floats(-1, 1))
def test_waits_spread_by_ten_percent(attempts: int, luck: float):
    wait = judged(500, attempts, luck=luck).wait
    plain = policy.RETRY_AFTER[attempts - 1]
    assert plain * 0.9 <= wait <= plain * 1.1
