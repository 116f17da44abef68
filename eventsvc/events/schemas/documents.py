"""Documents and pages of an edition: what doors take and answer."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    SERVER_SET,
    Answer,
    Body,
    Choice,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Markdown,
    Part,
    Patch,
    QueryChoice,
    Text,
    Url,
)
from eventsvc.events.policy import (
    BLOCK_TYPES,
    DOCUMENT_KINDS,
    MOST_BLOCKS,
    PAGE_KINDS,
    VISIBILITIES,
)
from eventsvc.events.schemas.words import RichText, SecureUrl

_LINK = {"description": "In the place of a file: https only"}


class _DocumentFields(Body):
    server_set: ClassVar[frozenset[str]] = SERVER_SET | {"downloads", "content", "file_id"}
    kind = Choice(DOCUMENT_KINDS, required=True)
    title = Text(max_length=200, required=True)
    language = LanguageTag(allow_none=True)
    description = Text(max_length=2000, multiline=True, allow_none=True)
    visibility = Choice(VISIBILITIES, metadata={"description": "staff unless you say otherwise"})
    url = SecureUrl(allow_none=True, metadata=_LINK)
    source = Text(max_length=300, allow_none=True)
    position = Integer(maximum=10_000)


class DocumentBody(_DocumentFields):
    """A document, known by its name; its file comes by ``PUT …/content``, or it has a link."""

    example: ClassVar = {"kind": "programme", "title": "Programme", "visibility": "public"}


class DocumentPatch(Patch, _DocumentFields):
    """Changes of a document. A link takes the place of its file."""


class DocumentQuery(ListQuery):
    """Filters of a list of documents."""

    kind = ListOf(QueryChoice(DOCUMENT_KINDS), len(DOCUMENT_KINDS))
    visibility = ListOf(QueryChoice(VISIBILITIES), len(VISIBILITIES))
    language = ListOf(LanguageTag(), 20)


class ContentOut(Answer):
    """The file of a document; ``size`` in octets."""

    media_type = Text()
    size = Integer()
    sha256 = Text()


class PublicDocumentOut(Answer):
    """A document as guests and the public see it: with a file under ``…/content``, or a link."""

    id = Id()
    kind = Text()
    title = Text()
    language = LanguageTag(allow_none=True)
    description = Text(allow_none=True)
    url = Url(allow_none=True)
    content = fields.Nested(ContentOut, attribute="file", allow_none=True)
    position = Integer()


class DocumentOut(PublicDocumentOut):
    """A document as organisers see it; ``downloads`` by guests and the public."""

    event_id = Id()
    visibility = Text()
    source = Text(allow_none=True)
    downloads = Integer()
    created_at = Instant()
    version = Integer(minimum=1)


class BlockBody(Body):
    """One block: a heading has ``title``; a text ``text``; a list ``items``; a link ``title`` and
    ``url``; a document ``document_id``."""

    type = Choice(BLOCK_TYPES, required=True)
    title = Text(max_length=200)
    text = Markdown()
    items = ListOf(Text(max_length=500), 100, min_items=1)
    url = SecureUrl()
    document_id = Id()


class _PageFields(Body):
    server_set: ClassVar[frozenset[str]] = SERVER_SET | {"updated_at"}
    kind = Choice(PAGE_KINDS, required=True)
    title = Text(max_length=200, required=True)
    language = LanguageTag(required=True)
    visibility = Choice(VISIBILITIES)
    blocks = ListOf(Part(BlockBody), MOST_BLOCKS)
    position = Integer(maximum=10_000)


class PageBody(_PageFields):
    """A page of an event."""

    example: ClassVar = {
        "kind": "arrival",
        "title": "How to arrive",
        "language": "en",
        "blocks": [{"type": "text", "text": "Tram 1 stops at the *door*."}],
    }


class PagePatch(Patch, _PageFields):
    """Changes of a page; ``blocks`` are replaced as a whole."""


class PageQuery(ListQuery):
    """Filters of a list of pages."""

    kind = ListOf(QueryChoice(PAGE_KINDS), len(PAGE_KINDS))
    language = ListOf(LanguageTag(), 20)


class BlockOut(Answer):
    """One block; of a document, what it is."""

    type = Text()
    title = Text()
    text = Markdown()
    text_html = RichText("text")
    items = ListOf(Text(), 100)
    url = Url()
    document_id = Id()
    document = fields.Nested(PublicDocumentOut, allow_none=True)


class PublicPageOut(Answer):
    """A page as guests and the public see it."""

    id = Id()
    kind = Text()
    title = Text()
    language = LanguageTag()
    blocks = fields.List(fields.Nested(BlockOut))
    position = Integer()
    updated_at = Instant()


class EventPageOut(PublicPageOut):
    """A page as organisers see it."""

    event_id = Id()
    visibility = Text()
    version = Integer(minimum=1)
