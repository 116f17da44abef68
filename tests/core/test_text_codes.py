"""api.md §1: ids, countries, languages, web addresses."""

from __future__ import annotations

import uuid

import pytest
from babel import Locale

from eventsvc.core.text import CountryCode, Id, LanguageTag, Url, ValueRefused, countries

RESERVED = "AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ"
ONE_ID = "0b9c2f4e-7a51-4c1e-9a43-3f1d2b6c8e90"


def refused(field, value):
    with pytest.raises(ValueRefused) as refusal:
        field.read(value)
    return refusal.value.code


def test_an_id_is_a_hyphenated_lower_case_uuid():
    assert Id().read(ONE_ID) == ONE_ID
    assert Id().serialize("id", {"id": uuid.UUID(ONE_ID)}) == ONE_ID
    assert Id().serialize("id", {"id": None}) is None


@pytest.mark.parametrize(
    "text",
    [ONE_ID.upper(), ONE_ID.replace("-", ""), f"{{{ONE_ID}}}", f"urn:uuid:{ONE_ID}",
     f" {ONE_ID}", f"{ONE_ID}\n", ONE_ID[:-1] + "g", ONE_ID[:-1] + "٥", ""],
)  # fmt: skip
def test_other_spellings_of_an_id_are_refused(text):
    assert refused(Id(), text) == "invalid-id"


def test_countries_are_those_of_iso_3166_1():
    known = {code for code in Locale("en").territories if len(code) == 2}
    reserved = set(RESERVED.split())
    assert known - reserved == countries
    assert CountryCode().read("AT") == "AT"


@pytest.mark.parametrize("code", ["at", "AUT", "040", "EU", "UK", "XX", "ＡＴ", ""])
def test_other_countries_are_refused(code):
    assert refused(CountryCode(), code) == "unknown-country"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("de", "de"),
        ("DE-at", "de-AT"),
        ("sr-latn-RS", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("zh-yue-HK", "zh-yue-HK"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-CH-1901", "de-CH-1901"),
        ("en-u-co-phonebk-x-private", "en-u-co-phonebk-x-private"),
        ("x-whatever", "x-whatever"),
        ("gsw", "gsw"),
    ],
)
def test_a_language_is_a_bcp_47_tag_in_its_usual_case(given, kept):
    assert LanguageTag().read(given) == kept


@pytest.mark.parametrize(
    "tag",
    ["", "d", "de_AT", "de-", "-de", "de--AT", "deutschlich", "de-AT-AT", "de-1901-1901",
     "en-u", "en-u-co-u-ca", "en-a-b", "x", "en-x", "i-klingon", "de-ATX-A", "d1", "dé",
     "de-abcdefghi", "de-" + "abcde-" * 6 + "a"],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused(tag):
    assert refused(LanguageTag(), tag) == "invalid-language"


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "HTTP://example.org:8080/a?b=c#d", "https://bücher.example/ü",
     "https://192.0.2.1/", "https://[2001:db8::1]/", "https://example.org./"],
)  # fmt: skip
def test_a_web_address_is_kept_as_given(address):
    assert Url().read(f" {address} ") == address


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("example.org", "invalid-url"),
        ("//example.org/x", "invalid-url"),
        ("/path", "invalid-url"),
        ("ftp://example.org", "invalid-url"),
        ("javascript:alert(1)", "invalid-url"),
        ("https:example.org", "invalid-url"),
        ("https://", "invalid-url"),
        ("https:///x", "invalid-url"),
        ("https://anna:pw@example.org", "invalid-url"),
        ("https://example.org\\@evil.example", "invalid-url"),
        ("https://exa mple.org", "invalid-url"),
        ("https://example..org", "invalid-url"),
        ("https://example.org:port", "invalid-url"),
        ("https://example.org:99999", "invalid-url"),
        ("https://[::1", "invalid-url"),
        ('https://example.org/"onclick', "invalid-url"),
        ("https://exam\u00adple.org", "invalid-character"),
        ("https://example.org/\r\nX: y", "invalid-character"),
        ("https://example.org/" + "a" * 2000, "too-long"),
    ],
)
def test_other_addresses_are_refused(address, code):
    assert refused(Url(), address) == code
