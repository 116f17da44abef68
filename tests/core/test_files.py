"""Files share the fate of their rows, and are sent as downloads that no browser runs."""

from __future__ import annotations

from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from eventsvc.core import clock, files, media
from eventsvc.core.errors import NotFound, UnsupportedMedia
from eventsvc.core.http import attachment
from tests.factories.accounts import counted

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"


@pytest.fixture
def kept(session):
    return files.keep(session, PDF, media.PDF, now=clock.now(session))


def sent(app: Flask, session, kept, name="Programme", **headers):
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    with app.test_request_context("/", headers=named):
        response = attachment(session, kept.id, name=name)
        response.direct_passthrough = False
        return response


def test_what_is_kept_comes_back(session, kept):
    session.expire_all()
    assert files.content_of(session, kept.id) == PDF
    assert (kept.size, kept.sha256) == (len(PDF), sha256(PDF).hexdigest())


def test_looking_at_a_file_reads_no_bytes(session, kept):
    file_id = kept.id
    session.expunge_all()
    with counted() as statements:
        files.file_for(session, file_id)
    assert not [text for text in statements if "content" in text]


def test_nothing_is_kept_of_what_is_rolled_back(session):
    with session.begin_nested() as nested:
        lost = files.keep(session, PDF, media.PDF, now=clock.now(session)).id
        nested.rollback()
    with pytest.raises(NotFound):
        files.content_of(session, lost)


def test_what_is_discarded_is_gone(session, kept):
    other = files.keep(session, b"x", media.TEXT, now=clock.now(session))
    files.discard(session, [kept.id, None])
    assert list(session.scalars(select(files.StoredFile.id))) == [other.id]


@pytest.mark.parametrize("file_id", [None, "00000000-0000-4000-8000-000000000000"])
def test_no_file_is_not_found(session, file_id):
    for ask in (files.file_for, files.content_of):
        with pytest.raises(NotFound):
            ask(session, file_id)


@pytest.mark.threat(24)
def test_row_24_the_bytes_say_what_is_taken():
    assert files.checked_type(PDF, media.DOCUMENTS) == media.PDF
    with pytest.raises(UnsupportedMedia, match="JPG, PNG, WEBP"):
        files.checked_type(PDF, media.IMAGES)


@pytest.mark.threat(24)
def test_row_24_a_file_is_a_download_that_nothing_runs(app, session, kept):
    response = sent(app, session, kept)
    assert response.data == PDF
    assert response.headers["Content-Disposition"] == "attachment; filename=Programme.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Type"] == media.PDF


def test_a_name_of_any_alphabet_travels_safely(app, session, kept):
    response = sent(app, session, kept, name="../Größe 李\r\nSet-Cookie: a=b")
    told = response.headers["Content-Disposition"]
    assert "filename*=UTF-8''" in told
    assert "%E6%9D%8E" in told
    assert "\n" not in told
    assert not {"/", ";", ":"} & set(told.partition("filename=")[2].partition(";")[0])


def test_a_304_reads_no_bytes(app, session, kept):
    tag, file_id = f'"{kept.sha256}"', kept.id
    session.expunge_all()
    with counted() as statements:
        response = sent(app, session, files.file_for(session, file_id), If_None_Match=tag)
    assert (response.status_code, response.data) == (304, b"")
    assert not [text for text in statements if "content" in text]


def test_a_broken_download_is_taken_up_again(app, session, kept):
    tag = f'"{kept.sha256}"'
    response = sent(app, session, kept, Range="bytes=100-199", If_Range=tag)
    assert (response.status_code, response.data) == (206, PDF[100:200])
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(PDF)}"
    stale = sent(app, session, kept, Range="bytes=100-199", If_Range='"other"')
    assert (stale.status_code, stale.data) == (200, PDF)
