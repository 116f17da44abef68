"""Opened once, frozen once, mailed once, released by people or by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc.core.errors import Conflict, TransitionNotAllowed
from eventsvc.core.jobs import Job
from eventsvc.facts.models import FactRow
from eventsvc.mail.models import OutboxMessage
from eventsvc.mail.policy import message_key
from eventsvc.registration.models import Registration
from eventsvc.reports import actions, queries
from eventsvc.reports.models import Report, ReportFile
from eventsvc.reports.render import render
from tests.factories.accounts import counted
from tests.factories.events import ACTOR
from tests.factories.reports import AFTER, LIST, make_ended, make_figure, make_recorded

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def number_of(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def opened(session: Session, now=AFTER) -> list[str]:
    return actions.open_reports(session, delay=HOUR, now=now)


def written(session: Session, event, now=AFTER) -> Report:
    report = actions.open_revision(session, ACTOR, event.id, now=now)
    return actions.write(session, ACTOR, report, now=now)


def mails(session: Session) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.purpose == "event_report")
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def test_a_report_is_opened_an_hour_after_the_end_and_once(session, organiser):
    event = make_ended(session, organiser.id)
    assert opened(session, AFTER - timedelta(seconds=1)) == []
    made = opened(session)
    assert len(made) == 1
    assert opened(session) == []
    report = session.get_one(Report, made[0])
    assert (report.event_id, report.revision, report.state) == (event.id, 1, "draft")
    job = session.scalars(select(Job).where(Job.kind == "report")).one()
    assert job.key == f"report|{event.id}|1"


def test_after_a_downtime_of_days_everything_is_opened(session, organiser):
    for _ in range(3):
        make_ended(session, organiser.id, guests=0, came=0)
    assert len(opened(session, AFTER + 9 * DAY)) == 3


def test_recorded_editions_never_get_a_report_by_themselves(session, organiser):
    event = make_recorded(session, organiser.id)
    assert opened(session, AFTER + 999 * DAY) == []
    report = written(session, event)
    assert report.written_at == AFTER
    assert mails(session) == [], "a past edition entered for the archive sends no mail"
    assert actions.release_due(session, now=AFTER + 99 * DAY) == 0


def test_each_address_of_the_list_gets_one_mail_per_revision(session, organiser):
    event = make_ended(session, organiser.id)
    report = written(session, event)
    found = mails(session)
    assert [one.subject_type for one in found] == ["event", "event"]
    assert {one.key for one in found} == {
        message_key(one.contact_id, "event_report", "event", event.id, revision=1) for one in found
    }
    assert all(one.recipient_id == one.contact_id and one.priority == 9 for one in found)
    actions.write(session, ACTOR, report, now=AFTER + HOUR)
    assert len(mails(session)) == len(LIST)
    written(session, event, now=AFTER + DAY)
    assert [one.revision for one in mails(session)] == [1, 1, 2, 2]


def test_figures_are_frozen_once(session, organiser):
    event = make_ended(session, organiser.id)
    report = written(session, event)
    before = report.snapshot
    make_figure(session, event)
    actions.write(session, ACTOR, report, now=AFTER + DAY)
    assert report.snapshot == before
    assert report.written_at == AFTER


def test_freezing_and_rendering_again_gives_the_same_bytes(session, organiser):
    event = make_ended(session, organiser.id)
    make_figure(session, event, source="article of 7 May 2027")
    report = written(session, event)
    session.commit()
    session.expire_all()
    stored = session.get_one(Report, report.id).snapshot
    files = list(session.scalars(select(ReportFile).where(ReportFile.report_id == report.id)))
    assert len(files) == 9
    for file in files:
        session.refresh(file, ["body"])
        assert render(stored, file.format, file.language) == file.body


def test_a_late_correction_makes_a_revision_that_says_what_changed(session, organiser):
    event = make_ended(session, organiser.id, came=8)
    first = written(session, event)
    late = session.scalars(
        select(Registration).where(
            Registration.event_id == event.id, Registration.state == "confirmed"
        )
    ).first()
    late.state = "attended"
    second = written(session, event, now=AFTER + DAY)
    assert (first.revision, second.revision) == (1, 2)
    changed = {one["id"]: one for one in second.snapshot["changes"]}
    assert changed["participants.attended"]["before"]["value"] == 8
    assert changed["participants.attended"]["after"]["value"] == 9
    assert "changes" not in first.snapshot


def test_erasing_people_changes_no_report(session, organiser):
    event = make_ended(session, organiser.id)
    text = str(written(session, event).snapshot)
    assert "Robin Example" not in text
    assert "@example.org" not in text


def test_only_what_ended_gets_a_report(session, organiser):
    event = make_ended(session, organiser.id)
    event.state = "running"
    session.flush()
    with pytest.raises(Conflict) as refused:
        actions.open_revision(session, ACTOR, event.id, now=AFTER)
    assert refused.value.code == "event-not-ended"


def test_the_gate_goes_from_draft_over_checked_to_released(session, organiser):
    report = written(session, make_ended(session, organiser.id))
    with pytest.raises(TransitionNotAllowed):
        actions.transition(session, ACTOR, report, "released", now=AFTER)
    actions.transition(session, ACTOR, report, "checked", now=AFTER)
    actions.transition(session, ACTOR, report, "released", now=AFTER + HOUR)
    assert (report.state, report.released_at) == ("released", AFTER + HOUR)
    told = select(FactRow.kind).where(FactRow.subject_id == report.id).order_by(FactRow.seq)
    assert list(session.scalars(told)) == ["report.written", "report.released"]


def test_a_draft_releases_itself_after_five_days(session, organiser):
    report = written(session, make_ended(session, organiser.id))
    assert actions.release_due(session, now=AFTER + 5 * DAY - timedelta(seconds=1)) == 0
    assert actions.release_due(session, now=AFTER + 5 * DAY) == 1
    assert actions.release_due(session, now=AFTER + 6 * DAY) == 0
    assert report.state == "released"


def test_nothing_releases_itself_while_attendance_is_taken(session, organiser):
    event = make_ended(session, organiser.id)
    written(session, event)
    item = queries.programme_of(session, event)[0]
    item.attendance = "open"
    session.flush()
    assert actions.release_due(session, now=AFTER + 9 * DAY) == 0
    item.attendance = "closed"
    session.flush()
    assert actions.release_due(session, now=AFTER + 9 * DAY) == 1


def test_only_the_newest_revision_releases_itself(session, organiser):
    event = make_ended(session, organiser.id)
    first, second = written(session, event), written(session, event, now=AFTER + DAY)
    assert actions.release_due(session, now=AFTER + 9 * DAY) == 1
    assert [first.state, second.state] == ["draft", "released"]


def test_looking_for_reports_to_release_asks_no_query_per_report(session, organiser):
    for _ in range(4):
        written(session, make_ended(session, organiser.id, guests=0, came=0))
    session.commit()
    with counted() as sent:
        assert actions.release_due(session, now=AFTER) == 0
    assert len(sent) <= 2


def test_an_archived_event_takes_no_new_revision(session, organiser):
    event = make_ended(session, organiser.id, guests=0, came=0)
    event.state = "archived"
    session.flush()
    with pytest.raises(Conflict) as refused:
        actions.open_revision(session, ACTOR, event.id, now=AFTER)
    assert refused.value.code == "archived"
