"""Times as people read them (delivery.md §8: dates and zone names localised, zone always named)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from eventsvc.post.text import day_in, hours_in, moment_in, short_in, span_in

NINE = datetime(2027, 5, 5, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
VIENNA = "Europe/Vienna"


def span(starts: datetime | None, ends: datetime | None, **more) -> dict:
    return {"starts": starts, "ends": ends, "zone": VIENNA, **more}


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Wednesday, 5 May 2027, 09:00 (Central European Summer Time)"),
        ("de", "Mittwoch, 5. Mai 2027, 09:00 (Mitteleuropäische Sommerzeit)"),
        ("fr", "mercredi 5 mai 2027, 09:00 (heure d’été d’Europe centrale)"),
    ],
)
def test_a_moment_with_its_zone(locale: str, words: str) -> None:
    assert moment_in(NINE, locale, VIENNA) == words


def test_winter_and_summer_have_their_own_names() -> None:
    winter = datetime(2027, 1, 5, 8, tzinfo=UTC)
    assert moment_in(winter, "en", VIENNA).endswith("09:00 (Central European Standard Time)")


def test_spans_within_a_day_over_days_of_whole_days_and_unknown() -> None:
    zone = "(Central European Summer Time)"
    same = span_in(span(NINE, NINE + HOUR), "en")
    assert same == f"Wednesday, 5 May 2027, 09:00–10:00 {zone}"
    over = span_in(span(NINE, NINE + 24 * HOUR), "en")
    assert over == f"Wednesday, 5 May 2027, 09:00 – Thursday, 6 May 2027, 09:00 {zone}"
    midnight = NINE - 9 * HOUR
    days = span_in(span(midnight, midnight + 48 * HOUR, all_day=True), "en")
    assert days == "Wednesday, 5 May 2027 – Thursday, 6 May 2027"
    day = span_in(span(midnight, midnight + 24 * HOUR, all_day=True), "en")
    assert day == "Wednesday, 5 May 2027"
    assert span_in(span(NINE, None), "en") == f"Wednesday, 5 May 2027, 09:00 {zone}"
    assert span_in(span(None, None), "en") == "–"


def test_hours_days_and_short_forms() -> None:
    assert hours_in(span(NINE, NINE + HOUR), "fr") == "09:00–10:00"
    assert hours_in(span(NINE, None), "en") == "09:00"
    assert hours_in(span(None, None), "en") == "–"
    assert day_in(date(2027, 5, 5), "de") == "Mittwoch, 5. Mai 2027"
    assert short_in(NINE, "en", VIENNA) == "5 May, 09:00"
    assert short_in(NINE, "de", VIENNA) == "5. Mai, 09:00"
