"""From marshmallow's nested messages to the ``errors[]`` of a problem document (api.md §2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from eventsvc.core.errors import FieldError, Invalid, MalformedRequest

MOST_ERRORS = 1000
"""Errors told at once; no form of ours has more fields."""

LONGEST_NAME_TOLD = 100
"""Characters of an unknown name that are repeated in an answer."""

_STANDARD = (  # beginnings of marshmallow's own messages
    ("Missing data for required field", "required"),
    ("Field may not be null", "null-not-allowed"),
    ("Unknown field", "unknown-field"),
    ("Invalid input type", "invalid-type"),
    ("Invalid type", "invalid-type"),
    ("Not a valid string", "invalid-type"),
    ("Not a valid list", "invalid-type"),
    ("Not a valid mapping type", "invalid-type"),
    ("Not a valid integer", "invalid-type"),
    ("Not a valid number", "invalid-type"),
    ("Not a valid boolean", "invalid-type"),
    ("Longer than maximum length", "too-long"),
    ("Shorter than minimum length", "too-short"),
    ("Length must be", "invalid-length"),
    ("Must be one of", "not-a-choice"),
    ("Must be ", "out-of-range"),
)


class Coded(str):
    """A message with a stable ``code``; the text is the detail for people."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, code: str, detail: str) -> Coded:
        message = super().__new__(cls, detail)
        message.code = code
        return message

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """What a copy is made of."""
        return (self.code, str(self))


def refuse(code: str, detail: str, field: str | None = None) -> ValidationError:
    """The error a schema rule raises, e.g. ``raise refuse("before-start", "…", "ends_at")``.

    Without ``field`` it concerns the whole object (or, raised by a field, that field).
    """
    message = Coded(code, detail)
    return ValidationError([message], field) if field else ValidationError([message])


def field_errors(messages: Any, prefix: str = "") -> list[FieldError]:
    """Flatten marshmallow's messages (``ValidationError.messages``) into field errors.

    Pointers are RFC 6901, below ``prefix``. Messages without a code get the code of the
    standard message, else ``invalid-value``. Declared fields come first, in order, then
    unknown names by alphabet; at most 1 000 are told.
    """
    found = sorted(_flatten(messages, prefix), key=_place)
    return found[:MOST_ERRORS]


def invalid(error: ValidationError, prefix: str = "") -> Invalid:
    """The 422 refusal for a marshmallow error."""
    return Invalid(field_errors(error.messages, prefix))


def parameter_refusal(messages: Any) -> MalformedRequest:
    """The 400 refusal for the messages of a ``Query`` schema.

    Code ``unknown-parameter`` if one is unknown, else ``malformed-request``; the member
    ``errors`` lists ``{parameter, code, detail}``.
    """
    errors = [
        {
            "parameter": error.pointer.split("/")[1] if error.pointer else "",
            "code": error.code,
            "detail": error.detail,
        }
        for error in field_errors(messages)
    ]
    unknown = any(error["code"] == "unknown-parameter" for error in errors)
    first = errors[0] if errors else {"parameter": "", "detail": "The query cannot be read"}
    return MalformedRequest(
        f"{first['parameter']}: {first['detail']}",
        code="unknown-parameter" if unknown else "malformed-request",
        errors=errors,
    )


def pointer_token(name: object) -> str:
    """One step of a JSON pointer: ``~`` and ``/`` escaped, readable UTF-8, not too long."""
    text = str(name).encode("utf-8", "replace").decode("utf-8")
    if len(text) > LONGEST_NAME_TOLD:
        text = text[:LONGEST_NAME_TOLD] + "…"
    return text.replace("~", "~0").replace("/", "~1")


def _flatten(messages: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            here = pointer if name == "_schema" else f"{pointer}/{pointer_token(name)}"
            yield from _flatten(below, here)
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _flatten(message, pointer)
    else:
        yield FieldError(pointer, _code(messages), str(messages))


def _code(message: Any) -> str:
    if isinstance(message, Coded):
        return message.code
    text = str(message)
    return next((code for start, code in _STANDARD if text.startswith(start)), "invalid-value")


def _place(error: FieldError) -> tuple[bool, str]:
    undeclared = error.code in {"unknown-field", "unknown-parameter", "read-only-field"}
    return (undeclared, error.pointer if undeclared else "")
