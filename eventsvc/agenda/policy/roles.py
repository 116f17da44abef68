"""A speaker's answer: the states of a role, who may go from where to where, and consents. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from eventsvc.core.errors import Conflict, TransitionNotAllowed, Unauthenticated

PROPOSED, INVITED, ACCEPTED = "proposed", "invited", "accepted"
DECLINED, REPLACED, CONFIRMED_ROLE = "declined", "replaced", "confirmed"
ROLE_STATES = (PROPOSED, INVITED, ACCEPTED, DECLINED, REPLACED, CONFIRMED_ROLE)
EXPECTED = frozenset({INVITED, ACCEPTED, CONFIRMED_ROLE})
"""States in which something is still asked of the speaker."""
COMING = frozenset({ACCEPTED, CONFIRMED_ROLE})
"""States in which the speaker has said yes."""
ANSWERS = frozenset({ACCEPTED, DECLINED, REPLACED})

ORGANISER, SPEAKER = "organiser", "speaker"
ROLE_STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    ORGANISER: {
        PROPOSED: (INVITED, ACCEPTED, DECLINED, REPLACED, CONFIRMED_ROLE),
        INVITED: (PROPOSED, ACCEPTED, DECLINED, REPLACED),
        ACCEPTED: (CONFIRMED_ROLE, DECLINED, REPLACED),
        CONFIRMED_ROLE: (ACCEPTED, DECLINED, REPLACED),
        DECLINED: (PROPOSED, INVITED, ACCEPTED, REPLACED),
        REPLACED: (),
    },
    SPEAKER: {
        PROPOSED: (),
        INVITED: (ACCEPTED, DECLINED, REPLACED),
        ACCEPTED: (DECLINED, REPLACED),
        CONFIRMED_ROLE: (DECLINED, REPLACED),
        DECLINED: (ACCEPTED, REPLACED),
        REPLACED: (),
    },
}
"""By whom → from → to (editions.md §4.14)."""

PUBLISH, RECORD = "publish", "record"
SPEAKER_CONSENTS: Mapping[str, Mapping[str, str]] = {
    PUBLISH: {
        "version": "1",
        "en": "My name, affiliation, title, photo and biography may be shown to everybody in the "
        "programme of this event and in its calendars.",
        "de": "Mein Name, meine Organisation, meine Funktion, mein Foto und mein Lebenslauf dürfen "
        "im Programm dieser Veranstaltung und in ihren Kalendern für alle gezeigt werden.",
        "fr": "Mon nom, mon organisation, ma fonction, ma photo et ma biographie peuvent être "
        "montrés à tous dans le programme de cet événement et dans ses calendriers.",
    },
    RECORD: {
        "version": "1",
        "en": "My contribution may be recorded, and the recording may be published.",
        "de": "Mein Beitrag darf aufgezeichnet und die Aufzeichnung veröffentlicht werden.",
        "fr": "Mon intervention peut être enregistrée et l’enregistrement publié.",
    },
}
"""What a speaker is asked, with the version of its present wording (security.md §3)."""

READ_ONLY_AFTER = timedelta(days=30)
LINK_ENDS_AFTER = timedelta(days=730)


class Said(Protocol):
    """One word of a speaker on one question."""

    kind: str
    given: bool
    number: int


def next_role_states(current: str, by: str) -> tuple[str, ...]:
    """Where a role may go from ``current``; ``by``: organiser or speaker."""
    return ROLE_STEPS[by].get(current, ())


def check_role_step(current: str, to: str, by: str) -> None:
    """Refuse a step that the machine does not have for who takes it.

    Raises:
        TransitionNotAllowed: with the steps there are.
    """
    allowed = next_role_states(current, by)
    if to not in allowed:
        raise TransitionNotAllowed(current, to, allowed)


def standing(said: Iterable[Said]) -> dict[str, bool | None]:
    """Question → the newest word on it; None: not answered yet."""
    found: dict[str, bool | None] = dict.fromkeys(SPEAKER_CONSENTS)
    for word in sorted(said, key=lambda one: one.number):
        found[word.kind] = word.given
    return found


def consent_text(kind: str, language: str | None) -> str:
    """What is asked, in a language it is written in, else in English."""
    texts = SPEAKER_CONSENTS[kind]
    return texts.get((language or "en").partition("-")[0], texts["en"])


def is_shown(state: str, agreed: bool | None) -> bool:
    """Whether a role becomes public when the speaker's word is ``agreed``: not before an answer."""
    return agreed is True and state != INVITED


def link_is_read_only(ends_at: datetime | None, now: datetime) -> bool:
    """Whether a link only shows: from 30 days after the event (security.md row 10)."""
    return ends_at is not None and now >= ends_at + READ_ONLY_AFTER


def check_link_alive(ends_at: datetime | None, now: datetime) -> None:
    """Refuse a link 24 months after the event (security.md row 10).

    Raises:
        Unauthenticated: it has ended.
    """
    if ends_at is not None and now >= ends_at + LINK_ENDS_AFTER:
        raise Unauthenticated


def check_link_writes(ends_at: datetime | None, now: datetime) -> None:
    """Refuse to change anything by a link that only shows.

    Raises:
        Conflict: ``link-read-only``.
    """
    if link_is_read_only(ends_at, now):
        raise Conflict("link-read-only", "The event is over: this link only shows what was said.")
