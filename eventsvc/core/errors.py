"""The words in which rules refuse. Only ``core/http`` knows which status code each becomes.

Every error carries a stable ``code`` (api.md §2), a ``title`` that people read, an optional
``detail`` and ``members``: further members of the problem document, such as ``conflicts_with``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field. ``pointer`` is a JSON pointer (RFC 6901) into the body."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not a defect
    """Base of every refusal. Subclasses set ``code`` and ``title``."""

    code = "refused"
    title = "The request was refused"

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.members: dict[str, Any] = members


class MalformedRequest(Refusal):
    """The request cannot be read: broken JSON, an odd query parameter, a bad cursor (400)."""

    code = "malformed-request"
    title = "The request cannot be read"

    def __init__(self, detail: str, *, code: str = "malformed-request", **members: Any) -> None:
        super().__init__(detail, **members)
        self.code = code


class Unauthenticated(Refusal):
    """No credentials, or none that are valid (401)."""

    code = "unauthenticated"
    title = "Credentials are missing or not valid"


class CodeRequired(Unauthenticated):
    """The password is right, and a code of the second factor is asked for (401)."""

    code = "totp-required"
    title = "A code of the second factor is required"


class Forbidden(Refusal):
    """The caller may see the thing but may not do this (403)."""

    code = "forbidden"
    title = "Your rights do not allow this"


class NotFound(Refusal):
    """Not there, not visible to the caller, or its id is malformed: one answer (404)."""

    code = "not-found"
    title = "There is nothing at this address"


class UnsupportedMedia(Refusal):
    """The bytes are of another kind than is taken here, whatever they are called (415)."""

    code = "unsupported-media-type"
    title = "The body has another media type"


class Invalid(Refusal):
    """Well-formed but with invalid fields (422); lists all field errors at once."""

    code = "validation-failed"
    title = "The request has invalid fields"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        count = len(errors)
        super().__init__("1 field is invalid" if count == 1 else f"{count} fields are invalid")
        self.errors = list(errors)

    @classmethod
    def field(cls, pointer: str, code: str, detail: str) -> Invalid:
        """One refused field, e.g. ``Invalid.field("/ends_at", "before-start", "…")``."""
        return cls([FieldError(pointer, code, detail)])


class Conflict(Refusal):
    """The state of things does not allow it now (409). ``code`` says which rule."""

    code = "conflict"
    title = "The present state does not allow this"

    def __init__(
        self, code: str, detail: str, *, conflicts_with: Sequence[str] = (), **members: Any
    ) -> None:
        if conflicts_with:
            members["conflicts_with"] = list(conflicts_with)
        super().__init__(detail, **members)
        self.code = code


class TransitionNotAllowed(Conflict):
    """A state machine has no arrow from here to there (api.md §1)."""

    def __init__(self, current: str, to: str, allowed: Sequence[str]) -> None:
        super().__init__(
            "transition-not-allowed",
            f"From {current!r} there is no way to {to!r}.",
            **{"from": current, "to": to, "allowed": list(allowed)},
        )


class StaleVersion(Refusal):
    """Somebody changed the resource since the caller read it (412)."""

    code = "stale-version"
    title = "Someone changed this meanwhile"

    def __init__(self, current_etag: str | None = None) -> None:
        members: Mapping[str, Any] = {"current_etag": current_etag} if current_etag else {}
        super().__init__("Read it again, then repeat your change.", **members)


class PreconditionRequired(Refusal):
    """The call changes a versioned resource and has no ``If-Match`` (428)."""

    code = "precondition-required"
    title = "Say which version you mean to change"

    def __init__(self) -> None:
        super().__init__('Send If-Match with the ETag you read, e.g. If-Match: "7".')


class Unavailable(Refusal):
    """Something the answer depends on is away or too busy (503). ``retry_after`` in seconds."""

    code = "unavailable"
    title = "Not available for the moment"

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


class RateLimited(Refusal):
    """Too many requests (429). ``retry_after`` in seconds."""

    code = "rate-limited"
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(None, retry_after=retry_after)
        self.retry_after = retry_after
