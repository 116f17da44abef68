"""The public page of an event, at its door."""

from __future__ import annotations

import re

import pytest

from eventsvc.agenda import actions
from eventsvc.events import actions as events
from eventsvc.feeds.policy import event_path, page_path
from tests.factories.agenda import make_session, make_speaker
from tests.factories.events import ACTOR, NOW, make_event, make_series

CSP = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


@pytest.fixture
def series(session, organiser):
    return make_series(session, organiser.id)


@pytest.fixture
def event(session, organiser, series):
    return make_event(session, organiser.id, series_id=series.id, title="Example <b>Days</b>")


@pytest.fixture
def get(client, session, series, event):
    def read(**headers):
        session.commit()
        return client.get(page_path(series.slug, event.slug), headers=headers)

    return read


def step(session, event, *states):
    for to in states:
        reason = "a synthetic reason" if to in ("cancelled", "postponed") else None
        events.transition(session, ACTOR, event, to, reason=reason, now=NOW)


def test_the_headers(get, session, event):
    step(session, event, "published")
    answer = get(Accept="text/html,*/*;q=0.8")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "<script" not in answer.text
    assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
    again = get(**{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_stylesheet_is_served_from_here(client, get, session, event):
    step(session, event, "published")
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', get().text)[1]
    style = client.get(address)
    assert (style.status_code, style.mimetype) == (200, "text/css")
    known = client.get(address, headers={"If-None-Match": style.headers["ETag"]})
    assert known.status_code == 304


def test_an_event_that_is_not_announced_has_no_page(get, client):
    assert get().status_code == 404
    assert client.get("/events/-/nothing-there").status_code == 404


def test_the_programme_is_there_once_published_and_only_what_is_visible(get, session, event):
    talk = make_session(session, event, title="Talk <b>one</b>")
    named = make_speaker(session, event, talk, publish=True, affiliation="Example <i>Lab</i>")
    silent = make_speaker(session, event, talk)
    step(session, event, "announced")
    assert talk.id not in get().text
    step(session, event, "published")
    actions.publish(session, ACTOR, event, provisional=False, note=None, now=NOW)
    hidden = make_session(session, event, title="Hidden one")
    html = get().text
    assert f'<li id="{talk.id}"' in html
    assert "Talk &lt;b&gt;one&lt;/b&gt;" in html
    assert "Example &lt;i&gt;Lab&lt;/i&gt;" in html
    assert "Example &lt;b&gt;Days&lt;/b&gt;" in html
    assert not re.search(r"<[bi]>", html)
    assert named.name_printed in html
    assert silent.name_printed not in html
    assert hidden.title not in html
    assert hidden.id not in html


def test_cancelled_and_postponed_are_said(get, session, event):
    step(session, event, "published", "postponed")
    assert "This event was postponed." in get().text
    step(session, event, "cancelled")
    assert "This event was cancelled." in get().text


def test_the_calendar_addresses_are_those_of_the_feed(client, get, session, series, event):
    step(session, event, "published")
    path = event_path(series.slug, event.slug)
    html = get().text
    assert f'href="http://localhost{path}"' in html
    assert f'href="webcal://localhost{path}"' in html
    assert client.get(path).status_code == 200


def test_an_event_without_series_stands_below_a_hyphen(client, session, organiser):
    alone = make_event(session, organiser.id, state="published")
    session.commit()
    assert client.get(f"/events/-/{alone.slug}").status_code == 200
