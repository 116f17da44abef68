"""What bytes are, by what they hold and never by their name (api.md §8, security.md row 24). Pure.

Office files are ZIP archives, so only their directory is read: no entry is ever unpacked here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection

PDF = "application/pdf"
PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
TEXT, CSV = "text/plain", "text/csv"
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = _OOXML + "wordprocessingml.document"
PPTX = _OOXML + "presentationml.presentation"
XLSX = _OOXML + "spreadsheetml.sheet"
_ODF = "application/vnd.oasis.opendocument."
ODT, ODS, ODP = _ODF + "text", _ODF + "spreadsheet", _ODF + "presentation"

IMAGES = frozenset({PNG, JPEG, WEBP})
DOCUMENTS = frozenset({PDF, DOCX, PPTX, XLSX, ODT, ODS, ODP, PNG, JPEG, TEXT, CSV})
"""What may be uploaded as a document (api.md §8)."""

EXTENSIONS = {
    PDF: "pdf", PNG: "png", JPEG: "jpg", WEBP: "webp", TEXT: "txt", CSV: "csv",
    "application/json": "json", "application/xml": "xml", "text/calendar": "ics",
    "application/ld+json": "jsonld",
    DOCX: "docx", PPTX: "pptx", XLSX: "xlsx", ODT: "odt", ODS: "ods", ODP: "odp",
}  # fmt: skip

_MAIN_PARTS = {"word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "xl/workbook.xml": XLSX}
_STARTS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_MOST_ENTRIES = 10_000
_LARGEST_UNPACKED = 500 * 1024 * 1024
_STEEPEST = 200  # bytes out of one byte in
_MARKUP = ("<!doctype", "<html", "<svg", "<script", "<?xml", "<?php", "#!")
_BINARY = frozenset(range(32)) - {9, 10, 12, 13}


def media_type_of(content: bytes, *, said: str | None = None) -> str | None:
    """The media type of ``content``, or None: unknown, broken, or something disguised.

    ``said`` is what the sender claims; it matters for plain text only, where no byte tells CSV
    from other text.
    """
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    if _is_text(content):
        return CSV if said == CSV else TEXT
    return None


def _office_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            first = entries[0] if entries else None
            kind = first and _mimetype_entry(content, first)
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, ValueError, OSError):
        return None
    if not entries or _is_bomb(entries):
        return None
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None  # macros
    if kind in {ODT, ODS, ODP}:
        return kind
    if "[Content_Types].xml" not in names:
        return None
    return next((media for part, media in _MAIN_PARTS.items() if part in names), None)


def _mimetype_entry(content: bytes, first: zipfile.ZipInfo) -> str | None:
    """What an OpenDocument file says it is: its first entry, stored as it is (ODF 1.3, 3.3)."""
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
        return None
    start = 30 + len(b"mimetype")
    return content[start : start + min(first.file_size, 200)].decode("ascii", "replace")


def _is_bomb(entries: Collection[zipfile.ZipInfo]) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    steep = unpacked > _STEEPEST * packed and unpacked > 1024 * 1024
    return len(entries) > _MOST_ENTRIES or unpacked > _LARGEST_UNPACKED or steep


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters that does not begin like markup or a program."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if not text or not _BINARY.isdisjoint(content):
        return False
    return not text[:200].lstrip().lower().startswith(_MARKUP)
