"""What feeds are called, in the language of the event: a text of the data, not of the server."""

from __future__ import annotations

from collections.abc import Sequence

DEFAULT_COLOR = "steelblue"
_WORDS = {
    "en": {
        "event": "Full agenda",
        "part": "Part of the agenda",
        "series": "All editions",
        "personal": "My programme",
        "split": "Too large for one calendar: it holds the dates of the editions only. Each edition"
        " has a calendar of its own, see {page}",
    },
    "de": {
        "event": "Gesamtes Programm",
        "part": "Teil des Programms",
        "series": "Alle Ausgaben",
        "personal": "Mein Programm",
        "split": "Zu groß für einen Kalender: Er enthält nur die Termine der Ausgaben. Jede Ausgabe"
        " hat einen eigenen Kalender, siehe {page}",
    },
    "fr": {
        "event": "Programme complet",
        "part": "Partie du programme",
        "series": "Toutes les éditions",
        "personal": "Mon programme",
        "split": "Trop grand pour un seul calendrier : il ne contient que les dates des éditions."
        " Chaque édition a son propre calendrier, voir {page}",
    },
}
# CSS Color Module Level 3 §4.3; RFC 7986 §5.9 allows these names and no other form
_NAMES = """
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet
    brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan
    darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta
    darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen darkslateblue
    darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey
    dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray
    green greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush
    lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow lightgray
    lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
    lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine
    mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen
    mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy
    oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise
    palevioletred papayawhip peachpuff peru pink plum powderblue purple red rosybrown royalblue
    saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue slategray
    slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
    whitesmoke yellow yellowgreen
"""
_COLORS = frozenset(_NAMES.split())


def language_of(*wished: str | None) -> str:
    """The first of the languages that we have words in, else English."""
    known = [tag[:2].lower() for tag in wished if tag and tag[:2].lower() in _WORDS]
    return known[0] if known else "en"


def color_of(*wished: str | None) -> str:
    """The first that is a CSS3 colour name (rule 7), else ours."""
    known = [name.lower() for name in wished if name and name.lower() in _COLORS]
    return known[0] if known else DEFAULT_COLOR


def event_about(theme: str | None, languages: Sequence[str]) -> str:
    """DESCRIPTION of the feed of an edition."""
    text = _WORDS[language_of(*languages)]["event"]
    return f"{text}: {theme}" if theme else text


def part_about(languages: Sequence[str]) -> str:
    """DESCRIPTION of the feed of a track, a room or a type."""
    return _WORDS[language_of(*languages)]["part"]


def series_about(languages: Sequence[str]) -> str:
    """DESCRIPTION of the feed of a series."""
    return _WORDS[language_of(*languages)]["series"]


def split_note(page: str, languages: Sequence[str]) -> str:
    """What the feed of a series says once it holds banners only (rule 37)."""
    return _WORDS[language_of(*languages)]["split"].format(page=page)


def personal_about(languages: Sequence[str | None]) -> str:
    """What a personal feed is called, beside the title of the event."""
    return _WORDS[language_of(*languages)]["personal"]
