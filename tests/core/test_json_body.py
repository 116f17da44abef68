"""api.md §2 first row of the table, §14; security.md row 23."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.core.errors import MalformedRequest
from eventsvc.core.json_body import load_json
from eventsvc.core.text import Text, ValueRefused

BAD = {
    "empty": b"",
    "blank": b"  ",
    "not JSON": b"{'a': 1}",
    "trailing comma": b"[1,]",
    "two values": b"{} {}",
    "open string": b'{"a": "b',
    "open array": b"[[1]",
    "comment": b"/* */ {}",
    "raw control character": b'"a\x01"',
    "byte order mark": b"\xef\xbb\xbf{}",
    "bad UTF-8": b'"\xff"',
    "surrogate in UTF-8": b'"\xed\xa0\x80"',
    "Latin-1": '"é"'.encode("latin-1"),
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "NaN": b"NaN",
    "NaN inside": b'{"a": [NaN]}',
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "infinite by exponent": b"[1e999]",
    "key twice": b'{"a": 1, "a": 1}',
    "key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "key twice inside": b'[{"b": {"a": 1, "a": 2}}]',
    "33 arrays": b"[" * 33 + b"]" * 33,
    "33 levels mixed": b'{"a":[' * 16 + b"[1]" + b"]}" * 16,
    "31 digits": b"[" + b"1" * 31 + b"]",
    "31 digits with a point": b"[1." + b"1" * 30 + b"]",
    "31 digits in the exponent": b"[1e" + b"0" * 30 + b"]",
    "plus sign": b"[+1]",
    "leading zero": b"[01]",
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_malformed_json_is_refused(raw):
    with pytest.raises(MalformedRequest) as refusal:
        load_json(raw)
    assert refusal.value.code == "malformed-json"


@pytest.mark.threat(23)
@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[]" * 500_000,
        b"9" * 5_000,
        b'{"a": -' + b"9" * 1_000_000 + b"}",
        b'"' * 1_000_001,
        b'"\\' * 500_000,
        b'"' + b"\\" * 1_000_001,
        b"-" * 1_000_000,
        b'["a",' * 200_000,
    ],
    ids=lambda raw: raw[:8].decode(),
)
def test_row_23_bombs_are_refused_quickly(raw):
    started = time.process_time()
    with pytest.raises(MalformedRequest):
        load_json(raw)
    assert time.process_time() - started < 0.5


def test_the_limits_themselves_pass():
    assert load_json(b"[" * 32 + b"]" * 32)
    assert load_json(b"[" + b"1" * 30 + b"]") == [int("1" * 30)]
    assert load_json(b'["' + b"[{9" * 1000 + b'"]') == ["[{9" * 1000]


def test_brackets_after_an_escaped_quote_do_not_count():
    text = '\\"' + "[" * 50
    assert load_json(json.dumps([text]).encode()) == [text]


def test_an_escaped_surrogate_passes_here_and_is_refused_by_the_field():
    (text,) = load_json(b'["\\ud800"]')
    with pytest.raises(ValueRefused) as refusal:
        Text().read(text)
    assert refusal.value.code == "invalid-character"


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**29), 10**29) | st.text(max_size=30),
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None)  # the machine is shared
@given(values, st.booleans())
def test_what_is_json_is_read_as_json_reads_it(value, escaped):
    raw = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    assert load_json(raw) == value


@settings(deadline=None)  # the machine is shared
@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\0123eE.+-u tfn', max_size=80))
def test_any_bytes_are_read_or_refused(raw):
    given_bytes = raw.encode() if isinstance(raw, str) else raw
    try:
        load_json(given_bytes)
    except MalformedRequest as refusal:
        assert refusal.code == "malformed-json"  # noqa: PT017  not every text is refused
