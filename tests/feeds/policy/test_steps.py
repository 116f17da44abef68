"""Every program has steps in every language, and a link that suits it."""

from __future__ import annotations

import pytest

from eventsvc.feeds.policy import (
    CLIENTS,
    LANGUAGES,
    TITLES,
    link_for,
    steps_for,
    subscribe_links,
)

LINKS = subscribe_links("https://events.example.org/calendars/a/b.ics", "River Days")


@pytest.mark.parametrize("client", CLIENTS)
def test_each_language_has_its_own_steps_for_each_program(client):
    told = [steps_for(client, language) for language in LANGUAGES]
    assert len(set(told)) == len(LANGUAGES)
    assert all(len(steps) >= 3 for steps in told)
    assert TITLES[client]


@pytest.mark.parametrize(
    ("client", "start"),
    [
        ("google", "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F"),
        ("apple", "webcal://events.example.org/"),
        ("outlook", "https://outlook.live.com/calendar/0/addfromweb?url=https%3A"),
        ("outlook_work", "https://outlook.office.com/calendar/0/addfromweb?url=https%3A"),
        ("thunderbird", "https://events.example.org/"),
    ],
)
def test_each_program_gets_the_link_that_opens_it(client, start):
    assert link_for(client, LINKS).startswith(start)
