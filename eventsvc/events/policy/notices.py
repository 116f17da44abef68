"""Data-protection notices: what one must say, and in which language one is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventsvc.core.errors import Invalid

GDPR, EU_BODIES = "eu_2016_679", "eu_2018_1725"
REGULATIONS = (GDPR, EU_BODIES)
EDPS = "European Data Protection Supervisor (EDPS), edps.europa.eu"
NOTICE_FIELDS = (
    "regulation", "controller", "joint_controllers", "processors", "record_number",
    "dpo_contact", "supervisory_authority", "purposes", "recipients", "rights", "introduction",
)  # fmt: skip


def notice_content(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a notice says after ``given`` was put into ``known``; None clears.

    A body of the Union is supervised by the EDPS (Regulation (EU) 2018/1725, article 52) unless
    something else is said; everybody else names the national authority (GDPR, article 13(2)(d)).

    Raises:
        Invalid: ``required``: no authority where none follows.
    """
    said = {**known, **{name: given[name] for name in NOTICE_FIELDS if name in given}}
    content = {name: value for name, value in said.items() if value is not None}
    if content["regulation"] == EU_BODIES:
        content.setdefault("supervisory_authority", EDPS)
    if "supervisory_authority" not in content:
        raise Invalid.field("/supervisory_authority", "required", "Name the national authority")
    return content


def language_shown(
    known: Iterable[str], *wanted: str | None, event_languages: Sequence[str] = ()
) -> str | None:
    """The language, of those ``known``, in which something is shown to somebody.

    First who reads (``wanted``), then the event's languages in order, then English, then any;
    ``de-AT`` is served by ``de``, and the other way round. None where nothing is known.
    """
    there = sorted(known)
    for tag in (*wanted, *event_languages, "en"):
        if tag is None:
            continue
        if tag in there:
            return tag
        for one in there:
            if one.partition("-")[0].lower() == tag.partition("-")[0].lower():
                return one
    return there[0] if there else None
