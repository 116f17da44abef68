"""The registration form: what may be asked (security.md §3), and whether answers fit. Pure.

A question is a mapping as ``schemas.forms`` reads it: ``key``, ``type``, ``labels``, ``required``,
``choices``, ``condition`` {question, one_of}, ``participant_types`` and what bounds an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from eventsvc.core.errors import FieldError, Invalid
from eventsvc.core.text import countries, pointer_token
from eventsvc.registration.policy.answers import answer_of, fits

Question = Mapping[str, Any]

CHOOSING = ("single", "multiple")
QUESTION_TYPES = (
    "text", "long_text", "single", "multiple", "number", "date", "country", "checkbox",
)  # fmt: skip
CONDITIONAL_ON = ("single", "multiple", "country", "checkbox")
"""Types whose answers are few enough to hang another question on."""
LEGAL_BASES = (
    "consent", "contract", "legal_obligation", "vital_interests", "public_task",
    "legitimate_interests",
)  # fmt: skip
"""Article 6(1) of Regulation (EU) 2016/679, letters a to f."""
SENSITIVE_DAYS = 30
"""How long after the event sensitive answers may be kept."""


def check_form(questions: Sequence[Question]) -> None:
    """Refuse a form that could not be answered, or that asks more than it may.

    Raises:
        Invalid: with every error at once.
    """
    errors = [*_alone(questions), *_together(questions)]
    if errors:
        raise Invalid(errors)


def _alone(questions: Sequence[Question]) -> Iterator[FieldError]:
    for index, question in enumerate(questions):
        here = f"/questions/{index}"
        yield from _choices(here, question)
        yield from _protection(here, question)
        least, most = question.get("minimum"), question.get("maximum")
        if least is not None and most is not None and least > most:
            yield FieldError(f"{here}/maximum", "below-minimum", "The maximum is below the minimum")
        if question["type"] != "number" and (least is not None or most is not None):
            yield FieldError(f"{here}/minimum", "not-a-number", "Only numbers have bounds")
        yield from _twice(f"{here}/labels", question["labels"], "language")


def _choices(here: str, question: Question) -> Iterator[FieldError]:
    choices = question.get("choices") or []
    if question["type"] in CHOOSING and not choices:
        yield FieldError(f"{here}/choices", "required", "Say what there is to choose from")
    if question["type"] not in CHOOSING and choices:
        yield FieldError(f"{here}/choices", "not-allowed", "This type has no choices")
    yield from _twice(f"{here}/choices", choices, "key")


def _protection(here: str, question: Question) -> Iterator[FieldError]:
    """Special categories: asked freely, by explicit consent, kept shortly (Art. 9(2)(a))."""
    if not question.get("sensitive"):
        return
    if question.get("required"):
        yield FieldError(f"{here}/required", "sensitive", "Nobody has to answer this")
    if question["legal_basis"] != "consent":
        yield FieldError(f"{here}/legal_basis", "sensitive", "Sensitive answers need consent")
    if question["retention_days"] > SENSITIVE_DAYS:
        detail = f"Sensitive answers are kept at most {SENSITIVE_DAYS} days after the event"
        yield FieldError(f"{here}/retention_days", "sensitive", detail)


def _twice(here: str, parts: Sequence[Mapping[str, Any]], name: str) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, part in enumerate(parts):
        if part[name] in seen:
            yield FieldError(f"{here}/{index}/{name}", "duplicate-item", f"This {name} is there")
        seen.add(part[name])


def _together(questions: Sequence[Question]) -> Iterator[FieldError]:
    yield from _twice("/questions", questions, "key")
    by_key = {question["key"]: question for question in questions}
    for index, question in enumerate(questions):
        condition = question.get("condition")
        if condition is None:
            continue
        here = f"/questions/{index}/condition"
        other = by_key.get(condition["question"])
        if other is None:
            yield FieldError(f"{here}/question", "unknown-question", "There is no such question")
        elif _leads_back(question["key"], by_key):
            detail = "It would wait for an answer that waits for its own"
            yield FieldError(f"{here}/question", "condition-cycle", detail)
        elif other["type"] not in CONDITIONAL_ON:
            detail = f"Only answers of these types: {', '.join(CONDITIONAL_ON)}"
            yield FieldError(f"{here}/question", "condition-type", detail)
        else:
            yield from _possible(here, condition, other)


def _possible(here: str, condition: Mapping[str, Any], other: Question) -> Iterator[FieldError]:
    for index, word in enumerate(condition["one_of"]):
        if word not in words_of(other):
            pointer = f"{here}/one_of/{index}"
            yield FieldError(pointer, "unknown-choice", "That question has no such answer")


def words_of(question: Question) -> Collection[str]:
    """The answers that a condition may name; those of a checkbox are ``true`` and ``false``."""
    if question["type"] == "checkbox":
        return ("true", "false")
    if question["type"] == "country":
        return countries
    return [choice["key"] for choice in question.get("choices") or []]


def _leads_back(key: str, by_key: Mapping[str, Question]) -> bool:
    """Whether following conditions from ``key`` comes to a question a second time."""
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at in by_key:
        if at in seen:
            return True
        seen.add(at)
        at = (by_key[at].get("condition") or {}).get("question")
    return False


def asked(
    questions: Sequence[Question], answers: Mapping[str, Any], participant_type: str
) -> list[Question]:
    """The questions that somebody sees: of their type, and whose conditions hold.

    A condition on a question that is itself not asked never holds. The form is a checked one, so
    following conditions comes to an end.
    """
    by_key = {question["key"]: question for question in questions}

    def shown(question: Question) -> bool:
        types = question.get("participant_types")
        if types and participant_type not in types:
            return False
        condition = question.get("condition")
        if condition is None:
            return True
        other = by_key[condition["question"]]
        given = answers.get(other["key"])
        return fits(given, condition["one_of"]) and shown(other)

    return [question for question in questions if shown(question)]


def check_answers(
    questions: Sequence[Question], answers: Mapping[str, Any], participant_type: str
) -> dict[str, Any]:
    """The answers as they may be stored: one for each question asked that was answered.

    Nothing that was not asked is kept, so that a changed mind leaves no answer behind.

    Raises:
        Invalid: ``unknown-question``, ``not-asked``, ``required``, or what is wrong with an answer;
            pointers are ``/answers/<key>``.
    """
    wanted = {question["key"]: question for question in asked(questions, answers, participant_type)}
    known = {question["key"] for question in questions}
    errors: list[FieldError] = []
    for key in answers:
        if key not in known:
            errors.append(_wrong(key, "unknown-question", "There is no such question"))
        elif key not in wanted:
            errors.append(_wrong(key, "not-asked", "This is not asked after the other answers"))
    kept: dict[str, Any] = {}
    for key, question in wanted.items():
        given = answers.get(key)
        if given in (None, "", []):
            if question.get("required"):
                errors.append(_wrong(key, "required", "This question needs an answer"))
            continue
        read, error = answer_of(question, given)
        if error is not None:
            errors.append(_wrong(key, error.code, error.detail))
        else:
            kept[key] = read
    if errors:
        raise Invalid(errors)
    return kept


def _wrong(key: str, code: str, detail: str) -> FieldError:
    return FieldError(f"/answers/{pointer_token(key)}", code, detail)
