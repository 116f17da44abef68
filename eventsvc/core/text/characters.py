"""Characters of a text: which may come in, and which forms mean the same (api.md §1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

slug_pattern = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
"""Pattern of a slug, 1 to 64 characters (api.md §1)."""

MOST_MARKS_IN_A_ROW = 30
"""Stream-Safe limit of UAX 15; beyond it normalising takes quadratic time."""

LONGEST_NAME = 1000
"""Characters of a name that ``search_key`` looks at."""

_ONE_LINE = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MANY_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_PLAIN_LETTERS = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H",
        "ı": "i", "ŧ": "t", "Ŧ": "T", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
        "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ŋ": "n", "Ŋ": "N", "ĸ": "k",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
    }
)  # fmt: skip


class ValueRefused(ValueError):  # noqa: N818  a refusal is an answer, as in core/errors
    """A value is refused. ``code`` is the stable field code, ``detail`` a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def marks_run_too_long(text: str) -> bool:
    """Whether more than ``MOST_MARKS_IN_A_ROW`` combining marks follow each other."""
    if text.isascii():
        return False
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MOST_MARKS_IN_A_ROW:
            return True
    return False


def normalise(text: str, *, multiline: bool = False) -> str:
    """The text in NFC, without white space around it.

    Raises ``ValueRefused("invalid-character")`` for U+0000–001F (``\\n`` and ``\\t`` may stand
    in a ``multiline`` text), U+007F, lone surrogates, bidi controls U+202A–202E and
    U+2066–2069 (api.md §1), and for more than 30 combining marks in a row (UAX 15).
    """
    found = (_MANY_LINES if multiline else _ONE_LINE).search(text)
    if found:
        raise ValueRefused(
            "invalid-character",
            f"The character U+{ord(found.group()):04X} at position {found.start()} is not allowed",
        )
    if marks_run_too_long(text):
        raise ValueRefused(
            "invalid-character", f"More than {MOST_MARKS_IN_A_ROW} combining marks in a row"
        )
    return unicodedata.normalize("NFC", text).strip()


def has_format_characters(text: str) -> bool:
    """Whether an invisible character (category Cf, such as a soft hyphen) is in the text."""
    return not text.isascii() and any(unicodedata.category(c) == "Cf" for c in text)


def is_blank(text: str) -> bool:
    """Whether nothing in the text can be seen: only spaces and invisible characters."""
    return all(c.isspace() or unicodedata.category(c) in {"Cf", "Zs", "Cc"} for c in text)


def search_key(text: str) -> str:
    """The form under which names are matched: without accents, case and spare spaces.

    "Šermukšnytė" and "Sermuksnyte", "Łódź" and "lodz" meet. Never raises; looks at the first
    1 000 characters only.
    """
    short = text[:LONGEST_NAME].translate(_PLAIN_LETTERS)
    folded = unicodedata.normalize("NFKD", short).casefold().translate(_PLAIN_LETTERS)
    kept = _letters_without_marks(unicodedata.normalize("NFKD", folded))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def _letters_without_marks(text: str) -> Iterable[str]:
    for character in text:
        category = unicodedata.category(character)
        if category == "Pd":
            yield "-"
        elif category not in {"Mn", "Me", "Cf", "Cs"}:
            yield character
