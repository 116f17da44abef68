"""Blocks of pages, and whose eyes documents are for."""

from __future__ import annotations

from eventsvc.events.policy import (
    block_errors,
    documents_in,
    lets_go_of_file,
    pages_showing,
    seen_by_guest,
    usual_visibility,
)

TEXT = {"type": "text", "text": "x"}
PAPER = {"type": "document", "document_id": "d"}


def test_each_block_is_judged_in_its_place():
    assert block_errors([TEXT, PAPER]) == []
    found = block_errors([TEXT, {"type": "link", "title": "x", "items": ["y"]}])
    assert [(error.pointer, error.code) for error in found] == [
        ("/blocks/1/url", "required"), ("/blocks/1/items", "not-with-type")
    ]  # fmt: skip


def test_documents_of_blocks_and_pages_of_documents():
    assert documents_in([TEXT, PAPER, PAPER]) == ["d", "d"]
    assert pages_showing("d", [("one", [TEXT]), ("two", [PAPER])]) == ["two"]


def test_who_sees_what():
    assert usual_visibility("invitation_letter") == "staff"
    assert usual_visibility("hotels") == "public"
    for state in ("confirmed", "attended", "no_show"):
        assert seen_by_guest(state) == ("public", "registered")
    for state in ("pending", "waitlisted", "offered", "cancelled"):
        assert seen_by_guest(state) == ("public",)
    assert lets_go_of_file({"url": "https://example.org"})
    assert not lets_go_of_file({"url": None})
    assert not lets_go_of_file({"title": "x"})
