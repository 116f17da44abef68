"""Rules 36 and 41: joined once per revision, the same bytes everywhere, no write per attendee."""

from __future__ import annotations

import gzip
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, func, select, update

from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.core.transactions import transaction
from eventsvc.feeds.actions import compress, join
from eventsvc.feeds.models import Feed
from eventsvc.ical.models import CalendarScope
from eventsvc.registration.models import Participant
from tests.conftest import SECRET, add_organiser
from tests.factories.accounts import counted
from tests.factories.events import NOW
from tests.factories.feeds import LATER, make_guest, make_programme, move

KINDS = ("event", "series", "personal")


@pytest.fixture
def programme(organiser):
    with clock.standing_at(NOW):
        return make_programme(organiser.id)


def revisions(session):
    return {row[0]: row[1] for row in session.execute(select(Participant.id, Participant.revision))}


def scope(programme, guest, kind):
    ids = {"event": programme.event_id, "series": programme.series_id}
    return ids.get(kind, guest.participant_id)


@pytest.mark.parametrize("kind", KINDS)
def test_rule_36_joined_twice_it_is_the_same(session, programme, kind):
    with clock.standing_at(NOW):
        guest = make_guest(programme, programme.workshop, programme.visit)
    scope_id = scope(programme, guest, kind)
    first = join(session, kind, scope_id, now=NOW)
    kept = (first.body, first.etag, first.changed_at)
    session.execute(delete(Feed))
    again = join(session, kind, scope_id, now=NOW + timedelta(days=400))
    assert (again.body, again.etag, again.changed_at) == kept
    assert again.etag == sha256(again.body).hexdigest()
    assert again.items == again.body.count(b"BEGIN:VEVENT")


def test_rule_41_a_fresh_feed_is_not_joined_again(session, programme):
    join(session, "event", programme.event_id, now=NOW)
    with counted() as statements:
        kept = join(session, "event", programme.event_id, now=LATER)
    assert kept.joined_at == NOW
    assert not [text for text in statements if "calendar_entries" in text]


def test_a_new_revision_with_the_same_bytes_keeps_tag_and_date(session, programme):
    first = join(session, "event", programme.event_id, now=NOW)
    kept = (first.etag, first.changed_at, first.scope_revision)
    session.execute(update(CalendarScope).values(revision=CalendarScope.revision + 1))
    again = join(session, "event", programme.event_id, now=LATER)
    assert (again.etag, again.changed_at) == kept[:2]
    assert again.scope_revision == kept[2] + 1


def test_rule_39_last_modified_rises_with_each_change_within_a_second(session, programme):
    first = join(session, "event", programme.event_id, now=NOW).changed_at
    session.execute(update(CalendarScope).values(revision=CalendarScope.revision + 1))
    session.execute(update(Feed).values(etag="another"))
    assert join(session, "event", programme.event_id, now=NOW).changed_at > first


def test_a_late_joiner_does_not_put_older_bytes_over_newer_ones(session, programme):
    join(session, "event", programme.event_id, now=NOW)
    session.execute(update(Feed).values(scope_revision=1000, etag="newer"))
    assert join(session, "event", programme.event_id, now=NOW).etag == "newer"


def test_rule_40_compressed_once_with_its_own_tag(session, programme):
    feed = join(session, "event", programme.event_id, now=NOW)
    etag, body = compress(session, feed)
    assert gzip.decompress(body) == feed.body
    assert etag == sha256(body).hexdigest() != feed.etag
    feed = join(session, "event", programme.event_id, now=NOW)
    with counted() as statements:
        assert compress(session, feed) == (etag, body)
    assert statements == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there_is_not_found(session, kind):
    with pytest.raises(NotFound):
        join(session, kind, new_id(), now=NOW)


JOIN_ELSEWHERE = """
import sys
from eventsvc.app import create_app
from eventsvc.core.config import Settings
from eventsvc.core.transactions import transaction
from eventsvc.feeds.actions import join
from datetime import datetime, UTC
from pathlib import Path
url, secret, kind, scope_id = sys.argv[1:]
app = create_app(Settings(database_url=url, secret_key=secret, base_url="http://localhost",
                          environment="test", data_dir=Path("/nonexistent"), log_level="ERROR"))
with app.app_context(), transaction(write=False) as session:
    print(join(session, kind, scope_id, now=datetime.now(UTC)).etag)
"""


@pytest.mark.commits
def test_rule_36_another_process_makes_the_same_bytes(committed):
    with transaction() as session:
        organiser_id = add_organiser(session).id
    with clock.standing_at(NOW):
        programme = make_programme(organiser_id)
        guest = make_guest(programme, programme.workshop, programme.visit)
        with transaction(write=False) as session:
            here = [join(session, k, scope(programme, guest, k), now=NOW).etag for k in KINDS]
    url = committed.config["SQLALCHEMY_DATABASE_URI"]
    there = []
    for seed, kind in enumerate(KINDS):
        arguments = [url, SECRET, kind, scope(programme, guest, kind)]
        run = subprocess.run(
            [sys.executable, "-c", JOIN_ELSEWHERE, *arguments],
            env={"PYTHONHASHSEED": str(seed + 1), "TZ": "Asia/Tokyo", "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=True,
        )
        there.append(run.stdout.strip())
    assert there == here


@pytest.mark.commits
def test_rule_41_polls_at_once_join_the_same_bytes(committed):
    with transaction() as session:
        organiser_id = add_organiser(session).id
    programme = make_programme(organiser_id)
    db.session.remove()

    def poll(_number):
        with committed.app_context():
            return committed.test_client().get(programme.path)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(poll, range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    with transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Feed)) == 1


def test_rule_41_no_row_per_attendee_is_written_when_a_session_moves(session, programme):
    with clock.standing_at(NOW):
        guests = [make_guest(programme, programme.workshop) for _ in range(3)]
    before = revisions(session)
    with clock.standing_at(LATER):
        move(programme, programme.workshop, hours=1)
    after = revisions(session)
    assert len(guests) == 3
    assert after == before
