"""What the doors of the registration form take and answer."""

from __future__ import annotations

import re
from typing import Any

from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Part,
    Strict,
    Text,
    ValueRefused,
)
from eventsvc.registration.policy import LEGAL_BASES, QUESTION_TYPES

MOST_QUESTIONS, MOST_CHOICES, MOST_LANGUAGES = 100, 200, 24
LONGEST_KEPT_DAYS = 1_095
_KEY = "[a-z][a-z0-9_]{0,39}"


class Key(Strict[str]):
    """The name of a question or choice: 1 to 40 of a–z, 0–9 and ``_``. ``invalid-key``."""

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "maxLength": 40, "pattern": f"^{_KEY}$"}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The key as given."""
        if not isinstance(value, str):
            raise ValueRefused("invalid-type", "Give a text")
        if len(value) > 40 or not re.fullmatch(_KEY, value):
            raise ValueRefused("invalid-key", "Use a–z, 0–9 and _, beginning with a letter")
        return value


class LabelBody(Body):
    """What a question or choice is called in one language."""

    language = LanguageTag(required=True)
    label = Text(max_length=300, required=True)
    help = Text(max_length=2_000, multiline=True, allow_none=True)


class ChoiceBody(Body):
    """Something to choose."""

    key = Key(required=True)
    labels = ListOf(Part(LabelBody), max_items=MOST_LANGUAGES, min_items=1, required=True)


class ConditionBody(Body):
    """Ask only where another question has one of these answers (``true``: a ticked box)."""

    question = Key(required=True)
    one_of = ListOf(
        Text(max_length=40), max_items=MOST_CHOICES, min_items=1, unique=True, required=True
    )


class QuestionBody(Body):
    """One question: why it is asked, on what legal basis, and how long its answer is kept."""

    key = Key(required=True)
    type = Choice(QUESTION_TYPES, required=True)
    labels = ListOf(Part(LabelBody), max_items=MOST_LANGUAGES, min_items=1, required=True)
    required = Boolean(load_default=False)
    choices = ListOf(Part(ChoiceBody), max_items=MOST_CHOICES)
    minimum = Integer(minimum=-1_000_000_000, maximum=1_000_000_000, allow_none=True)
    maximum = Integer(minimum=-1_000_000_000, maximum=1_000_000_000, allow_none=True)
    max_length = Integer(minimum=1, maximum=5_000, allow_none=True)
    purpose = Text(max_length=500, required=True)
    legal_basis = Choice(LEGAL_BASES, required=True)
    sensitive = Boolean(load_default=False)
    retention_days = Integer(
        minimum=1,
        maximum=LONGEST_KEPT_DAYS,
        required=True,
        metadata={"description": "Days after the event; at most 30 where sensitive"},
    )
    condition = Part(ConditionBody, allow_none=True)
    participant_types = ListOf(Text(max_length=60), max_items=20, unique=True)


class FormBody(Body):
    """The whole form, in the order in which it is asked."""

    questions = ListOf(Part(QuestionBody), max_items=MOST_QUESTIONS, required=True)


class LabelOut(Answer):
    """What a question or choice is called in one language."""

    language = Text()
    label = Text()
    help = Text(allow_none=True)


class ChoiceOut(Answer):
    """Something to choose."""

    key = Text()
    labels = ListOf(Part(LabelOut), max_items=MOST_LANGUAGES)


class ConditionOut(Answer):
    """When a question is asked."""

    question = Text()
    one_of = ListOf(Text(), max_items=MOST_CHOICES)


class QuestionOut(Answer):
    """One question."""

    key = Text()
    type = Choice(QUESTION_TYPES)
    labels = ListOf(Part(LabelOut), max_items=MOST_LANGUAGES)
    required = Boolean()
    choices = ListOf(Part(ChoiceOut), max_items=MOST_CHOICES)
    minimum = Integer(allow_none=True)
    maximum = Integer(allow_none=True)
    max_length = Integer(allow_none=True)
    purpose = Text()
    legal_basis = Choice(LEGAL_BASES)
    sensitive = Boolean()
    retention_days = Integer()
    condition = Part(ConditionOut, allow_none=True)
    participant_types = ListOf(Text(), max_items=20)


class FormOut(Answer):
    """The form of an event."""

    questions = ListOf(Part(QuestionOut), max_items=MOST_QUESTIONS)
    updated_at = Instant(allow_none=True)
    version = Integer()


class PublicFormOut(Answer):
    """The questions of a registration; send ``version`` with the answers."""

    questions = ListOf(Part(QuestionOut), max_items=MOST_QUESTIONS)
    version = Integer()


class FormVersionOut(Answer):
    """What a form asked in one of its versions."""

    number = Integer()
    at = Instant()
    questions = ListOf(Part(QuestionOut), max_items=MOST_QUESTIONS)
