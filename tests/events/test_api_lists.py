"""Lists, series, public pages, and what is not there for others."""

from __future__ import annotations

from eventsvc.core.ids import new_id
from tests.conftest import add_organiser
from tests.events.doors import EVENTS, SERIES
from tests.factories.events import make_event, make_series


def test_lists_filter_and_count(client, admin, session, organiser):
    series = make_series(session, organiser.id)
    main = make_event(session, organiser.id, title="Main 100%", series_id=series.id, country="BE")
    make_event(session, organiser.id, title="Side", parent_id=main.id, country="ES")
    make_event(session, organiser.id, title="Alone", date_precision="none", state="announced")
    session.commit()

    def titles(query: str) -> list[str]:
        answer = client.get(f"{EVENTS}?{query}", headers=admin)
        assert answer.status_code == 200, answer.json
        return sorted(one["title"] for one in answer.json["items"])

    assert titles("top_level=true") == ["Alone", "Main 100%"]
    assert titles("country=BE&country=ES") == ["Main 100%", "Side"]
    assert titles(f"series_id={series.id}") == ["Main 100%"]
    assert titles("state=announced") == ["Alone"]
    assert titles("q=100%25") == ["Main 100%"]
    assert titles("starts_from=2027-05-05T07:00:00Z&starts_before=2027-05-05T07:00:01Z") == [
        "Main 100%", "Side"
    ]  # fmt: skip
    assert titles("recorded=true") == []
    assert titles(f"parent_id={main.id}") == ["Side"]
    assert client.get(f"{EVENTS}?count=true&limit=1", headers=admin).json["total"] == 3
    for odd in ("colour=red", "state=published&limit=0", "sort=secret", "recorded=1", "q=x"):
        assert client.get(f"{EVENTS}?{odd}", headers=admin).status_code == 400


def test_another_organisers_things_are_not_there(client, token_for, session, event):
    other = add_organiser(session, "other")
    stranger = {**token_for(organiser=other), "If-Match": "*"}
    address = f"{EVENTS}/{event.id}"
    answers = [
        client.get(address, headers=stranger),
        client.patch(address, headers=stranger, json={"title": "x"}),
        client.delete(address, headers=stranger),
        client.post(f"{address}/transitions", headers=stranger, json={"to": "published"}),
        client.post(f"{address}/figures", headers=stranger, json={}),
        client.get(f"{EVENTS}/{new_id()}", headers=stranger),
        client.get(f"{EVENTS}/x", headers=stranger),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json["code"] for answer in answers} == {"not-found"}
    assert client.get(EVENTS, headers=stranger).json["items"] == []
    assert client.get(address).status_code == 401


def test_series_are_changed_and_deleted_only_when_empty(client, admin, session, organiser):
    series = make_series(session, organiser.id)
    make_event(session, organiser.id, series_id=series.id)
    empty = make_series(session, organiser.id)
    session.commit()
    tagged = {**admin, "If-Match": "*"}
    body = {"aliases": ["Cluster meet Regions"], "interval_years": 2}
    changed = client.patch(f"{SERIES}/{series.id}", headers=tagged, json=body)
    assert changed.json.items() >= body.items()
    refused = client.delete(f"{SERIES}/{series.id}", headers=tagged)
    assert (refused.status_code, refused.json["code"]) == (409, "series-not-empty")
    assert client.delete(f"{SERIES}/{empty.id}", headers=tagged).status_code == 204


def test_public_pages_may_be_cached_and_show_nothing_internal(client, admin, session, organiser):
    series = make_series(session, organiser.id, slug="cmr")
    body = {"edition_derived": 21, "join_url": "https://example.org/join", "slug": "palma",
            "report_list": ["report@example.org"], "series_id": series.id}  # fmt: skip
    event = make_event(session, organiser.id, **body)
    session.commit()
    address = "/api/v1/public/events/cmr/palma"
    assert client.get(address).status_code == 404
    assert client.get("/api/v1/public/series/cmr").status_code == 404
    client.post(f"{EVENTS}/{event.id}/transitions", headers=admin, json={"to": "announced"})
    shown = client.get(address)
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(address, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert shown.json["edition"] is None
    assert not {"edition_derived", "join_url", "report_list", "capacity", "archive"} & set(
        shown.json
    )
    page = client.get("/api/v1/public/series/cmr")
    assert [one["slug"] for one in page.json["events"]] == ["palma"]
    assert [one["slug"] for one in client.get("/api/v1/public/series").json["items"]] == ["cmr"]
    told = {"to": "cancelled", "reason": "why"}
    client.post(f"{EVENTS}/{event.id}/transitions", headers=admin, json=told)
    assert client.get(address).json["state"] == "cancelled"
