"""Files: bytes kept in the database, so that they share the transaction, the backup and the
erasure of the row that owns them, and no orphan exists (decision 0022).

A room that takes an upload looks at its type with :mod:`eventsvc.core.media`, keeps it here and
notes ``id`` in a column of its own (a foreign key to ``stored_files.id``)::

    media_type = files.checked_type(content, media.DOCUMENTS)
    document.file_id = files.keep(session, content, media_type, now=now).id

What is no longer wanted is discarded by the verb that lets go of it. A door sends a file with
:func:`eventsvc.core.http.attachment`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventsvc.core.db import Base, Identified
from eventsvc.core.errors import NotFound, UnsupportedMedia
from eventsvc.core.media import EXTENSIONS, media_type_of


class StoredFile(Identified, Base):
    """Some bytes. They never change: another content is another row. ``size`` counts octets."""

    __tablename__ = "stored_files"

    sha256: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]


def checked_type(content: bytes, allowed: Collection[str], *, said: str | None = None) -> str:
    """The media type of ``content``, told by its bytes.

    Raises:
        UnsupportedMedia: it is none of ``allowed``.
    """
    found = media_type_of(content, said=said)
    if found is None or found not in allowed:
        names = ", ".join(sorted(EXTENSIONS[kind].upper() for kind in allowed))
        raise UnsupportedMedia(f"Send a file of one of these kinds: {names}.")
    return found


def keep(session: Session, content: bytes, media_type: str, *, now: datetime) -> StoredFile:
    """Keep some bytes; the caller holds the only reference to them."""
    kept = StoredFile(
        sha256=sha256(content).hexdigest(),
        media_type=media_type,
        size=len(content),
        content=content,
        created_at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def file_for(session: Session, file_id: str | None) -> StoredFile:
    """What is known of a file, without its bytes.

    Raises:
        NotFound: there is none.
    """
    found = session.get(StoredFile, file_id) if file_id else None
    if found is None:
        raise NotFound
    return found


def content_of(session: Session, file_id: str | None) -> bytes:
    """The bytes of a file.

    Raises:
        NotFound: there is none.
    """
    statement = select(StoredFile.content).where(StoredFile.id == file_id)
    content = session.scalars(statement).one_or_none() if file_id else None
    if content is None:
        raise NotFound
    return content


def discard(session: Session, file_ids: Iterable[str | None]) -> None:
    """Forget these files; None among them is passed over."""
    gone = [file_id for file_id in file_ids if file_id]
    if gone:
        session.execute(delete(StoredFile).where(StoredFile.id.in_(gone)))
