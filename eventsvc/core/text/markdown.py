"""Markdown in, safe HTML out (security.md row 18). The only maker of ``*_html`` texts."""

from __future__ import annotations

from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt

from eventsvc.core.text.characters import ValueRefused, normalise

LONGEST_MARKDOWN = 20_000
"""Characters of a Markdown source (security.md row 25)."""

_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "code", "blockquote", "br"}
_SCHEMES = {"http", "https", "mailto"}
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable("image")


def markdown_html(source: str) -> str:
    """HTML of a Markdown source, with p, h2–h4, ul, ol, li, strong, em, a, code, blockquote, br.

    Raw HTML is shown as text; a link keeps its address only with http, https or mailto, and
    gets ``rel="noopener nofollow ugc"``; other headings become the nearest allowed one.
    Raises ``ValueRefused`` with ``too-long`` over 20 000 characters, or ``invalid-character``.
    """
    if len(source) > LONGEST_MARKDOWN:
        raise ValueRefused("too-long", f"At most {LONGEST_MARKDOWN} characters")
    tokens = _reader.parse(normalise(source, multiline=True))
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    return nh3.clean(
        _reader.renderer.render(tokens, _reader.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_safe_address,
        url_schemes=_SCHEMES,
        link_rel="noopener nofollow ugc",
        strip_comments=True,
    ).strip()


def _safe_address(tag: str, attribute: str, address: str) -> str | None:
    if (tag, attribute) != ("a", "href"):  # nh3 would let title and lang through
        return address if attribute == "rel" else None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or (parts.scheme != "mailto" and not parts.netloc):
        return None
    return address
