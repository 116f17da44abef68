"""Pages: deterministic, in three languages, complete in one file; snapshots people can read."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from eventsvc.reports import queries, render
from eventsvc.reports.render.labels import LABELS
from eventsvc.reports.render.sentences import _ORIGINS, compared, ordinal
from eventsvc.reports.render.texts import TEMPLATES, texts_in
from tests.factories.agenda import make_session, make_speaker
from tests.factories.events import make_series
from tests.factories.reports import AFTER, make_ended, make_figure, make_recorded

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "reports"
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SOURCE = "article of 22 April 2025"


def compare(name: str, text: str) -> None:
    file = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.fixture
def synthetic(session, organiser):
    """The snapshot of an event with guests, seats, speakers and stated figures."""
    series = make_series(session, organiser.id, name="Example meets Regions", slug="emr")
    told = {"slug": "example-2027", "title": "Example <b>meets</b> Vienna & Friends", "edition": 3}
    event = make_ended(session, organiser.id, series_id=series.id, synthetic=True, **told)
    panel = make_session(
        session, event, hour=2, title="Panel: O'Brien asks <why>", type="panel", visible=True
    )
    make_speaker(session, event, panel, name="Zoë 李", role="moderator", publish=True, country="AT")
    make_speaker(
        session, event, panel, name="Alex Example", role="panellist", publish=True,
        affiliation="Example Cluster", country="FR",
    )  # fmt: skip
    make_figure(session, event, value=6, source="closing speech")
    make_figure(session, event, metric="bilateral_meetings", operator="~", value=40)
    return stored(queries.figures_now(session, event, revision=1, now=AFTER))


@pytest.fixture
def heilbronn(session, organiser):
    """The snapshot of a recorded edition with figures as they are printed of Heilbronn."""
    series = make_series(session, organiser.id, name="Clusters meet Regions", slug="cmr-like")
    told = {"series_id": series.id, "timezone": "Europe/Berlin"}
    first = make_recorded(
        session, organiser.id, slug="duesseldorf-like", title="Clusters meet Regions Düsseldorf",
        month="2023-11", region="North Rhine-Westphalia", **told,
    )  # fmt: skip
    make_figure(session, first, value=70)
    event = make_recorded(
        session, organiser.id, slug="heilbronn-like", title="Clusters Meet Regions - Heilbronn",
        edition=20, city="Heilbronn", region="Heilbronn-Franken", **told,
    )  # fmt: skip
    make_figure(session, event, source=SOURCE)
    make_figure(
        session, event, metric="countries", operator="=", value=15, unit="EU countries",
        source=SOURCE, position=1,
    )  # fmt: skip
    make_figure(session, event, metric="bilateral_meetings", value=35, source=SOURCE, position=2)
    return stored(queries.figures_now(session, event, revision=1, now=AFTER))


def stored(snapshot):
    """The snapshot as the database gives it back, with ids that stay the same."""
    return json.loads(IDS.sub("00000000-0000-4000-8000-000000000000", json.dumps(snapshot)))


def check_pages(name: str, snapshot) -> None:
    for language in ("en", "de", "fr"):
        compare(f"{name}.{language}.txt", render.render(snapshot, "text", language).decode())
        assert render.render(snapshot, "json", language) == render.render(snapshot, "json", "en")
    compare(f"{name}.en.html", render.render(snapshot, "html", "en").decode())
    compare(f"{name}.json", render.render(snapshot, "json", "en").decode())


def test_pages_of_a_synthetic_event_are_the_snapshot(synthetic):
    check_pages("synthetic", synthetic)


def test_pages_of_a_recorded_edition_are_the_snapshot(heilbronn):
    check_pages("heilbronn", heilbronn)


@pytest.mark.parametrize("form", render.FORMATS)
def test_the_same_snapshot_gives_the_same_bytes_whatever_the_order_of_its_members(synthetic, form):
    turned = dict(reversed(synthetic.items()))
    assert render.render(turned, form, "de") == render.render(synthetic, form, "de")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", ("The 20th Clusters meet Regions brought more than 120 participants from "
               "15 EU countries to Heilbronn-Franken.")),
        ("de", ("Die 20. Ausgabe von „Clusters meet Regions“ brachte mehr als 120 Teilnehmende aus "
               "15 EU-Ländern nach Heilbronn-Franken.")),
        ("fr", ("La 20e édition de «\u00a0Clusters meet Regions\u00a0» a réuni plus de "
               "120 participants de 15 pays de l’UE à Heilbronn-Franken.")),
    ],
)  # fmt: skip
def test_the_headline(heilbronn, language, sentence):
    assert render.headline(heilbronn, texts_in(language)) == sentence


def test_a_recorded_edition_prints_its_figures_and_no_others(heilbronn):
    text = render.render(heilbronn, "text", "en").decode()
    glance = text.partition("figures at a glance")[2].partition("The series so far")[0]
    assert set(re.findall(r"\d+", glance)) == {"120", "15", "35", "1", "22", "2025"}
    assert "more than 190 (2 of 2 loaded editions)" in text
    assert "Editions 1 to 19 are not loaded under their numbers." in text
    assert ": 0" not in text


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_page_is_one_file_and_every_value_is_escaped(synthetic, language):
    page = Page(render.render(synthetic, "html", language).decode())
    assert not {"script", "link", "img", "iframe", "b", "why"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "srcset", "onclick")]
    assert "url(" not in page.text
    assert "Example <b>meets</b> Vienna & Friends" in page.text
    assert "Panel: O'Brien asks <why>" in page.text
    assert ("lang", language) in page.attributes


def test_the_page_can_be_read_by_ear(synthetic):
    page = Page(render.render(synthetic, "html", "en").decode())
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1
    labels = [value for name, value in page.attributes if name == "aria-labelledby"]
    ids = [value for name, value in page.attributes if name == "id"]
    assert labels == ids
    assert page.tags.count("th") == len([1 for name, _ in page.attributes if name == "scope"])


def sentences() -> set[str]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = set(LABELS.values()) | {forms[0] for forms in _ORIGINS.values()}
    for file in TEMPLATES.glob("report.*"):
        for _, _, said in environment.extract_translations(file.read_text("utf-8")):
            found.add(said if isinstance(said, str) else said[0])
    source = (Path(render.__file__).parent / "sentences.py").read_text("utf-8")
    return found | set(re.findall(r'"(%\(subject\)s[^"]*)"', source)) | {
        "The %(number)s %(series)s", "%(figure)s participant", "fits", "about the same",
        "%(figure)s fewer counted", "%(figure)s more counted",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_sentence_is_translated_and_no_translation_is_left_over(language):
    with (TEMPLATES / "catalogue" / f"{language}.po").open("rb") as file:
        catalogue = {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(file, locale=language)
            if message.id
        }
    assert set(catalogue) == sentences()
    for key, message in catalogue.items():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"%\((\w+)\)s", key)) - {"num"}
        for form in forms:
            assert form, key
            assert set(re.findall(r"%\((\w+)\)s", form)) - {"num"} == wanted, key


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (None, ""),
        ({"operator": "<", "value": 11, "fits": True}, "fits"),
        ({"operator": "<", "value": -22, "fits": False}, "at least 23 fewer counted"),
        ({"operator": "<", "value": 0, "fits": False}, "at least 1 fewer counted"),
        ({"operator": ">", "value": 0, "fits": False}, "at least 1 more counted"),
        ({"operator": "≤", "value": -22, "fits": False}, "at least 22 fewer counted"),
        ({"operator": "=", "value": 2, "fits": False}, "2 more counted"),
        ({"operator": "~", "value": -12, "fits": None}, "about 12 fewer counted"),
        ({"operator": "~", "value": 0, "fits": None}, "about the same"),
    ],
)
def test_how_a_count_stands_to_a_statement(apart, said):
    assert compared({"difference": apart}, texts_in("en")) == said


def test_ordinals():
    english = [ordinal(number, "en") for number in (1, 2, 3, 4, 11, 12, 13, 20, 21, 112)]
    assert english == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "20th", "21st", "112th"]
    assert [ordinal(number, "fr") for number in (1, 20)] == ["1re", "20e"]
