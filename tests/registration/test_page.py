"""The page of a private link, and what it asks the API for (security.md row 10)."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from sqlalchemy import func, select

from eventsvc.core import clock
from eventsvc.facts.models import FactRow
from eventsvc.registration import actions
from eventsvc.registration.api.page import FOLDER, LANGUAGES
from eventsvc.registration.models import Registration
from tests.factories.events import make_series
from tests.factories.registration import link_of, make_open_event, make_registration, person

OWN = "/api/v1/my/registration"
SCRIPT = (FOLDER / "page.js").read_text(encoding="utf-8")


def policy_of(answer):
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_the_page_is_public_and_takes_nothing_from_elsewhere(client):
    answer = client.get("/r", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert policy_of(answer) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Accept-Language" in answer.headers["Vary"]
    assert "://" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_inline_script_or_style_and_a_sentence_without_script(client, language):
    page = client.get(f"/r?lang={language}").text
    assert f'<html lang="{language}">' in page
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/r/page.js" defer>']
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert re.search(r"<noscript><p[^>]*>.{40,}</p></noscript>", page)
    assert 'aria-live="polite"' in page


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", None, "en"),
        ("", "fr-BE,de;q=0.5", "fr"),
        ("", "de-AT", "de"),
        ("", "fi", "en"),
        ("?lang=de", "fr", "de"),
        ("?lang=xx", "fr", "fr"),
    ],
)
def test_the_language(client, query, header, language):
    headers = {"Accept-Language": header} if header else {}
    assert f'<html lang="{language}">' in client.get(f"/r{query}", headers=headers).text


@pytest.mark.parametrize(
    ("path", "media"),
    [("/r", "text/html"), ("/r/page.js", "text/javascript"), ("/r/page.css", "text/css")],
)
def test_each_part_is_answered_304_when_it_is_known(client, path, media):
    first = client.get(path)
    assert first.mimetype == media
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
def test_the_script_is_a_script():
    subprocess.run(["node", "--check", str(FOLDER / "page.js")], check=True)


def test_the_script_writes_values_as_text_only_and_forgets_the_address():
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in SCRIPT
    assert "history.replaceState" in SCRIPT
    assert "localStorage" not in SCRIPT
    assert "http://" not in SCRIPT
    assert "https://" not in SCRIPT


def test_the_words_are_complete_in_each_language():
    """Each language has the same names in the same order."""
    blocks = re.split(r"^  (en|de|fr): \{$", SCRIPT.split("const SAY")[0], flags=re.MULTILINE)
    names = {
        blocks[at]: re.findall(
            r'(?:^|[{,] )\s*("?[\w-]+"?): ["{]', blocks[at + 1], flags=re.MULTILINE
        )
        for at in (1, 3, 5)
    }
    assert len(names["en"]) > 50
    assert names["en"] == names["de"] == names["fr"]


@pytest.fixture
def event(session, organiser):
    series = make_series(session, organiser.id)
    made = make_open_event(
        session,
        organiser.id,
        series_id=series.id,
        mode="hybrid",
        capacity_on_site=1,
        join_url="https://join.example.org/room",
        now=clock.now(session),
    )
    session.commit()
    return made


def own_of(client, session, registration):
    return client.get(OWN, headers=link_of(session, registration, now=clock.now(session))).json


def test_the_own_registration_names_its_event(client, session, event):
    own = own_of(client, session, make_registration(session, event, now=clock.now(session)))
    assert own["event"] == {
        "series": own["event"]["series"],
        "slug": event.slug,
        "title": event.title,
        "state": "published",
        "timezone": "Europe/Vienna",
        "starts_at": "2027-05-05T09:00:00+02:00",
        "ends_at": "2027-05-06T17:00:00+02:00",
        "all_day": False,
        "city": "Vienna",
        "country": "AT",
        "mode": "hybrid",
    }
    assert own["event"]["series"].startswith("example-series-")
    page = client.get(f"/events/{own['event']['series']}/{own['event']['slug']}")
    assert page.status_code == 200


def test_only_confirmed_online_guests_get_the_join_link(client, session, event):
    now = clock.now(session)
    on_site = make_registration(session, event, now=now)
    waiting = make_registration(session, event, now=now)
    online = make_registration(session, event, mode="online", now=now)
    assert own_of(client, session, on_site)["join_url"] is None
    shown = own_of(client, session, waiting)
    assert (shown["state"], shown["waitlist_position"], shown["join_url"]) == (
        "waitlisted", 1, None,
    )  # fmt: skip
    assert own_of(client, session, online)["join_url"] == "https://join.example.org/room"
    headers = link_of(session, online, now=now)
    gone = client.post(f"{OWN}/transitions", json={"to": "cancelled"}, headers=headers)
    assert (gone.json["state"], gone.json["join_url"]) == ("cancelled", None)


def test_staff_get_neither_event_nor_join_link(client, session, event, token_for):
    make_registration(session, event, mode="online", now=clock.now(session))
    session.commit()
    path = f"/api/v1/events/{event.id}/registrations"
    shown = client.get(path, headers=token_for("event-manager")).json["items"][0]
    assert not {"event", "join_url", "awaits"} & shown.keys()


def test_a_pending_guest_learns_what_is_awaited_and_confirms(client, session, organiser):
    now = clock.now(session)
    event = make_open_event(session, organiser.id, email_proof=True, approval=True, now=now)
    made = actions.receive(session, event.id, person(), now=now)
    headers = link_of(session, made, now=now)
    assert client.get(OWN, headers=headers).json["awaits"] == "proof"
    assert client.get(OWN, headers=headers).json["event"]["series"] is None
    proved = client.post(f"{OWN}/confirm", json={}, headers=headers)
    assert (proved.status_code, proved.json["state"]) == (200, "pending")
    assert proved.json["awaits"] == "approval"


@pytest.mark.threat(10)
def test_row_10_what_the_page_loads_changes_nothing(client, session, event):
    made = make_registration(session, event, now=clock.now(session))
    headers, made_id = link_of(session, made, now=clock.now(session)), made.id
    before = (made.version, session.scalar(select(func.count()).select_from(FactRow)))
    for path in ("/r", "/r/page.js", OWN, "/api/v1/my/bookings", "/r", OWN):
        assert client.get(path, headers=headers if "api" in path else {}).status_code == 200
    kept = session.get_one(Registration, made_id)
    assert (kept.version, session.scalar(select(func.count()).select_from(FactRow))) == before
