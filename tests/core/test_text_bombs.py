"""security.md row 25: 18 bombs answer in less than two seconds together."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from eventsvc.core.text import (
    Email,
    Instant,
    LanguageTag,
    Slug,
    Text,
    Url,
    ValueRefused,
    Zone,
    clean_email,
    email_key,
    is_suspicious_email,
    markdown_html,
    search_key,
)

MILLION = 1_000_000
MARKS = "\u0300\u0316"
BOMBS = [
    (markdown_html, "[" * 20_000),
    (markdown_html, "![" * 10_000),
    (markdown_html, "*_" * 10_000),
    (markdown_html, "> " * 10_000),
    (markdown_html, "<![CDATA[" * 2_222),
    (markdown_html, "".join("`" * n + " " for n in range(1, 198))),
    (markdown_html, "a" + MARKS * 9_999),
    (Text(max_length=20_000).read, "a" + MARKS * 40_000),
    (Text().read, " " * MILLION + "a"),
    (Slug().read, "a-" * MILLION),
    (Email().read, "a@" + "a." * 125),
    (clean_email, '"' + "\\a" * MILLION + '"@example.org'),
    (Instant().read, "2" * MILLION),
    (LanguageTag().read, "a-" * MILLION),
    (Url().read, "http://" + "a." * 900 + "\u3002" * 100),
    (Zone().read, "Europe/" + "../" * MILLION),
    (search_key, MARKS * MILLION),
    (lambda text: (email_key(text), is_suspicious_email(text)), MARKS * MILLION + "@é.example"),
]


@pytest.mark.threat(25)
def test_row_25_eighteen_bombs():
    assert len(BOMBS) == 18
    for read, bomb in BOMBS:
        started = time.thread_time()  # of this thread: servers of other tests do not count
        with suppress(ValueRefused):
            read(bomb)
        assert time.thread_time() - started < 2, bomb[:40]
