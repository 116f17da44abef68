"""Addresses of calendars and how people subscribe to them (calendar.md rules 2, 3)."""

from __future__ import annotations

from urllib.parse import quote

WITHOUT_SERIES = "-"


def series_path(slug: str) -> str:
    """The path of a series' feed."""
    return f"/calendars/{slug}.ics"


def event_path(series_slug: str | None, slug: str) -> str:
    """The path of an edition's feed; None: it belongs to no series."""
    return f"/calendars/{series_slug or WITHOUT_SERIES}/{slug}.ics"


def part_path(series_slug: str | None, slug: str, part: tuple[str, str]) -> str:
    """The path of the feed of a part of an edition, such as ``("tracks", "water")``."""
    folder, name = part
    return f"/calendars/{series_slug or WITHOUT_SERIES}/{slug}/{folder}/{name}.ics"


def item_path(series_slug: str | None, slug: str, item_id: str) -> str:
    """The path of the download of one agenda item."""
    return f"/calendars/{series_slug or WITHOUT_SERIES}/{slug}/items/{item_id}.ics"


def personal_path(token: str) -> str:
    """The secret path of a personal feed."""
    return f"/my/calendar/{token}.ics"


def page_path(series_slug: str | None, slug: str | None = None) -> str:
    """The path of the public page of an edition, or without ``slug`` of a series."""
    if slug is None:
        return f"/api/v1/public/series/{series_slug}"
    return f"/events/{series_slug or WITHOUT_SERIES}/{slug}"


def subscribe_links(url: str, name: str) -> dict[str, str]:
    """How to subscribe to the feed at the absolute ``url``, by client.

    ``address`` is always offered for copying: new Outlook mangles clicked ``webcal`` links, and
    Google sometimes rejects its own undocumented short cut (rule 3).
    """
    webcal = "webcal://" + url.partition("://")[2]
    query = f"url={quote(url, safe='')}&name={quote(name, safe='')}"
    return {
        "address": url,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        "outlook": f"https://outlook.live.com/calendar/0/addfromweb?{query}",
        "outlook_work": f"https://outlook.office.com/calendar/0/addfromweb?{query}",
    }
