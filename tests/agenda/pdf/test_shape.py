"""Days, slots and lines of a printed programme."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from eventsvc.agenda.pdf import PrintedEvent, PrintedItem, PrintedPerson, programme
from eventsvc.agenda.pdf.documents import DARK_BLUE, _accent
from eventsvc.agenda.pdf.shape import by_day, clock, dates_line, day_label, place_line, slots
from eventsvc.agenda.pdf.words import KINDS, ROLES, WORDS

NINE = datetime(2027, 5, 5, 9)


def item(title, start=None, minutes=60, **values):
    starts = None if start is None else NINE + timedelta(minutes=start)
    told = {
        "kind": "workshop", "title": title, "day": 1, "starts": starts,
        "ends": starts and starts + timedelta(minutes=minutes), "zone": None, "slot_text": None,
        "room_id": None, "room": None, "track": None, "mode": None, "languages": (), "people": (),
    }  # fmt: skip
    return PrintedItem(**{**told, **values})


def event(*items, **values):
    told = {
        "title": "Example", "theme": None, "place": "Wien", "country": "AT", "credit": None,
        "state": "published", "first_day": date(2027, 5, 5), "last_day": date(2027, 5, 6),
        "color": None, "at": datetime(2027, 4, 1, tzinfo=UTC), "published_on": None,
        "items": tuple(items),
    }  # fmt: skip
    return PrintedEvent(**{**told, **values})


def test_every_language_has_every_word():
    for words in (WORDS, ROLES, KINDS):
        assert {frozenset(part) for part in words.values()} == {frozenset(words["en"])}
        assert list(words) == ["en", "de", "fr"]


def test_items_that_start_together_stand_together():
    told = slots([item("a", 0), item("b", 0), item("c", 0, 90), item("d", 60)], "en")
    assert [(one["time"], [entry["title"] for entry in one["items"]]) for one in told] == [
        ("09:00", ["a", "b", "c"]), ("10:00–11:00", ["d"]),
    ]  # fmt: skip
    assert [entry["until"] for entry in told[0]["items"]] == [
        "until 10:00", "until 10:00", "until 10:30",
    ]  # fmt: skip
    assert told[1]["items"][0]["until"] is None


def test_untimed_items_have_their_slot_or_a_dash():
    told = slots([item("a", slot_text="afternoon"), item("b")], "en")
    assert [one["time"] for one in told] == ["afternoon", "–"]


def test_people_modes_and_languages():
    people = (PrintedPerson("Ada", "moderator", "Firm"), PrintedPerson("Bo", "speaker", None))
    (slot,) = slots([item("a", 0, people=people, mode="hybrid", languages=("de", "fr"))], "fr")
    (entry,) = slot["items"]
    assert [one["role"] for one in entry["speakers"]] == ["Animation", None]
    assert (entry["mode"], entry["languages"]) == ("Sur place et en ligne", "allemand, français")


def test_days_and_dates():
    whole = event(item("a", 0), item("b", day=2), item("c", day=None))
    labels = [day_label(whole, number, "en") for number, _ in by_day(whole)]
    assert labels == ["Wednesday, 5 May 2027", "Thursday, 6 May 2027", "Day not fixed yet"]
    assert dates_line(whole, "de") == "Mittwoch, 5. Mai 2027 – Donnerstag, 6. Mai 2027"
    undated = event(first_day=None, last_day=None)
    assert dates_line(undated, "en") == "The date is not fixed yet"
    assert day_label(undated, 2, "de") == "Tag 2"
    assert place_line(event(), "de") == "Wien, Österreich"


def test_a_night_says_how_many_days_later_it_ends():
    assert clock(NINE, NINE + timedelta(hours=17)) == "09:00–02:00 +1"
    assert clock(None, None) == ""


def test_a_colour_too_light_to_read_is_not_taken():
    assert _accent("#ffee00") == DARK_BLUE
    assert _accent("#7a1020") == "#7a1020"
    assert _accent("red") == DARK_BLUE
    assert _accent(None) == DARK_BLUE


def test_two_thousand_items_are_set_in_seconds():
    many = [item(f"Example number {n}: a title of usual length", n) for n in range(2000)]
    before = perf_counter()
    assert programme(event(*many), "en").startswith(b"%PDF")
    assert perf_counter() - before < 20  # half a second on an idle machine
