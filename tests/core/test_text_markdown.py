"""security.md row 18: stored XSS; row 21: templates; row 25: length."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsvc.core.text import ValueRefused, markdown_html

ALLOWED = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "code", "blockquote", "br"}
REL = "noopener nofollow ugc"
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/x)",
    "[x](/logout)",
    "[x](https://e.example/ \"t\\\" onmouseover=alert(1)\")",
    "[x](https://e.example/\"onmouseover=alert(1))",
    "![x](https://e.example/x.png\"onerror=alert(1))",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<form action=https://e.example><button>x</button></form>",
    "```\"><script>alert(1)</script>\n<script>alert(1)</script>\n```",
]  # fmt: skip


class Live(HTMLParser):
    """Collects what a browser would bring to life."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.bad.append(tag)
        if "href" in dict(attrs) and dict(attrs).get("rel") != REL:
            self.bad.append("rel")
        for name, value in attrs:
            if tag == "a" and name == "href":
                if not value.startswith(("http://", "https://", "mailto:")):
                    self.bad.append(value)
            elif (tag, name, value) != ("a", "rel", REL):
                self.bad.append((tag, name, value))

    def handle_comment(self, data):
        self.bad.append(data)

    def handle_decl(self, decl):
        self.bad.append(decl)


def live_markup(html):
    reader = Live()
    reader.feed(html)
    reader.close()
    return reader.bad


def test_row_18_there_are_24_payloads():
    assert len(set(PAYLOADS)) == 24


@pytest.mark.threat(18)
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "# {}", "- a\n- {}", "> {}", "**{}**"])
def test_row_18_no_live_markup(payload, around):
    assert live_markup(markdown_html(around.format(payload))) == []


@pytest.mark.threat(18)
@settings(deadline=None)  # the machine is shared
@given(st.text(alphabet="<>[]()!\"'`*_#-=:/ \n\\&;ajvscriptonehrf", max_size=120))
def test_row_18_no_live_markup_in_anything(source):
    assert live_markup(markdown_html(source)) == []


def test_the_allowed_markup_lives():
    source = (
        "# One\n\n## Two\n\n###### Six\n\n1. a\n2. **b** *c* `d`\n\n- e\n\n> f\n\ng  \nh\n\n"
        "[web](https://e.example/?a=1&b=2 'title')\n[mail](mailto:a@e.example)"
    )
    rel = f'rel="{REL}"'
    assert markdown_html(source).split("\n") == [
        "<h2>One</h2>",
        "<h2>Two</h2>",
        "<h4>Six</h4>",
        "<ol>",
        "<li>a</li>",
        "<li><strong>b</strong> <em>c</em> <code>d</code></li>",
        "</ol>",
        "<ul>",
        "<li>e</li>",
        "</ul>",
        "<blockquote>",
        "<p>f</p>",
        "</blockquote>",
        "<p>g<br>",
        "h</p>",
        f'<p><a href="https://e.example/?a=1&amp;b=2" {rel}>web</a>',
        f'<a href="mailto:a@e.example" {rel}>mail</a></p>',
    ]


@pytest.mark.threat(21)
def test_row_21_a_template_stays_text():
    assert markdown_html("{{7*7}} {% x %}") == "<p>{{7*7}} {% x %}</p>"


@pytest.mark.threat(25)
def test_row_25_a_source_has_at_most_20_000_characters():
    assert markdown_html("a" * 20_000)
    with pytest.raises(ValueRefused) as refusal:
        markdown_html("a" * 20_001)
    assert refusal.value.code == "too-long"


@pytest.mark.threat(18)
def test_row_18_raw_html_is_shown_as_text():
    assert markdown_html("a <b>b</b>") == "<p>a &lt;b&gt;b&lt;/b&gt;</p>"
