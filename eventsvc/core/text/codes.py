"""Fields for ids, countries, languages and web addresses (api.md §1)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import idna

from eventsvc.core.text.characters import ValueRefused, has_format_characters, normalise
from eventsvc.core.text.strict import Strict, expect_text

LONGEST_URL = 2000
LONGEST_LANGUAGE_TAG = 35

_ASSIGNED = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
ZW
"""
countries = frozenset(_ASSIGNED.split())
"""The officially assigned codes of ISO 3166-1 alpha-2."""

_ID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ID = re.compile(_ID_PATTERN.strip("^$"))
_SUBTAG = re.compile(r"[A-Za-z0-9]{1,8}")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


class Id(Strict[str]):
    """An id: a UUID in lower-case hyphenated form, kept as text. ``invalid-id``."""

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "format": "uuid", "maxLength": 36, "pattern": _ID_PATTERN}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The id as given."""
        text = expect_text(value)
        if len(text) != 36 or not _ID.fullmatch(text):
            raise ValueRefused("invalid-id", "This is not an id")
        return text

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return None if value is None else str(value)


class CountryCode(Strict[str]):
    """A country by ISO 3166-1 alpha-2, in capitals. ``unknown-country``."""

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "minLength": 2, "maxLength": 2, "pattern": "^[A-Z]{2}$"}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The code as given."""
        if expect_text(value) not in countries:
            raise ValueRefused("unknown-country", "Give two capital letters of ISO 3166-1, e.g. AT")
        return str(value)


def language_tag(tag: str) -> str:
    """A well-formed BCP 47 tag in its usual case: ``DE-at`` → ``de-AT``.

    Raises ``ValueRefused("invalid-language")``. Follows the grammar of RFC 5646 §2.1 with
    §2.2.9 (no variant and no singleton twice); the grandfathered ``i-…`` tags are not taken.
    """
    refused = ValueRefused("invalid-language", "Give a BCP 47 tag, e.g. de or de-AT")
    subtags = tag.split("-") if len(tag) <= LONGEST_LANGUAGE_TAG else [""]
    if not all(_SUBTAG.fullmatch(subtag) for subtag in subtags):
        raise refused
    low = [subtag.lower() for subtag in subtags]
    first = low[0]
    if first == "x":
        if len(low) < 2:
            raise refused
        return "-".join(low)
    if not first.isalpha() or len(first) < 2:
        raise refused
    written = [first]
    at = 1
    if len(first) <= 3:
        while at < len(low) and at <= 3 and len(low[at]) == 3 and low[at].isalpha():
            written.append(low[at])
            at += 1
    if at < len(low) and len(low[at]) == 4 and low[at].isalpha():
        written.append(low[at].title())
        at += 1
    if at < len(low) and _is_region(low[at]):
        written.append(low[at].upper())
        at += 1
    if not _rest_is_well_formed(low[at:]):
        raise refused
    return "-".join([*written, *low[at:]])


def _is_region(subtag: str) -> bool:
    return (len(subtag) == 2 and subtag.isalpha()) or (len(subtag) == 3 and subtag.isdigit())


def _rest_is_well_formed(rest: list[str]) -> bool:
    """Whether variants, then extensions, then a private part follow, as RFC 5646 §2.1 has it."""
    seen: set[str] = set()
    singleton = ""
    empty = False  # a singleton needs a subtag behind it
    for subtag in rest:
        if singleton == "x":
            empty = False
        elif len(subtag) == 1:
            if empty or subtag in seen:
                return False
            singleton, empty = subtag, True
            seen.add(subtag)
        elif singleton:
            empty = False
        elif not _is_variant(subtag) or subtag in seen:
            return False
        else:
            seen.add(subtag)
    return not empty


def _is_variant(subtag: str) -> bool:
    return len(subtag) >= 5 or (len(subtag) == 4 and subtag[0].isdigit())


class LanguageTag(Strict[str]):
    """A BCP 47 language tag, well-formed, in its usual case (``de-AT``). ``invalid-language``."""

    def __init__(self, **options: Any) -> None:
        documented = {
            "type": "string",
            "minLength": 2,
            "maxLength": LONGEST_LANGUAGE_TAG,
            "pattern": "^[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*$",
        }
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The tag in its usual case."""
        return language_tag(expect_text(value))


class Url(Strict[str]):
    """An absolute http or https address without user name, at most 2 000 characters.

    Codes: ``invalid-url``, ``invalid-character``, ``too-long``.
    """

    def __init__(self, **options: Any) -> None:
        documented = {"type": "string", "format": "uri", "maxLength": LONGEST_URL}
        super().__init__(documented, **options)

    def read(self, value: Any) -> str:
        """The address as given, trimmed and in NFC."""
        given = expect_text(value)
        if len(given) > LONGEST_URL:
            raise ValueRefused("too-long", f"At most {LONGEST_URL} characters")
        text = normalise(given)
        if has_format_characters(text):
            raise ValueRefused("invalid-character", "The address contains an invisible character")
        if not _is_web_address(text):
            raise ValueRefused(
                "invalid-url", "Give an address that begins with https:// or http://"
            )
        return text


def _is_web_address(text: str) -> bool:
    if any(c.isspace() or c in '\\<>"`{}|^' for c in text):
        return False
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode("ascii")
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return False
    if ":" in host:
        host = f"[{host}]"
    return bool(_HOST.fullmatch(host)) and all(host.removesuffix(".").split("."))
