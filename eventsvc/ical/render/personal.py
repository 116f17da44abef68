"""One participant's copy of a stored item: its text is completed, not rendered anew (rule 41)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from eventsvc.ical.policy import CONFIRMED, MAX_SEQUENCE, OPAQUE, transp_shown, weaker
from eventsvc.ical.render.items import utc, without_abstract
from eventsvc.ical.text import CRLF, escaped, folded, unfolded, uri

JOIN_LABEL = "Join online"
MAX_BLOCK_OCTETS = 8_192  # rule 37
# the end of the fixed order of rule 11
ORDER = (
    "LOCATION", "GEO", "DESCRIPTION", "CATEGORIES", "CONFERENCE", "IMAGE", "ATTACH", "RELATED-TO",
)  # fmt: skip

# A fold starts with a blank, so at the start of a line only the property itself is found.
_PERSONAL = re.compile(
    r"^(DTSTAMP|STATUS|SEQUENCE|LAST-MODIFIED|CLASS|TRANSP):([^\r\n]*)", re.MULTILINE
)


def personal_block(
    block: str,
    *,
    sequence_plus: int,
    stamp_at: datetime | None = None,
    status: str | None = None,
    transp: str = OPAQUE,
    private: bool = False,
    join_url: str | None = None,
) -> str:
    """The stored text as one participant sees it, not rendered anew (rules 15-19, 41).

    ``sequence_plus`` is the booking's counter, ``stamp_at`` the instant of its last change; the
    later of the two revisions is shown. ``status`` is the booking's own: the less certain of both
    counts, so CONFIRMED never hides that the programme is provisional or the session cancelled.
    ``transp`` holds for confirmed items with times; all others are TRANSPARENT. ``join_url`` lets
    an online guest in (rule 25). ValueError for a falling counter or a text that is no VEVENT of
    ours.
    """
    shown = dict(_PERSONAL.findall(block))
    if sequence_plus < 0 or len(shown) != 6:
        raise ValueError("not a stored VEVENT, or a booking counter below 0")
    shown["SEQUENCE"] = str(min(int(shown["SEQUENCE"]) + sequence_plus, MAX_SEQUENCE))
    shown["STATUS"] = weaker(shown["STATUS"], status or CONFIRMED)
    all_day = "\r\nDTSTART;VALUE=DATE:" in block
    shown["TRANSP"] = transp_shown(transp, shown["STATUS"], all_day=all_day)
    shown["CLASS"] = "PRIVATE" if private else shown["CLASS"]
    if stamp_at is not None:
        # stamps of one form sort as text
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            shown[name] = max(shown[name], utc(stamp_at))
    own = _PERSONAL.sub(lambda found: f"{found[1]}:{shown[found[1]]}", block)
    return joinable(own, join_url) if join_url else own


def joinable(block: str, join_url: str) -> str:
    """The text with the address of the stream as CONFERENCE, and again in DESCRIPTION: Google and
    Apple read RFC 5545 only (rule 25). Where that makes it too long, the abstract goes (rule 37).
    """
    text = _with_join(block, join_url)
    return (
        text
        if len(text.encode()) <= MAX_BLOCK_OCTETS
        else _with_join(without_abstract(block), join_url)
    )


def _with_join(block: str, join_url: str) -> str:
    lines = unfolded(block).removesuffix(CRLF).split(CRLF)
    names = [re.split("[:;]", line, maxsplit=1)[0] for line in lines]
    if "DESCRIPTION" in names:
        at = names.index("DESCRIPTION")
        page, newline, rest = lines[at].partition("\\n")
        lines[at] = f"{page}\\n{escaped(join_url)}{newline}{rest}"
    else:
        page = lines[names.index("URL")].removeprefix("URL:")
        at = _place_of("DESCRIPTION", names)
        lines.insert(at, f"DESCRIPTION:{escaped(page)}\\n{escaped(join_url)}")
        names.insert(at, "DESCRIPTION")
    conference = f"CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL={JOIN_LABEL}:{uri(join_url)}"
    lines.insert(_place_of("CONFERENCE", names), conference)
    return "".join(map(folded, lines))


def _place_of(name: str, names: Sequence[str]) -> int:
    """Where a property belongs: before the first one that comes after it in the order."""
    later = (*ORDER[ORDER.index(name) + 1 :], "END")
    return next(index for index, found in enumerate(names) if found in later)
