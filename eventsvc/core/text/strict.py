"""Strict fields for texts, numbers, truth and lists: nothing is coerced (api.md §2, §14)."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from marshmallow import ValidationError, fields

from eventsvc.core.text.addresses import LONGEST_ADDRESS, clean_email
from eventsvc.core.text.characters import ValueRefused, is_blank, normalise, slug_pattern
from eventsvc.core.text.markdown import LONGEST_MARKDOWN
from eventsvc.core.text.refusals import Coded

LARGEST_INTEGER = 2_147_483_647
"""Largest number of a PostgreSQL ``integer`` column."""

_SLUG = re.compile(slug_pattern.strip("^$"))
_DIGITS = re.compile(r"-?[0-9]{1,12}")
_MESSAGES = {
    "required": Coded("required", "This field is required"),
    "null": Coded("null-not-allowed", "This field cannot be null"),
    "validator_failed": Coded("invalid-value", "This value is not allowed"),
}
T = TypeVar("T")


def expect_text(value: Any) -> str:
    """The value, if it is a JSON string; else ``ValueRefused("invalid-type")``."""
    if not isinstance(value, str):
        raise ValueRefused("invalid-type", "Give a text")
    return value


class Strict(fields.Field[T]):
    """Base of the strict fields. A field implements ``read``; ``documented`` goes to OpenAPI."""

    def __init__(self, documented: Mapping[str, Any], **options: Any) -> None:
        described = {**documented, **(options.pop("metadata", None) or {})}
        messages = {**_MESSAGES, **(options.pop("error_messages", None) or {})}
        super().__init__(error_messages=messages, metadata=described, **options)
        if self.allow_none and "enum" in described:
            described["enum"] = [*described["enum"], None]

    def read(self, value: Any) -> T:
        """The value to work with. Raises ``ValueRefused`` with a stable code."""
        raise NotImplementedError

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """The coded message for a standard refusal of marshmallow."""
        message = self.error_messages[key]
        if isinstance(message, Coded):
            return ValidationError([message])
        return super().make_error(key, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> T:
        del attr, data, kwargs
        try:
            return self.read(value)
        except ValueRefused as refusal:
            raise ValidationError([Coded(refusal.code, refusal.detail)]) from refusal


class Text(Strict[str]):
    """A text, normalised (see ``normalise``), of ``min_length`` to ``max_length`` characters.

    Codes: ``invalid-type``, ``invalid-character``, ``too-short`` (also for one in which nothing
    can be seen), ``too-long``.
    """

    def __init__(
        self, *, max_length: int = 200, min_length: int = 1, multiline: bool = False, **options: Any
    ) -> None:
        documented = {"type": "string", "minLength": min_length, "maxLength": max_length}
        super().__init__(documented, **options)
        self.max_length = max_length
        self.min_length = min_length
        self.multiline = multiline

    def read(self, value: Any) -> str:
        """The normalised text."""
        given = expect_text(value)
        too_long = ValueRefused("too-long", f"At most {self.max_length} characters")
        if len(given) > 4 * self.max_length + 100:  # before any pattern looks at it
            raise too_long
        text = normalise(given, multiline=self.multiline)
        if len(text) > self.max_length:
            raise too_long
        if len(text) < self.min_length or (self.min_length and is_blank(text)):
            raise ValueRefused("too-short", f"At least {self.min_length} visible character(s)")
        return text


class Markdown(Text):
    """A Markdown source, several lines, at most 20 000 characters; see ``markdown_html``."""

    def __init__(
        self, *, max_length: int = LONGEST_MARKDOWN, min_length: int = 1, **options: Any
    ) -> None:
        super().__init__(max_length=max_length, min_length=min_length, multiline=True, **options)
        self.metadata = {"description": "Markdown; raw HTML is shown as text", **self.metadata}


class Slug(Strict[str]):
    """A slug: 1 to 64 lower-case ASCII letters, digits and inner hyphens. ``invalid-slug``."""

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "minLength": 1, "maxLength": 64, "pattern": slug_pattern}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The slug as given."""
        text = expect_text(value)
        if len(text) > 64:
            raise ValueRefused("too-long", "At most 64 characters")
        if not _SLUG.fullmatch(text):
            raise ValueRefused(
                "invalid-slug", "Use a–z, 0–9 and hyphens, beginning and ending without a hyphen"
            )
        return text


class Email(Strict[str]):
    """A mail address, cleaned by ``clean_email``. ``invalid-email``, ``invalid-character``."""

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "format": "email", "maxLength": LONGEST_ADDRESS}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The cleaned address."""
        return clean_email(expect_text(value))


class Integer(Strict[int]):
    """A JSON integer between ``minimum`` and ``maximum``; ``"5"``, ``5.0``, ``true`` are none.

    Codes: ``invalid-type``, ``out-of-range``.
    """

    def __init__(self, *, minimum: int = 0, maximum: int = LARGEST_INTEGER, **options: Any) -> None:
        super().__init__({"type": "integer", "minimum": minimum, "maximum": maximum}, **options)
        self.minimum = minimum
        self.maximum = maximum

    def read(self, value: Any) -> int:
        """The number."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueRefused("invalid-type", "Give a whole number")
        if not self.minimum <= value <= self.maximum:
            raise ValueRefused("out-of-range", f"From {self.minimum} to {self.maximum}")
        return value


class QueryInteger(Integer):
    """A whole number in a query string: plain ASCII digits, a minus if ``minimum`` < 0."""

    def read(self, value: Any) -> int:
        """The number."""
        text = expect_text(value)
        if not _DIGITS.fullmatch(text) or (text.startswith("-") and self.minimum >= 0):
            raise ValueRefused("invalid-number", "Use plain digits")
        return super().read(int(text))


class Boolean(Strict[bool]):
    """JSON ``true`` or ``false`` and nothing else. ``invalid-type``."""

    def __init__(self, **options: Any) -> None:
        super().__init__({"type": "boolean"}, **options)

    def read(self, value: Any) -> bool:
        """The truth value."""
        if not isinstance(value, bool):
            raise ValueRefused("invalid-type", "Give true or false")
        return value


class QueryBoolean(Boolean):
    """``true`` or ``false`` in a query string. ``invalid-boolean``."""

    def read(self, value: Any) -> bool:
        """The truth value."""
        if value not in ("true", "false"):
            raise ValueRefused("invalid-boolean", "Give true or false")
        return bool(value == "true")


class Choice(Strict[str]):
    """One of some words, given as texts or as a ``StrEnum``. ``not-a-choice``."""

    def __init__(self, values: Iterable[str], **options: Any) -> None:
        self.values = tuple(_word(value) for value in values)
        longest = max(len(value) for value in self.values)
        documented = {"type": "string", "enum": list(self.values), "maxLength": longest}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The word."""
        if expect_text(value) not in self.values:
            raise ValueRefused("not-a-choice", f"One of: {', '.join(self.values)}")
        return str(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return None if value is None else _word(value)


class QueryChoice(Choice):
    """One of some words in a query string. ``not-a-choice``."""


def _word(value: Any) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else str(value)
