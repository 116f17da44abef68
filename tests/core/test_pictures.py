"""Pictures are drawn anew, or refused (api.md §8, security.md row 24)."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from eventsvc.core.errors import UnsupportedMedia
from eventsvc.core.media import JPEG, PNG
from eventsvc.core.pictures import LONGEST_SIDE, THUMBNAIL_SIDE, redrawn


def picture(form="JPEG", size=(640, 480), mode="RGB", color="teal", **options):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, form, **options)
    return out.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "media_type", "drawn_as"),
    [
        (picture("JPEG"), JPEG, "JPEG"),
        (picture("PNG"), JPEG, "JPEG"),
        (picture("WEBP"), JPEG, "JPEG"),
        (picture("PNG", mode="RGBA", color=(1, 2, 3, 100)), PNG, "PNG"),
        (picture("JPEG", mode="CMYK", color=(0, 90, 90, 0)), JPEG, "JPEG"),
        (picture("PNG", mode="P", color=3), JPEG, "JPEG"),
    ],
)
def test_pictures_are_drawn_anew_with_a_square_thumbnail(content, media_type, drawn_as):
    made = redrawn(content)
    assert made.media_type == media_type
    assert opened(made.content).format == drawn_as
    assert opened(made.content).size == (640, 480)
    assert opened(made.thumbnail).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE)


def test_metadata_is_left_behind_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "Secret place 48.2N 16.3E"
    content = picture("JPEG", (400, 200), exif=exif, comment=b"planted comment")
    made = redrawn(content)
    assert opened(made.content).size == (200, 400)
    assert not opened(made.content).getexif()
    for part in (made.content, made.thumbnail):
        assert b"Secret" not in part
        assert b"planted" not in part


@pytest.mark.threat(24)
def test_what_hangs_behind_the_last_pixel_is_left_behind():
    made = redrawn(picture("PNG") + b"<script>alert(1)</script>" + b"PK\x03\x04")
    assert b"script" not in made.content
    assert b"PK\x03\x04" not in made.content


def test_a_large_picture_is_made_smaller():
    made = redrawn(picture("JPEG", (5000, 2500)))
    assert opened(made.content).size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def png_of(width, height):
    """A PNG whose header promises these many pixels, and whose data hold few."""

    def chunk(kind, content):
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.threat(24)
@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7\n",
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"<script>",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        picture("PNG")[:200],
        png_of(40_001, 1_000),
        png_of(60_000, 60_000),
        png_of(0, 10),
    ],
    ids=["svg", "gif", "pdf", "empty", "start", "polyglot", "webp", "cut", "many", "bomb", "none"],
)
def test_bombs_and_disguises_are_refused_soon(content):
    began = time.perf_counter()
    with pytest.raises(UnsupportedMedia):
        redrawn(content)
    assert time.perf_counter() - began < 6
