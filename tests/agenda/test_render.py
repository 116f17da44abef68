"""The public page of an event, from plain values."""

from __future__ import annotations

import pytest

from eventsvc.agenda.render import dates_of, days_of, event_page, language_of, places_of

BAD = "<b>&\"'"
SAFE = "&lt;b&gt;&amp;&#34;&#39;"


def event(**values):
    return {
        "slug": "e", "title": "Example", "theme": None, "languages": [], "state": "published",
        "mode": None, "timezone": "Europe/Vienna", "starts_at": "2027-05-05T09:00:00+02:00",
        "ends_at": "2027-05-06T17:00:00+02:00", "starts_on": None, "ends_on": None,
        "month": None, "year": None, "city": "Vienna", "country": "AT", "venues": [],
        "series": None, "parent": None, "side_events": [], "links": [], "credit_line": None,
        "documents": [], "pages": [],
        "description_html": None, "synthetic": False,
        **values,
    }  # fmt: skip


def item(**values):
    return {
        "id": "i1", "kind": "session", "title": "Talk", "abstract_html": None, "day": 1,
        "slot_text": None, "starts_at": None, "ends_at": None, "timezone": "Europe/Vienna",
        "room": None, "track": None, "mode": None, "state": "confirmed", "points": [],
        "speakers": [],
        **values,
    }  # fmt: skip


def page(shown=None, *items, speakers=()):
    agenda = {"items": list(items), "speakers": list(speakers)}
    return event_page(shown or event(), agenda, base_url="https://example.org")


def test_every_text_is_escaped():
    speaker = {"name": BAD, "affiliation": BAD}
    shown = event(
        title=BAD,
        theme=BAD,
        credit_line=BAD,
        city=BAD,
        series={"slug": "s", "name": BAD},
        links=[{"title": BAD, "url": "https://example.org/?a=1&b=2"}],
    )
    talk = item(title=BAD, slot_text=BAD, room={"name": BAD}, speakers=[speaker])
    html = page(shown, talk, speakers=[speaker])
    assert "<b>" not in html
    assert html.count(SAFE) >= 11
    assert 'href="https://example.org/?a=1&amp;b=2"' in html


def test_a_link_that_is_not_of_the_web_is_not_shown():
    links = [{"title": "x", "url": "javascript:alert(1)"}, {"title": "y", "url": None}]
    assert "javascript" not in page(event(links=links))


def test_items_stand_by_day_with_anchors_timed_or_not():
    html = page(
        None,
        item(id="a", starts_at="2027-05-05T09:00:00+02:00", ends_at="2027-05-05T10:30:00+02:00"),
        item(id="b", day=2, slot_text="afternoon", kind="visit"),
        item(id="c", day=None, state="cancelled"),
    )
    assert all(f'<li id="{name}"' in html for name in "abc")
    assert "09:00–10:30" in html
    assert "Day 2: Thursday 6 May 2027" in html.replace("Thursday, ", "Thursday ")
    assert ("afternoon" in html, "Site visit" in html) == (True, True)
    assert "Day not fixed yet" in html
    assert "Cancelled" in html


def test_an_item_of_another_zone_names_it():
    times = {"starts_at": "2027-05-05T09:00:00+01:00", "ends_at": "2027-05-05T10:00:00+01:00"}
    days = days_of(event(), [item(timezone="Europe/Lisbon", **times)], "en")
    assert days[0]["entries"][0]["time"] == "09:00–10:00 (Europe/Lisbon)"


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_an_event_that_does_not_happen_says_so(state):
    assert f"This event was {state}." in page(event(state=state))
    assert "This event was" not in page()


NONE = {"starts_at": None, "ends_at": None}


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ({}, "Mittwoch, 5. Mai 2027, 09:00 – Donnerstag, 6. Mai 2027, 17:00 (Europe/Vienna)"),
        (
            {"ends_at": "2027-05-05T17:00:00+02:00"},
            "Mittwoch, 5. Mai 2027, 09:00–17:00 (Europe/Vienna)",
        ),
        (
            {"starts_on": "2027-05-05", "ends_on": "2027-05-06"},
            "Mittwoch, 5. Mai 2027 – Donnerstag, 6. Mai 2027",
        ),
        ({"starts_on": "2027-05-05", "ends_on": "2027-05-05"}, "Mittwoch, 5. Mai 2027"),
        ({**NONE, "month": "2027-05"}, "Mai 2027"),
        ({**NONE, "year": 2027}, "2027"),
        (NONE, "Der Termin steht noch nicht fest"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(values, written):
    assert dates_of(event(**values), "de") == written


def test_places():
    hall = {"name": "Hall", "street": None, "postcode": None, "city": None, "country": None}
    assert places_of(event(), "de") == ["Vienna, Österreich"]
    assert places_of(event(venues=[hall], mode="hybrid"), "en") == [
        "Hall, Vienna, Austria", "On site and online",
    ]  # fmt: skip
    assert places_of(event(mode="online"), "fr") == ["En ligne"]
    assert places_of(event(city=None, country=None), "en") == []


def test_the_language_is_the_first_of_the_event_that_we_speak():
    assert language_of(event(languages=["fi", "de-AT", "fr"])) == "de"
    assert language_of(event(languages=["fi"])) == "en"
    assert '<html lang="fr">' in page(event(languages=["fr"]))


def test_a_programme_that_is_not_public_is_not_there():
    html = event_page(event(), None, base_url="https://example.org")
    assert "The programme is not public yet." in html
    assert "webcal://example.org/calendars/-/e.ics" in html
