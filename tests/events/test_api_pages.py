"""Pages edited as blocks: what they hold, what of it is live, who sees it."""

from __future__ import annotations

import pytest

from tests.events.doors import EVENTS, errors
from tests.events.test_api_documents import PUBLIC, added, held, put
from tests.events.test_queries import counted

__all__ = ["held"]  # a fixture

ARRIVAL = {
    "kind": "arrival",
    "title": "How to arrive",
    "language": "en",
    "blocks": [
        {"type": "heading", "title": "By train"},
        {"type": "text", "text": "Tram *1* stops at the door."},
        {"type": "list", "items": ["Central station", "Harbour"]},
        {"type": "link", "title": "Timetable", "url": "https://example.org/tram"},
    ],
}


def test_a_page_is_written_read_changed_and_shown(client, admin, held):
    address = f"{EVENTS}/{held.id}/pages"
    made = client.post(address, headers=admin, json=ARRIVAL)
    assert (made.status_code, made.json["visibility"]) == (201, "public")
    blocks = made.json["blocks"]
    assert [block["type"] for block in blocks] == ["heading", "text", "list", "link"]
    assert blocks[1]["text_html"] == "<p>Tram <em>1</em> stops at the door.</p>"
    assert client.get(made.headers["Location"], headers=admin).json == made.json
    [shown] = client.get(PUBLIC).json["pages"]
    assert (shown["title"], shown["blocks"]) == ("How to arrive", blocks)
    body = {"blocks": [{"type": "heading", "title": "By bus"}], "visibility": "staff"}
    told = {**admin, "If-Match": '"1"'}
    changed = client.patch(made.headers["Location"], headers=told, json=body)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert [block["title"] for block in changed.json["blocks"]] == ["By bus"]
    assert client.get(PUBLIC).json["pages"] == []


def test_a_block_holds_what_its_type_needs_and_no_more(client, admin, event):
    blocks = [
        {"type": "heading"},
        {"type": "text", "text": "x", "items": ["y"]},
        {"type": "list", "items": []},
        {"type": "link", "title": "x", "url": "http://example.org"},
        {"type": "video"},
    ]
    body = {**ARRIVAL, "blocks": blocks}
    address = f"{EVENTS}/{event.id}/pages"
    found = dict(errors(client.post(address, headers=admin, json=body)))
    assert found == {
        "/blocks/2/items": "too-few",
        "/blocks/3/url": "invalid-url",
        "/blocks/4/type": "not-a-choice",
    }
    body = {**ARRIVAL, "blocks": blocks[:2]}
    found = dict(errors(client.post(address, headers=admin, json=body)))
    assert found == {"/blocks/0/title": "required", "/blocks/1/items": "not-with-type"}


def test_the_letter_of_invitation_is_for_staff(client, admin, held):
    body = {**ARRIVAL, "kind": "invitation_letter", "title": "Letter", "blocks": []}
    made = client.post(f"{EVENTS}/{held.id}/pages", headers=admin, json=body)
    assert made.json["visibility"] == "staff"
    assert client.get(PUBLIC).json["pages"] == []


def test_a_document_block_shows_only_what_its_reader_may_open(client, admin, held):
    place = added(client, admin, held, visibility="registered")
    put(client, admin, place)
    document_id = place.rsplit("/", 1)[1]
    blocks = [{"type": "document", "document_id": document_id}]
    made = client.post(
        f"{EVENTS}/{held.id}/pages", headers=admin, json={**ARRIVAL, "blocks": blocks}
    )
    [block] = made.json["blocks"]
    assert block["document"]["title"] == "Programme für alle"
    assert client.get(PUBLIC).json["pages"][0]["blocks"] == []
    told = {**admin, "If-Match": "*"}
    refused = client.delete(place, headers=told)
    assert (refused.status_code, refused.json["code"]) == (409, "document-in-use")
    assert refused.json["conflicts_with"] == [made.json["id"]]
    client.patch(place, headers=told, json={"visibility": "public"})
    assert client.get(PUBLIC).json["pages"][0]["blocks"][0]["document"]["id"] == document_id


def test_a_document_of_another_event_cannot_be_shown(client, admin, session, event, held):
    foreign = added(client, admin, held).rsplit("/", 1)[1]
    body = {**ARRIVAL, "blocks": [{"type": "document", "document_id": foreign}]}
    refused = client.post(f"{EVENTS}/{event.id}/pages", headers=admin, json=body)
    assert errors(refused) == [("/blocks/0/document_id", "unknown-document")]


@pytest.mark.threat(18)
def test_no_markup_of_an_author_is_live(client, admin, held):
    payloads = (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "![x](https://example.org/x.png)", "<a href='https://example.org' onclick=x>y</a>",
    )  # fmt: skip
    blocks = [{"type": "text", "text": payload} for payload in payloads]
    blocks += [{"type": "heading", "title": payloads[0]}, {"type": "list", "items": [payloads[1]]}]
    made = client.post(
        f"{EVENTS}/{held.id}/pages", headers=admin, json={**ARRIVAL, "blocks": blocks}
    )
    html = "".join(block.get("text_html", "") for block in made.json["blocks"])
    page = client.get("/events/held-series/held").text
    assert "How to arrive" in page
    for text in (html, page):
        assert not any(live in text for live in ("<script", "<img", '="javascript:', "<a href='"))


def test_a_list_takes_as_many_statements_for_one_as_for_thirty(client, admin, session, event):
    address = f"{EVENTS}/{event.id}/pages"

    def write() -> None:
        document = added(client, admin, event).rsplit("/", 1)[1]
        blocks = [{"type": "document", "document_id": document}]
        client.post(address, headers=admin, json={**ARRIVAL, "blocks": blocks})

    def needed() -> int:
        with counted(session) as statements:
            assert client.get(f"{address}?limit=200", headers=admin).status_code == 200
        return len(statements)

    write()
    first = needed()
    for _ in range(29):
        write()
    assert needed() == first
