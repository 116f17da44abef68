"""Types are told by content; bombs, programs and disguises are nothing (security.md row 24)."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core import media


def archive(entries: dict[str, bytes], *, stored: bool = False) -> bytes:
    made = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", kind) as file:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else kind
            file.writestr(zipfile.ZipInfo(name), content, compress_type=how)
    return made.getvalue()


def office(part: str, **more: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **more})


KNOWN = {
    media.PDF: b"%PDF-1.7\n...\n%%EOF\n",
    media.PNG: b"\x89PNG\r\n\x1a\n....",
    media.JPEG: b"\xff\xd8\xff\xe0....",
    media.WEBP: b"RIFF\0\0\0\0WEBPVP8 ",
    media.TEXT: "Größe, 1\n".encode(),
    media.DOCX: office("word/document.xml"),
    media.PPTX: office("ppt/presentation.xml"),
    media.XLSX: office("xl/workbook.xml"),
    media.ODT: archive({"mimetype": media.ODT.encode(), "content.xml": b"<x/>"}),
    media.ODS: archive({"mimetype": media.ODS.encode(), "content.xml": b"<x/>"}),
    media.ODP: archive({"mimetype": media.ODP.encode(), "content.xml": b"<x/>"}),
}


@pytest.mark.parametrize("kind", KNOWN)
def test_each_kind_is_known_by_its_bytes(kind):
    assert media.media_type_of(KNOWN[kind]) == kind
    assert media.EXTENSIONS[kind]


def test_what_the_sender_says_matters_for_text_only():
    assert media.media_type_of(b"a,b\n1,2\n", said=media.CSV) == media.CSV
    assert media.media_type_of(KNOWN[media.PNG], said=media.CSV) == media.PNG
    assert media.media_type_of(b"a,b\n", said=media.PDF) == media.TEXT


@pytest.mark.threat(24)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\1\2\3",
        b"MZ\x90\0\3",
        b"\x7fELF\2\1",
        b"GIF89a\1\0\1\0",
        b"<!DOCTYPE html><script>1</script>",
        b"  <svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<html>",
        b"<?php echo 1;",
        b"#!/bin/sh\n",
        b"PK\3\4 broken",
        "Größe".encode("utf-16"),
        archive({"a.txt": b"x"}),
        archive({"word/document.xml": b"<x/>"}),
        office("word/document.xml", **{"word/vbaProject.bin": b"x"}),
        archive({"a": b"x", "mimetype": media.ODT.encode()}),
    ],
    ids=range(16),
)
def test_row_24_nothing_else_is_taken(content):
    assert media.media_type_of(content) is None


@pytest.mark.threat(24)
def test_row_24_an_archive_that_swells_is_refused_unread():
    bomb = office("word/document.xml", **{"word/media/a": bytes(5_000_000)})
    assert len(bomb) < 10_000
    assert media.media_type_of(bomb) is None
    many = archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""} | dict.fromkeys(
        (f"xl/{number}" for number in range(10_001)), b""))  # fmt: skip
    assert media.media_type_of(many) is None


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\3\4", b"%PDF-", b"RIFF"]))
def test_whatever_comes_gets_an_answer(content, start):
    found = media.media_type_of(start + content)
    assert found is None or found in media.EXTENSIONS
