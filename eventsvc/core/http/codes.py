"""Every problem code with its status, its title and the page that explains it (api.md §2).

Rules of the rooms refuse with ``Conflict`` (409) and codes of their own; those of the contract
are listed here too, so that ``/problems/<code>`` tells what they mean.
"""

from __future__ import annotations

from typing import NamedTuple


class Explained(NamedTuple):
    """One code: the status it comes with, its title, and what the reader can do."""

    status: int
    title: str
    text: str


CODES: dict[str, Explained] = {
    "malformed-request": Explained(
        400, "The request cannot be read", "A header, host or parameter is not as documented."
    ),
    "malformed-json": Explained(
        400,
        "The body is not JSON",
        "Send UTF-8 JSON without NaN, repeated keys, more than 32 levels or numbers of more than"
        " 30 digits.",
    ),
    "unknown-parameter": Explained(
        400, "There is no such query parameter", "The document lists the parameters of each call."
    ),
    "bad-cursor": Explained(
        400,
        "The cursor does not fit",
        "A cursor holds for the filters and the sort it came with. Start again without one.",
    ),
    "idempotency-key-required": Explained(
        400, "An Idempotency-Key is required", "Send a new key of 1 to 255 printable characters."
    ),
    "unauthenticated": Explained(
        401,
        "Credentials are missing or not valid",
        "Send Authorization: Bearer with a token or a private link that is still valid.",
    ),
    "totp-required": Explained(
        401,
        "A code of the second factor is required",
        "Send the six digits that the authenticator shows as code, with address and password.",
    ),
    "forbidden": Explained(
        403, "Your rights do not allow this", "required_scope names the scope this call needs."
    ),
    "csrf-token-missing": Explained(
        403,
        "The call does not prove that it comes from our page",
        "With a session cookie send X-CSRF-Token; the login answers it, and GET /auth/me too.",
    ),
    "not-found": Explained(
        404,
        "There is nothing at this address",
        "It is not there, you may not see it, or the id is malformed: one answer for all three.",
    ),
    "method-not-allowed": Explained(
        405, "This method is not allowed here", "The header Allow lists the methods."
    ),
    "not-acceptable": Explained(
        406, "The answer has another media type", "Accept application/json, or what is documented."
    ),
    "conflict": Explained(
        409, "The present state does not allow this", "detail says which rule, or what is taken."
    ),
    "idempotency-in-progress": Explained(
        409, "The first call with this key is running", "Wait Retry-After seconds and call again."
    ),
    "gone": Explained(410, "This is no longer offered", "The document says what took its place."),
    "length-required": Explained(
        411, "The body has no Content-Length", "Chunked bodies are refused; announce the length."
    ),
    "stale-version": Explained(
        412,
        "Someone changed this meanwhile",
        "Read the resource again, look at what changed, and repeat with the new ETag.",
    ),
    "body-too-large": Explained(413, "The body is too large", "At most 1 MiB as a rule."),
    "unsupported-media-type": Explained(
        415,
        "The body has another media type",
        "Send application/json without Content-Encoding, or a file of the kinds that detail names.",
    ),
    "validation-failed": Explained(
        422, "The request has invalid fields", "errors lists all of them with a JSON pointer each."
    ),
    "idempotency-key-reused": Explained(
        422, "This key was used with another body", "A new call needs a new Idempotency-Key."
    ),
    "precondition-required": Explained(
        428, "Say which version you mean to change", "Send If-Match with the ETag you read."
    ),
    "rate-limited": Explained(429, "Too many requests", "Wait Retry-After seconds."),
    "internal-error": Explained(
        500, "Something went wrong on our side", "Tell us the instance; it names the log entry."
    ),
    "unavailable": Explained(
        503, "Not available for the moment", "Repeat the call after Retry-After seconds."
    ),
    "transition-not-allowed": Explained(
        409, "There is no way to that state", "allowed lists the states that can be reached."
    ),
    "archived": Explained(409, "The event is archived", "An archived event is read only."),
    "registration-closed": Explained(
        409, "Registration is closed", "It opens and closes with the dates of the event."
    ),
    "sold-out": Explained(409, "All places are taken", "The waiting list is off or full."),
    "time-conflict": Explained(
        409, "Two promises at one time", "conflicts_with names what lies at the same time."
    ),
    "capacity-below-confirmed": Explained(
        409, "More are confirmed than that", "Say allow_over_capacity, or cancel first."
    ),
    "already-checked-in": Explained(
        409, "Already checked in", "first_checked_in_at says when."
    ),
    "not-admissible": Explained(409, "Not to be let in", "The registration is not confirmed."),
    "job-ended": Explained(409, "The job has ended", "What it did stands; undo it by hand."),
    "published-item": Explained(
        409, "It was in a calendar", "Cancel it; a published item cannot be deleted."
    ),
}  # fmt: skip

OTHER = Explained(
    409,
    "A rule refuses this",
    "The present state of things does not allow the call; the answer's detail says which rule,"
    " and conflicts_with names what stands against it.",
)


def explained(code: str) -> Explained:
    """What ``code`` means; a code of a room that is not listed is explained in general."""
    return CODES.get(code, OTHER)
