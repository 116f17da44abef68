"""How an announcement will look, and to how many people it goes. Nothing is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.actions import surroundings_of
from eventsvc.core import config
from eventsvc.events.models import Event
from eventsvc.post.queries.letters.announcement import Reader, announced
from eventsvc.post.render import render
from eventsvc.reminders.models import Announcement
from eventsvc.reminders.policy import audience_of, text_for, unknown_in
from eventsvc.reminders.queries import languages_of, people_of

NOBODY_YET = "Robin Example"
CODE = "7XK2M9QRTB"


def announcement_preview(
    session: Session, event: Event, announcement: Announcement
) -> dict[str, Any]:
    """How many people get an announcement, by language of the text, and each text as one reads it.

    The person shown is the first of the audience; code and private link are samples, because a
    preview makes no credential.
    """
    audience = audience_of(announcement.audience)
    people: dict[str, int] = {}
    for language, count in languages_of(session, event.id, audience).items():
        text = text_for(announcement.texts, language, *event.languages)
        people[text["language"]] = people.get(text["language"], 0) + count
    first = people_of(session, event.id, audience, after=None, limit=1)
    reader = Reader(
        name=first[0].name if first else NOBODY_YET,
        code=CODE,
        private_link=f"{config.current().base_url}/r#…",
    )
    around = surroundings_of(session, event)
    texts = []
    for text in announcement.texts:
        letter = announced(event, around, text, reader)
        written = render(letter.template, text["language"], letter.context)
        texts.append(
            {
                "language": text["language"],
                "people": people.get(text["language"], 0),
                "subject": written.subject,
                "text": written.text,
                "html": written.html,
                "unknown_placeholders": unknown_in(text["subject"], text["body"]),
            }
        )
    return {"people": sum(people.values()), "shown_to": reader.name, "texts": texts}
