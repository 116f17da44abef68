"""The closed set of placeholders in announcements (security.md row 21).

They are replaced once, as plain text: no template language ever sees what an organiser typed, and
a value that looks like a placeholder stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

PLACEHOLDERS: Mapping[str, str] = {
    "name": "The person's name",
    "event": "Title of the event",
    "organiser": "Name of the organiser",
    "starts": "When the event takes place, with its zone",
    "place": "Where it takes place; empty for online guests",
    "code": "Code of the registration",
    "private_link": "The person's own page",
}
"""Name → what stands in its place."""

LINKS = frozenset({"private_link"})
_KNOWN = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_WORD = re.compile(r"\{([a-z][a-z_]{0,40})\}")


def filled(text: str, values: Mapping[str, str | None]) -> str:
    """The text with every known placeholder replaced; everything else stays as it was typed."""
    return _KNOWN.sub(lambda found: values.get(found[1]) or "", text)


def filled_html(html: str, values: Mapping[str, str | None]) -> str:
    """The same for sanitised HTML: values are escaped, links of ours can be followed.

    The HTML comes first and the values after it, so that a name can never become markup, nor a
    link (security.md row 19).
    """

    def written(found: re.Match[str]) -> str:
        value = escape(values.get(found[1]) or "")
        return f'<a href="{value}">{value}</a>' if value and found[1] in LINKS else value

    return _KNOWN.sub(written, html)


def unknown_in(*texts: str) -> list[str]:
    """Words in braces that are no placeholders: they stay as typed, so a slip should be seen."""
    words = {word for text in texts for word in _WORD.findall(text)}
    return sorted(words - PLACEHOLDERS.keys())
