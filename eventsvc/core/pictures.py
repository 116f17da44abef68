"""Pictures from outside: decoded within limits and drawn anew, so that nothing of the file that
came is kept: no metadata, no place, nothing behind the last pixel (api.md §8, security.md row 24).

No Flask, no database. The caller runs it before the transaction opens: it takes its time.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from eventsvc.core.errors import UnsupportedMedia
from eventsvc.core.files import checked_type
from eventsvc.core.media import IMAGES, JPEG, PNG, WEBP

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
"""Pixels; a larger picture is made smaller."""
THUMBNAIL_SIDE = 256
_FORMATS = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
_BROKEN = "This is not a picture that can be read."
_TOO_MANY = f"At most {LARGEST_PIXELS // 1_000_000} million pixels."


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, and a square thumbnail of it, both of ``media_type``."""

    media_type: str
    content: bytes
    thumbnail: bytes


def redrawn(content: bytes) -> Picture:
    """The picture in ``content``: PNG where it is transparent, else JPEG; upright, in RGB.

    Raises:
        UnsupportedMedia: no PNG, JPEG or WebP by its bytes, broken, or too many pixels.
    """
    named = _FORMATS[checked_type(content, IMAGES)]
    try:
        # a file that Pillow finds odd is refused, not guessed at
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=[named]) as opened:
            warnings.simplefilter("error")
            return _drawn(opened)
    except UnsupportedMedia:
        raise
    except (
        UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
        OSError, ValueError, SyntaxError, EOFError, IndexError, Warning,
    ) as error:  # fmt: skip
        raise UnsupportedMedia(_BROKEN) from error


def _drawn(opened: Image.Image) -> Picture:
    if opened.width * opened.height > LARGEST_PIXELS:  # told by the header, before decoding
        raise UnsupportedMedia(_TOO_MANY)
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG is decoded at a fraction at once
    opened.seek(0)
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clear = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if clear else "RGB")
    square = ImageOps.fit(plain, (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    media_type = PNG if clear else JPEG
    return Picture(media_type, _encoded(plain, media_type), _encoded(square, media_type))


def _encoded(picture: Image.Image, media_type: str) -> bytes:
    # pasted onto a new canvas: what hung on the old one (profiles, comments) stays there
    canvas = Image.new(picture.mode, picture.size)
    canvas.paste(picture)
    out = io.BytesIO()
    options = {"quality": 88} if media_type == JPEG else {"optimize": True}
    canvas.save(out, _FORMATS[media_type], **options)
    return out.getvalue()
