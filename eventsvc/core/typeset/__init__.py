"""PDF by typst: tagged for screen readers (PDF/UA-1) and made to be kept (PDF/A-2a).

A template is a ``.typ`` file; it finds its data in ``data``, read as JSON, so that no text of a
user is ever markup. ``house.typ`` stands before each template: fonts, colours, page numbers. Fonts
come from the wheel, so that the same data gives the same bytes on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from eventsvc.core.errors import Conflict

MEDIA = "application/pdf"
HOUSE = Path(__file__).parent / "house.typ"
STANDARDS = ["ua-1", "a-2a"]
# what 2,000 items with long titles take; typst sets it in a few seconds
LARGEST = 4 * 1024 * 1024


def typeset(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Set ``template`` with ``data`` as a PDF.

    Args:
        template: the ``.typ`` file.
        data: JSON; at least ``title``, ``language`` (BCP 47, two letters) and what the template
            asks for.
        at: the date of the document, from the data: the clock is not asked.

    Characters that no font of the wheel has (Chinese, pictures) are shown as boxes; such a document
    is tagged all the same, but does not claim to keep the standards, which forbid that.

    Raises:
        Conflict: ``document-too-large``.
    """
    written = json.dumps(data, ensure_ascii=False, sort_keys=True)
    if len(written) > LARGEST:
        raise Conflict("document-too-large", "There is too much to set it in one document.")
    try:
        return _compiled(template, written, at, STANDARDS)
    except typst.TypstError as error:
        if not _lacks_glyphs(str(error)):
            raise
        return _compiled(template, written, at, [])


def _lacks_glyphs(message: str) -> bool:
    return "could not be displayed with font" in message or "codepoint" in message


def _compiled(template: Path, written: str, at: datetime, standards: list[Any]) -> bytes:
    made = typst.compile(
        _source(template),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": written},
        format="pdf",
        pdf_standards=standards,
        pdf_tags=True,
        timestamp=int(at.timestamp()),
    )
    return bytes(made)


@cache
def _source(template: Path) -> bytes:
    return HOUSE.read_bytes() + template.read_bytes()


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False)
