"""Every letter in every language: complete, escaped, readable (delivery.md §8, security row 19).

Snapshots are what people would read; ``UPDATE_SNAPSHOTS=1`` writes them anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import LOCALES, TEMPLATES, render
from tests.post.queries.letters.samples import SAMPLES, sample

SNAPSHOTS = Path(__file__).parents[3] / "snapshots" / "post" / "letters"
OWN = ("https://events.example.org/", "https://meet.example.org/")
IN_HTML = ("registration_confirmed", "day_ahead", "starting_soon-bus")

everything = pytest.mark.parametrize(
    ("name", "locale"), [(name, locale) for name in SAMPLES for locale in LOCALES]
)


def compare(name: str, text: str) -> None:
    file = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def folders() -> list[Path]:
    return sorted(
        path for path in TEMPLATES.iterdir() if path.is_dir() and path.name != "catalogue"
    )


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value)
            if name in ("src", "background", "srcset"):
                self.sources.append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


@everything
def test_subject_and_text_are_the_snapshot(name: str, locale: str) -> None:
    rendered = render(*_in(name, locale))
    compare(f"{name}.{locale}.txt", f"Subject: {rendered.subject}\n\n{rendered.text}")


@pytest.mark.parametrize("name", IN_HTML)
def test_html_is_the_snapshot(name: str) -> None:
    compare(f"{name}.en.html", render(*_in(name, "en")).html)


@everything
def test_every_value_is_escaped(name: str, locale: str) -> None:
    page = Page(render(*_in(name, locale)).html)
    assert "b" not in page.tags
    assert "regions" not in page.tags
    assert not {"script", "img", "iframe", "form"} & set(page.tags)
    assert page.sources == [], "nothing is fetched when a mail is opened"
    assert all(link.startswith(OWN) for link in page.links), page.links
    assert "Clusters meet <Regions> & Friends" in page.text
    assert any(who in page.text for who in ("O'Brien <b>", "Zoë 李"))


@everything
def test_text_is_complete_without_html(name: str, locale: str) -> None:
    rendered = render(*_in(name, locale))
    for link in Page(rendered.html).links:
        assert link in rendered.text, "no link stands in the HTML alone"
    assert "&amp;" not in rendered.text
    assert "&lt;" not in rendered.text
    assert "\n\n\n" not in rendered.text


@everything
def test_it_is_written_in_the_language_asked_for(name: str, locale: str) -> None:
    rendered = render(*_in(name, locale))
    assert rendered.locale == locale
    if locale != "en":
        assert rendered.text != render(*_in(name, "en")).text
    assert "\n" not in rendered.subject
    assert len(rendered.subject) <= 120


@pytest.mark.parametrize("name", [name for name in SAMPLES if "day_ahead" not in name])
def test_the_zone_is_always_named(name: str) -> None:
    text = render(*_in(name, "en")).text
    if re.search(r"\d\d:\d\d", text):
        assert "Central European Summer Time" in text


def test_every_template_has_its_three_files_and_a_sample() -> None:
    for folder in folders():
        names = {file.name for file in folder.iterdir()}
        assert names == {"subject.txt", "body.txt", "body.mjml"}, folder.name
    shown = {template for template, _ in SAMPLES.values()}
    assert shown == {folder.name for folder in folders()}


def test_every_purpose_has_a_sample() -> None:
    assert set(LETTERS) <= set(SAMPLES)


def msgids() -> Iterator[tuple[str, ...]]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=False)  # noqa: S701
    for file in sorted(TEMPLATES.rglob("*")):
        if file.suffix in {".txt", ".mjml"}:
            for _, _, found in environment.extract_translations(file.read_text("utf-8")):
                given = (found,) if isinstance(found, str) else found
                yield tuple(text for text in given if text is not None)


@pytest.mark.parametrize("locale", ["de", "fr"])
def test_every_sentence_is_translated_and_no_translation_is_left_over(locale: str) -> None:
    with (TEMPLATES / "catalogue" / f"{locale}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    said = {sentence[0]: sentence for sentence in msgids()}
    known = {}
    for message in catalogue:
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            known[forms[0]] = message
    assert set(said) == set(known)
    for first, message in known.items():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), first
        wanted = set(re.findall(r"%\((\w+)\)s", "".join(said[first]))) - {"num"}
        for form in forms:
            assert set(re.findall(r"%\((\w+)\)s", form)) - {"num"} == wanted, first
            assert not re.search(r"%(?!\(\w+\)s)", form), first


def _in(name: str, locale: str):
    template, context = sample(name)
    return template, locale, context
