"""What is noted once an answer is out."""

from __future__ import annotations

import pytest
from flask import Response
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from eventsvc.core.http import after_answer
from eventsvc.core.http.attachments import _is_download


def test_it_is_done_when_the_answer_is_closed_and_has_a_clock(app):
    done = []
    with app.test_request_context():
        answer = after_answer(Response(b"x"), lambda session, now: done.append(now))
        assert done == []
    answer.close()
    assert [now.tzinfo is not None for now in done] == [True]


def test_what_the_database_refuses_is_logged_and_harms_nobody(app):
    def refused(session, _now):
        session.execute(select(1))
        raise OperationalError("x", {}, Exception("busy"))

    with app.test_request_context():
        answer = after_answer(Response(b"x"), refused)
    answer.close()


@pytest.mark.parametrize(
    ("method", "status", "part", "wanted"),
    [
        ("GET", 200, None, True),
        ("GET", 206, "bytes 0-9/20", True),
        ("GET", 206, "bytes 10-19/20", False),
        ("GET", 304, None, False),
        ("HEAD", 200, None, False),
    ],
)
def test_one_download_is_a_whole_answer_or_the_first_part_of_one(app, method, status, part, wanted):
    with app.test_request_context(method=method):
        answer = Response(status=status)
        if part:
            answer.headers["Content-Range"] = part
        assert _is_download(answer) is wanted
