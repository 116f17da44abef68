"""Documents and pages that a guest sees by private link."""

from __future__ import annotations

import pytest

from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.events import actions as events
from eventsvc.events.models import EventDocument
from eventsvc.registration import actions
from tests.factories.events import make_event
from tests.factories.registration import link_of, make_open_event, make_registration

ACTOR = system("test")
DOCUMENTS, PAGES = "/api/v1/my/documents", "/api/v1/my/pages"


@pytest.fixture
def event(session, organiser):
    made = make_open_event(session, organiser.id, now=clock.now(session))
    session.commit()
    return made


def document(session, event, visibility):
    now = clock.now(session)
    values = {"kind": "presentation", "title": f"For {visibility}", "visibility": visibility}
    made = events.add_document(session, ACTOR, event, values, now=now)
    told = {"said": "text/plain", "now": now}
    events.put_content(session, ACTOR, event, made, b"words", **told)
    blocks = [{"type": "document", "document_id": made.id}]
    written = {"kind": "other", "title": visibility, "language": "en", "blocks": blocks}
    values = {**written, "visibility": visibility}
    events.add_page(session, ACTOR, event, values, now=now)
    return made


@pytest.mark.threat(10)
def test_a_guest_opens_what_is_for_guests_and_nobody_elses(client, session, organiser, event):
    made = {name: document(session, event, name) for name in ("public", "registered", "staff")}
    foreign = document(session, make_event(session, organiser.id, state="published"), "public")
    guest = make_registration(session, event)
    headers = link_of(session, guest, now=clock.now(session))
    session.commit()
    found = client.get(DOCUMENTS, headers=headers).json["items"]
    assert [one["title"] for one in found] == ["For public", "For registered"]
    pages = client.get(PAGES, headers=headers).json["items"]
    assert [(one["title"], len(one["blocks"])) for one in pages] == [
        ("public", 1), ("registered", 1)
    ]  # fmt: skip
    sent = client.get(f"{DOCUMENTS}/{made['registered'].id}/content", headers=headers)
    assert (sent.status_code, sent.data) == (200, b"words")
    assert sent.headers["Cache-Control"] == "private, no-cache"
    sent.close()
    session.expire_all()
    assert session.get(EventDocument, made["registered"].id).downloads == 1
    for hidden in (made["staff"], foreign):
        answer = client.get(f"{DOCUMENTS}/{hidden.id}/content", headers=headers)
        assert answer.status_code == 404
    assert client.get(DOCUMENTS).status_code == 401


def test_who_cancelled_sees_what_everybody_sees(client, session, event):
    document(session, event, "registered")
    guest = make_registration(session, event)
    headers = link_of(session, guest, now=clock.now(session))
    body = {"to": "cancelled"}
    actions.transition(session, ACTOR, event.id, guest.id, body, now=clock.now(session))
    session.commit()
    answer = client.get(DOCUMENTS, headers=headers)
    assert (answer.status_code, answer.json["items"]) == (200, [])
