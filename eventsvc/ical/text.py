"""Text for calendar files: cleaned, escaped, cut, folded (calendar.md §5; RFC 5545 §3.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

CRLF = "\r\n"
MAX_LINE_OCTETS = 75

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# controls, the byte order mark, and halves of surrogate pairs, which UTF-8 cannot write
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_ESCAPE = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_FOLD = re.compile("\r?\n[ \t]")
_ATOM = re.compile(r"\\.|.", re.DOTALL)
_JOINER = "\u200d"


def cleaned(value: str) -> str:
    """NFC, line ends as ``\\n``, TAB as a space, no other control character (rule 33)."""
    text = _NEWLINES.sub("\n", value).replace("\t", " ")
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", text))


def one_line(value: str) -> str:
    """Cleaned text on one line, blanks in a row as one space (rule 23)."""
    return " ".join(cleaned(value).split())


def escaped(value: str) -> str:
    """A TEXT value, cleaned and escaped once (rule 35; RFC 5545 §3.3.11)."""
    return cleaned(value).translate(_ESCAPE)


def parameter(value: str) -> str:
    """A parameter value, quoted where needed; a double quote becomes ``'`` (rule 35; §3.2)."""
    text = one_line(value).replace('"', "'")
    return f'"{text}"' if re.search("[:;,]", text) else text


def uri(value: str) -> str:
    """A URI value: never escaped (RFC 5545 §3.3.13), so blanks are percent-encoded."""
    return cleaned(value).strip().replace(" ", "%20").replace("\n", "")


def _clings(cluster: str, char: str) -> bool:
    """True if ``char`` belongs to the grapheme ``cluster``: marks, joined emoji, flags."""
    if char < "\u0300":
        return False
    if char == _JOINER or cluster[-1] == _JOINER or unicodedata.category(char)[0] == "M":
        return True
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # two regional indicators make one flag
        return len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
    return "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"


def clusters(value: str) -> Iterator[str]:
    """The graphemes of ``value``, in order: what a reader takes for one character.

    A close reading of UAX #29 without its tables: combining marks, emoji joined or coloured,
    flags. NFC has already put Hangul together.
    """
    cluster = ""
    for char in value:
        if cluster and not _clings(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def shortened(value: str, limit: int) -> str:
    """At most ``limit`` characters (code points), cut between graphemes and ended by ``…``."""
    if len(value) <= limit:
        return value
    kept, length = [], 0
    for cluster in clusters(value):
        length += len(cluster)
        if length > limit - 1:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…" if limit > 0 else ""


def _pieces(line: str) -> Iterator[str]:
    """Parts of a content line that must not be broken, each at most 74 octets (rule 34).

    A piece is a grapheme together with every backslash before it. What is longer than a line
    (heaps of marks, rows of backslashes) falls apart into characters and escape pairs.
    """
    piece = ""
    for cluster in clusters(line):
        piece += cluster
        if piece[-1] == "\\":
            continue
        yield from _fitting(piece)
        piece = ""
    yield from _fitting(piece)


def _fitting(piece: str) -> list[str]:
    """The piece itself, or its characters and escape pairs where it is longer than a line."""
    return [piece] if len(piece.encode()) < MAX_LINE_OCTETS else _ATOM.findall(piece)


def folded(line: str) -> str:
    """One content line with its CRLF, no physical line over 75 octets (rule 34; §3.1)."""
    if len(line) <= MAX_LINE_OCTETS and len(line.encode()) <= MAX_LINE_OCTETS:
        return line + CRLF
    rows, used = [""], 0
    for piece in _pieces(line):
        size = len(piece.encode())
        if used + size > MAX_LINE_OCTETS:
            rows.append(" ")
            used = 1
        rows[-1] += piece
        used += size
    return CRLF.join(rows) + CRLF


def unfolded(text: str) -> str:
    """The text with its folds undone (RFC 5545 §3.1); line ends stay."""
    return _FOLD.sub("", text)
