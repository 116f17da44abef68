"""Rules 2 and 3: addresses and subscribe links."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from eventsvc.core.ids import derived_token, new_id
from eventsvc.feeds.policy import (
    event_path,
    item_path,
    page_path,
    personal_path,
    series_path,
    subscribe_links,
)

URL = "https://events.example.org/calendars/river/vienna-2027.ics"


def test_rule_2_paths_end_in_ics():
    paths = [
        series_path("s"),
        event_path("s", "e"),
        event_path(None, "e"),
        item_path("s", "e", "i"),
    ]
    assert paths == [
        "/calendars/s.ics",
        "/calendars/s/e.ics",
        "/calendars/-/e.ics",
        "/calendars/s/e/items/i.ics",
    ]


def test_pages():
    assert page_path("s") == "/api/v1/public/series/s"
    assert page_path(None, "e") == "/events/-/e"


def test_rule_2_addresses_are_short():
    token = derived_token("evc", "secret", f"{new_id()}:12345")
    assert len("https://" + "h" * 100 + personal_path(token)) <= 200


def test_rule_3_subscribe_links():
    links = subscribe_links(URL, "Days & Nights")
    assert links["address"] == URL
    assert links["webcal"] == "webcal" + URL[5:]
    assert parse_qs(urlsplit(links["google"]).query) == {"cid": [links["webcal"]]}
    assert "cid=webcal%3A%2F%2Fevents.example.org%2F" in links["google"]
    for name, host in (("outlook", "outlook.live.com"), ("outlook_work", "outlook.office.com")):
        parts = urlsplit(links[name])
        assert (parts.netloc, parts.path) == (host, "/calendar/0/addfromweb")
        assert parse_qs(parts.query) == {"url": [URL], "name": ["Days & Nights"]}
