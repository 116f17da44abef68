"""Rules 38 to 41 over HTTP: headers, conditional requests, compression, last good bytes."""

from __future__ import annotations

import gzip
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, select, update
from werkzeug.http import http_date

from eventsvc.core import clock, config
from eventsvc.feeds.actions import joining
from eventsvc.feeds.api import answers
from eventsvc.feeds.models import Feed
from tests.conftest import settings_for
from tests.factories.accounts import counted
from tests.factories.events import NOW
from tests.factories.feeds import LATER, change, make_guest, make_programme

GZIP = {"Accept-Encoding": "br, gzip"}


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def programme(organiser):
    return make_programme(organiser.id)


@pytest.fixture(params=["event", "series", "personal"])
def path(request, programme):
    if request.param == "personal":
        return make_guest(programme, programme.workshop, programme.visit).path
    return programme.path if request.param == "event" else programme.series_path


def personal(path):
    return path.startswith("/my/")


def test_rule_38_headers_of_200(client, path):
    answer = client.get(path)
    headers = answer.headers
    assert answer.status_code == 200
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Length"] == str(len(answer.data))
    assert headers["ETag"] == f'"{sha256(answer.data).hexdigest()}"'
    assert headers["Last-Modified"] == http_date(NOW)
    assert headers["Vary"] == "Accept-Encoding"
    wanted = "private, no-cache" if personal(path) else "public, max-age=60, must-revalidate"
    assert headers["Cache-Control"] == wanted
    assert headers["Content-Disposition"].startswith('inline; filename="')
    assert headers["Content-Disposition"].endswith('.ics"')
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_rule_40_head_is_get_without_the_body(client, path, headers):
    got, asked = client.get(path, headers=headers), client.head(path, headers=headers)
    assert asked.data == b""
    changing = {"X-Request-Id", "RateLimit"}
    assert {k: v for k, v in asked.headers if k not in changing} == {
        k: v for k, v in got.headers if k not in changing
    }


CASES = [
    ({"If-None-Match": "{tag}"}, 304),
    ({"If-None-Match": "W/{tag}"}, 304),
    ({"If-None-Match": '"a", W/{tag}, "b"'}, 304),
    ({"If-None-Match": "*"}, 304),
    ({"If-None-Match": '"a"'}, 200),
    ({"If-None-Match": '"a"', "If-Modified-Since": "{date}"}, 200),
    ({"If-None-Match": "{tag}", "If-Modified-Since": "{older}"}, 304),
    ({"If-Modified-Since": "{date}"}, 304),
    ({"If-Modified-Since": "{older}"}, 200),
    ({"If-Modified-Since": "{future}"}, 200),
    ({"If-Modified-Since": "yesterday"}, 200),
    ({"If-Modified-Since": ""}, 200),
    ({"If-Modified-Since": "2027-03-01T12:00:00Z"}, 200),
    ({"If-None-Match": "no-quotes"}, 200),
]


@pytest.mark.parametrize("encoding", [{}, GZIP], ids=["plain", "gzip"])
def test_rule_39_conditional_requests(client, path, encoding):
    first = client.get(path, headers=encoding)
    told = {
        "tag": first.headers["ETag"],
        "date": first.headers["Last-Modified"],
        "older": http_date(NOW - timedelta(seconds=1)),
        "future": http_date(NOW + timedelta(days=30)),
    }
    for method in ("GET", "HEAD"):
        for headers, code in CASES:
            sent = {name: value.format(**told) for name, value in headers.items()}
            answer = client.open(path, method=method, headers=sent | encoding)
            assert answer.status_code == code, (method, headers)
            for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
                assert answer.headers[name] == first.headers[name]
            if code == 304:
                assert answer.data == b""
                assert "Content-Type" not in answer.headers


def test_rule_40_gzip_has_its_own_strong_tag(client, path):
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == f'"{sha256(packed.data).hexdigest()}"'
    assert packed.headers["ETag"] != plain.headers["ETag"]
    other = client.get(path, headers={"If-None-Match": packed.headers["ETag"]})
    assert (other.status_code, other.data) == (200, plain.data)


def test_rule_40_gzip_is_made_only_when_asked_for(client, session, path):
    client.get(path)
    assert session.scalars(select(Feed.gzip_etag)).all() == [None]
    client.get(path, headers=GZIP)
    assert None not in session.scalars(select(Feed.gzip_etag)).all()


def test_rule_40_compression_can_be_switched_off_per_client(client, path, tmp_path):
    before = config.current()
    config.configure(settings_for("", tmp_path, calendar_plain_clients=("Outlook/16.0",)))
    try:
        answer = client.get(path, headers=GZIP | {"User-Agent": "Microsoft Outlook/16.0"})
    finally:
        config.configure(before)
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("encoding", [{}, GZIP], ids=["plain", "gzip"])
def test_rule_41_a_poll_costs_one_look_up(client, path, encoding):
    first = client.get(path, headers=encoding)
    first.close()
    with counted() as statements:
        same = client.get(path, headers=encoding | {"If-None-Match": first.headers["ETag"]})
        same.close()
    assert (same.status_code, len(statements)) == (304, 1)
    assert "body" not in statements[0].split("FROM")[0]
    with counted() as statements:
        whole = client.get(path, headers=encoding)
        whole.close()
    assert (whole.status_code, len(statements)) == (200, 2)


def test_rule_41_the_cost_does_not_grow_with_the_agenda(client, programme, session):
    guests = [make_guest(programme, programme.workshop) for _ in range(5)]
    costs = []
    for guest in guests:
        with counted() as statements:
            client.get(guest.path).close()
        costs.append(len(statements))
    assert len(set(costs)) == 1


def test_rule_41_a_change_is_there_at_the_next_poll(client, programme, path):
    first = client.get(path)
    with clock.standing_at(LATER):
        change(programme, programme.workshop, title="High floods")
        answer = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert b"SUMMARY:High floods" in answer.data
    assert answer.headers["Last-Modified"] == http_date(LATER)
    since = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 200


def test_rule_41_the_last_good_bytes_stay_and_an_operator_is_told(
    client, programme, path, monkeypatch
):
    first = client.get(path)
    with clock.standing_at(LATER):
        change(programme, programme.workshop, title="High floods")
    told = []

    def fail(*_arguments):
        raise ValueError("cannot be written")

    monkeypatch.setattr(joining, "rendered", fail)
    monkeypatch.setattr(answers.log, "exception", lambda event, **more: told.append((event, more)))
    for headers in ({}, GZIP):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.data) == (200, first.data)
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    assert {event for event, _ in told} == {"feed.not_joined"}
    monkeypatch.undo()
    with clock.standing_at(NOW):
        assert b"High floods" in client.get(path).data


def test_rule_41_without_last_good_bytes_it_is_asked_to_come_again(
    client, session, path, monkeypatch
):
    def fail(*_arguments):
        raise ValueError("cannot be written")

    session.execute(delete(Feed))
    session.commit()
    monkeypatch.setattr(joining, "rendered", fail)
    answer = client.get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_body_is_sent_with_the_tag_that_belongs_to_it(client, session, path):
    """Between look-up and reading another poll may have stored newer bytes."""
    client.get(path)
    session.execute(update(Feed).values(etag="t" * 64))
    session.commit()
    assert client.get(path).headers["ETag"] == f'"{"t" * 64}"'
