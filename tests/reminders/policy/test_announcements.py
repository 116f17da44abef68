"""States of announcements, and which text somebody reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsvc.core.errors import Conflict, Invalid, TransitionNotAllowed
from eventsvc.reminders.policy import (
    ANNOUNCEMENT_STATES,
    audience_of,
    check_step,
    check_texts,
    text_for,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ALLOWED = {
    ("draft", "scheduled"), ("draft", "sending"), ("draft", "cancelled"),
    ("scheduled", "draft"), ("scheduled", "sending"), ("scheduled", "cancelled"),
    ("sending", "cancelled"),
}  # fmt: skip


@pytest.mark.parametrize("state", ANNOUNCEMENT_STATES)
@pytest.mark.parametrize("to", ANNOUNCEMENT_STATES)
def test_arrows(state: str, to: str) -> None:
    if (state, to) in ALLOWED:
        check_step(state, to, scheduled_at=LATER, now=NOW)
        return
    with pytest.raises(TransitionNotAllowed):
        check_step(state, to, scheduled_at=LATER, now=NOW)


@pytest.mark.parametrize("moment", [None, NOW, NOW - timedelta(days=1)])
def test_what_is_scheduled_has_a_moment_to_come(moment: datetime | None) -> None:
    with pytest.raises(Conflict) as refused:
        check_step("draft", "scheduled", scheduled_at=moment, now=NOW)
    assert refused.value.code == "not-scheduled"


def test_one_text_for_each_language() -> None:
    with pytest.raises(Invalid) as refused:
        check_texts([{"language": "en"}, {"language": "de"}, {"language": "en"}])
    assert [error.pointer for error in refused.value.errors] == ["/texts/2/language"]


@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        (("de",), "de"),
        (("de-AT",), "de-AT"),
        (("de-CH",), "de"),
        (("de_CH",), "de"),
        (("fr", "de"), "de"),
        (("fr", None), "en"),
        ((None,), "en"),
    ],
)
def test_which_text_somebody_reads(wanted: tuple[str | None, ...], read: str) -> None:
    texts = [{"language": tag} for tag in ("en", "de", "de-AT")]
    assert text_for(texts, *wanted)["language"] == read


def test_an_empty_audience_is_everybody_with_a_place() -> None:
    assert audience_of({}).states == ("confirmed", "attended")
    assert audience_of({"states": ["waitlisted"]}).states == ("waitlisted",)
