"""Rule 3: links and plain steps from one place, as JSON and as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.feeds.policy import CLIENTS
from tests.factories.events import NOW, make_event
from tests.factories.feeds import items_in, make_programme


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def programme(organiser):
    return make_programme(organiser.id, languages=["de", "en"])


def path(programme, end="subscribe"):
    return f"{programme.path.removesuffix('.ics')}/{end}"


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if tag == "a" and name == "href"]


def test_the_answer_names_every_program_and_addresses_that_work(client, programme):
    told = client.get(path(programme, "subscribe.json")).json
    assert [one["client"] for one in told["clients"]] == list(CLIENTS)
    assert told["language"] == "de"
    for address in [told["address"], *(part["address"] for part in told["parts"])]:
        answer = client.get(address.removeprefix("http://localhost"))
        assert answer.status_code == 200
        assert items_in(answer.data)


def test_the_page_says_the_same_without_a_script(client, programme):
    told = client.get(path(programme, "subscribe.json")).json
    answer = client.get(path(programme))
    links = Links()
    links.feed(answer.text)
    wanted = {one["link"] for one in told["clients"]} | {told["address"], told["page"]}
    wanted |= {part[kind] for part in told["parts"] for kind in ("address", "webcal")}
    assert wanted <= set(links.found)
    for step in (step for one in told["clients"] for step in one["steps"]):
        assert step.replace("'", "&#39;") in answer.text
    assert "script" not in answer.text
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Calendar"), ("de", "Kalender"), ("fr", "Calendrier")]
)
def test_people_choose_their_language(client, programme, language, word):
    page = client.get(f"{path(programme)}?language={language}").text
    assert f'<html lang="{language}">' in page
    assert re.search(rf"<h1>{word}: River Days 2027</h1>", page)


def test_names_of_people_who_type_are_no_markup(client, organiser):
    with transaction() as session:
        slug = make_event(session, organiser.id, state="announced", title="<b>O'Brien</b>").slug
    page = client.get(f"/calendars/-/{slug}/subscribe").text
    assert "&lt;b&gt;O&#39;Brien&lt;/b&gt;" in page
    assert "<b>" not in page


def test_what_is_hidden_or_unknown_is_404(client, organiser, programme):
    with transaction() as session:
        hidden = make_event(session, organiser.id, state="draft").slug
    for wrong in (f"/calendars/-/{hidden}", "/calendars/unknown/unknown"):
        assert client.get(f"{wrong}/subscribe").status_code == 404
        assert client.get(f"{wrong}/subscribe.json").status_code == 404
    assert client.get(f"{path(programme)}?language=it").status_code == 400
