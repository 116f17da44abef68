"""Texts from outside: normalised, sanitised, and read by strict marshmallow fields.

No Flask, no database. A field's ``read(value)`` may be used without a schema; it raises
``ValueRefused(code, detail)``. In a schema the refusal becomes a ``Coded`` message, and
``field_errors`` turns marshmallow's messages into the ``errors[]`` of api.md §2.
"""

from eventsvc.core.text.addresses import clean_email, email_key, is_suspicious_email
from eventsvc.core.text.characters import ValueRefused, normalise, search_key, slug_pattern
from eventsvc.core.text.codes import CountryCode, Id, LanguageTag, Url, countries, language_tag
from eventsvc.core.text.lists import ListOf, Part
from eventsvc.core.text.markdown import markdown_html
from eventsvc.core.text.refusals import (
    Coded,
    field_errors,
    invalid,
    parameter_refusal,
    pointer_token,
    refuse,
)
from eventsvc.core.text.schemas import (
    SERVER_SET,
    Answer,
    Body,
    Patch,
    Query,
    ready,
    register_fields,
)
from eventsvc.core.text.strict import (
    Boolean,
    Choice,
    Email,
    Integer,
    Markdown,
    QueryBoolean,
    QueryChoice,
    QueryInteger,
    Slug,
    Strict,
    Text,
)
from eventsvc.core.text.times import (
    Date,
    Instant,
    Month,
    WallTime,
    Year,
    Zone,
    read_instant,
    utc_instant,
    zone_names,
    zoned_instant,
)
from eventsvc.core.text.uploads import FilePart, Upload

__all__ = [
    "SERVER_SET",
    "Answer",
    "Body",
    "Boolean",
    "Choice",
    "Coded",
    "CountryCode",
    "Date",
    "Email",
    "FilePart",
    "Id",
    "Instant",
    "Integer",
    "LanguageTag",
    "ListOf",
    "Markdown",
    "Month",
    "Part",
    "Patch",
    "Query",
    "QueryBoolean",
    "QueryChoice",
    "QueryInteger",
    "Slug",
    "Strict",
    "Text",
    "Upload",
    "Url",
    "ValueRefused",
    "WallTime",
    "Year",
    "Zone",
    "clean_email",
    "countries",
    "email_key",
    "field_errors",
    "invalid",
    "is_suspicious_email",
    "language_tag",
    "markdown_html",
    "normalise",
    "parameter_refusal",
    "pointer_token",
    "read_instant",
    "ready",
    "refuse",
    "register_fields",
    "search_key",
    "slug_pattern",
    "utc_instant",
    "zone_names",
    "zoned_instant",
]
