"""Documents: files told by their content, links, who sees them, how often they are taken."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from eventsvc.core.files import StoredFile
from eventsvc.core.ids import new_id
from tests.events.doors import EVENTS, errors
from tests.events.test_queries import counted
from tests.factories.events import make_event, make_series

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
OCTETS = {"Content-Type": "application/octet-stream"}
FIRST = {"kind": "programme", "title": "Programme für alle", "visibility": "public"}


@pytest.fixture
def held(session, organiser):
    """An announced edition of the series ``held-series``, known as ``held``."""
    series = make_series(session, organiser.id, slug="held-series")
    made = make_event(session, organiser.id, series_id=series.id, slug="held", state="announced")
    session.commit()
    return made


PUBLIC = "/api/v1/public/events/held-series/held"


def added(client, admin, event, **changes):
    answer = client.post(f"{EVENTS}/{event.id}/documents", headers=admin, json=FIRST | changes)
    assert answer.status_code == 201, answer.json
    return answer.headers["Location"]


def put(client, admin, place, content=PDF, tag="*", **headers):
    told = {**admin, **OCTETS, "If-Match": tag, **headers}
    return client.put(f"{place}/content", headers=told, data=content)


def kept(session) -> int:
    return session.scalar(select(func.count()).select_from(StoredFile))


def test_a_document_gets_its_file_and_everybody_downloads_it(client, admin, session, held):
    place = added(client, admin, held)
    assert client.get(f"{PUBLIC}/documents").json["items"] == []  # nothing to open yet
    answer = put(client, admin, place, tag='"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json["content"]["media_type"] == "application/pdf"
    assert answer.json["content"]["size"] == len(PDF)
    [shown] = client.get(f"{PUBLIC}/documents").json["items"]
    assert shown["title"] == "Programme für alle"
    assert not {"downloads", "visibility", "source", "version"} & shown.keys()
    sent = client.get(f"{PUBLIC}/documents/{shown['id']}/content")
    assert (sent.status_code, sent.data) == (200, PDF)
    assert sent.headers["Content-Disposition"].startswith("attachment; ")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Cache-Control"] == "public, max-age=60"
    page = client.get(PUBLIC).json
    assert [one["title"] for one in page["documents"]] == ["Programme für alle"]


def test_only_whole_downloads_by_others_are_counted(client, admin, held):
    place = added(client, admin, held)
    put(client, admin, place)
    public = f"{PUBLIC}/documents/{place.rsplit('/', 1)[1]}/content"

    def status(**headers) -> int:
        answer = client.get(public, headers=headers)
        answer.close()  # the count is noted once the answer is out
        return answer.status_code

    tag = client.head(public).headers["ETag"]
    assert (status(), status(**{"If-None-Match": tag})) == (200, 304)
    assert (status(Range="bytes=5-"), status(Range="bytes=0-4")) == (206, 206)
    client.get(f"{place}/content", headers=admin).close()
    seen = client.get(place, headers=admin)
    assert (seen.json["downloads"], seen.headers["ETag"]) == (2, '"2"')


def test_another_file_takes_the_place_and_nothing_is_left_behind(client, admin, session, held):
    place = added(client, admin, held)
    put(client, admin, place)
    put(client, admin, place, b"plain words", **{"Content-Type": "text/plain"})
    assert kept(session) == 1
    assert client.get(f"{place}/content", headers=admin).data == b"plain words"
    link = {"url": "https://example.org/album"}
    changed = client.patch(place, headers={**admin, "If-Match": "*"}, json=link)
    assert (changed.json["url"], changed.json["content"]) == (link["url"], None)
    assert kept(session) == 0
    assert client.get(f"{place}/content", headers=admin).status_code == 404
    assert put(client, admin, place).json["url"] is None
    assert client.delete(place, headers={**admin, "If-Match": "*"}).status_code == 204
    assert kept(session) == 0


def test_files_go_with_their_event(client, admin, session, event):
    put(client, admin, added(client, admin, event))
    told = {**admin, "If-Match": "*"}
    assert client.delete(f"{EVENTS}/{event.id}", headers=told).status_code == 204
    assert kept(session) == 0


@pytest.mark.threat(24)
def test_disguises_are_refused_whatever_they_are_called(client, admin, session, event):
    place = added(client, admin, event)
    for content in (
        b"MZ\x90\x00",
        b"<html><script>x</script>",
        b"<svg xmlns='x'/>",
        b"PK\x03\x04x",
    ):
        for said in ("application/pdf", "application/octet-stream", "text/plain"):
            answer = put(client, admin, place, content, **{"Content-Type": said})
            assert (answer.status_code, answer.json["code"]) == (415, "unsupported-media-type")
    assert put(client, admin, place, PDF, **{"Content-Type": "image/svg+xml"}).status_code == 415
    assert kept(session) == 0
    large = PDF + bytes(25 * 1024 * 1024)
    assert put(client, admin, place, large).status_code == 413


def test_what_is_for_staff_or_for_guests_is_not_public(client, admin, session, held):
    for visibility in ("staff", "registered"):
        place = added(client, admin, held, visibility=visibility)
        put(client, admin, place)
        public = f"{PUBLIC}/documents/{place.rsplit('/', 1)[1]}/content"
        assert client.get(public).status_code == 404
    assert client.get(f"{PUBLIC}/documents").json["items"] == []
    assert client.get(f"{PUBLIC}/documents/{new_id()}/content").status_code == 404
    assert client.get(f"{PUBLIC}/documents/x/content").status_code == 404
    found = client.get(f"{EVENTS}/{held.id}/documents?visibility=staff", headers=admin)
    assert [one["visibility"] for one in found.json["items"]] == ["staff"]


def test_fields_and_preconditions(client, admin, token_for, event):
    address = f"{EVENTS}/{event.id}/documents"
    body = {"kind": "x", "title": "", "url": "http://example.org", "downloads": 3}
    assert sorted(errors(client.post(address, headers=admin, json=body))) == [
        ("/downloads", "read-only-field"), ("/kind", "not-a-choice"), ("/title", "too-short"),
        ("/url", "invalid-url"),
    ]  # fmt: skip
    place = added(client, admin, event)
    bare = client.put(f"{place}/content", headers={**admin, **OCTETS}, data=PDF)
    assert bare.status_code == 428
    put(client, admin, place, tag='"1"')
    assert put(client, admin, place, tag='"1"').status_code == 412
    reader = token_for("read-only")
    assert put(client, reader, place).status_code == 403
    assert client.get(f"{place}/content", headers=reader).status_code == 200


def test_an_archived_edition_takes_no_file(client, admin, session, organiser):
    made = make_event(session, organiser.id)
    session.commit()
    place = added(client, admin, made)
    for to in ("cancelled", "archived"):
        body = {"to": to, "reason": "why"}
        client.post(f"{EVENTS}/{made.id}/transitions", headers=admin, json=body)
    assert put(client, admin, place).json["code"] == "archived"


def test_a_list_takes_as_many_statements_for_one_as_for_thirty(client, admin, session, event):
    address = f"{EVENTS}/{event.id}/documents"

    def needed() -> int:
        with counted(session) as statements:
            assert client.get(address, headers=admin).status_code == 200
        return len(statements)

    put(client, admin, added(client, admin, event))
    first = needed()
    for _ in range(29):
        put(client, admin, added(client, admin, event))
    assert needed() == first
