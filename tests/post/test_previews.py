"""Door: how an announcement will look."""

from __future__ import annotations

from sqlalchemy import select

from eventsvc.accounts.models import Credential
from eventsvc.mail.models import OutboxMessage
from eventsvc.reminders import actions
from tests.factories.accounts import an_organiser
from tests.factories.events import ACTOR, NOW
from tests.factories.registration import make_open_event, make_registration

TEXTS = [
    {"language": "en", "subject": "News", "body": "Dear {name}, see {private_link} {nmae}"},
    {"language": "de", "subject": "Neues", "body": "Hallo **{name}**"},
]


def test_preview_in_each_language(client, session, organiser, token_for) -> None:  # type: ignore[no-untyped-def]
    event = make_open_event(session, organiser.id)
    for language in ("de", "de-AT", "fr"):
        make_registration(session, event, name="Robin <b>", language=language)
    values = {"title": "News", "texts": TEXTS}
    made = actions.add_announcement(session, ACTOR, event, values, now=NOW)
    session.commit()
    links = len(session.scalars(select(Credential)).all())
    path = f"/api/v1/events/{event.id}/announcements/{made.id}/preview"
    headers = token_for("event-manager")
    answer = client.post(path, headers=headers)
    assert answer.status_code == 200, answer.json
    assert answer.json["people"] == 3
    assert answer.json["shown_to"] == "Robin <b>"
    english, german = answer.json["texts"]
    assert (english["people"], german["people"]) == (1, 2)
    assert english["unknown_placeholders"] == ["nmae"]
    assert "Dear Robin <b>, see http://localhost/r#… {nmae}" in english["text"]
    assert "Sie erhalten diese Nachricht" in german["text"]
    assert "Hallo <strong>Robin &lt;b&gt;</strong>" in german["html"]
    sent = select(OutboxMessage).where(OutboxMessage.purpose == "announcement")
    assert session.scalars(sent).all() == []
    assert len(session.scalars(select(Credential)).all()) == links + 1, "only the caller's token"
    other = token_for("event-manager", organiser=an_organiser(session))
    assert client.post(path, headers=other).status_code == 404


def test_nobody_yet(client, session, organiser, token_for) -> None:  # type: ignore[no-untyped-def]
    event = make_open_event(session, organiser.id)
    values = {"title": "News", "texts": TEXTS[:1]}
    made = actions.add_announcement(session, ACTOR, event, values, now=NOW)
    session.commit()
    path = f"/api/v1/events/{event.id}/announcements/{made.id}/preview"
    answer = client.post(path, headers=token_for("event-manager"))
    assert (answer.json["people"], answer.json["shown_to"]) == (0, "Robin Example")
