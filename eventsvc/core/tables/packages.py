"""XLSX as a ZIP from outside: judged before it is parsed, parsed where it can do no harm.

A declared size may lie, so each part is unpacked once into nothing with a count; and a sheet of
one cell at XFD1048576 wants a terabyte, so the parser runs in a process with limits of its own.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from eventsvc.core.errors import Invalid

LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 1000
HIGHEST_RATIO = 100
RATIO_FROM = 100_000
"""Bytes below which a part may be as repetitive as it likes."""

CHUNK = 256 * 1024
MEMORY = 280 * 1024 * 1024
"""Address space of the parsing process (security.md row 24: less than 300 MiB)."""

SECONDS = 4
SHEET = Path(__file__).with_name("sheet.py")
MACROS = ("vbaproject", "macrosheets/", "dialogsheets/", "activex/", "embeddings/", "ctrlprops/")
LINKS = ("externallinks/", "connections.xml", "querytables/", "externalreference")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def _refused(code: str, detail: str) -> Invalid:
    return Invalid.field("/file", code, detail)


def check_package(content: bytes) -> None:
    """Refuse a ZIP that is a bomb, no workbook, or a workbook that does more than hold cells.

    Raises:
        Invalid: pointer ``/file``: ``bad-xlsx``, ``bomb``, ``macros``, ``external-links``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_entries(entries)
            left = LARGEST_UNPACKED
            for entry in entries:
                left -= _unpacked(package, entry, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
        raise _refused("bad-xlsx", "This is no XLSX workbook") from error
    except NotImplementedError as error:
        raise _refused("bad-xlsx", "It is packed in an unusual way; save it again") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _refused("bomb", f"At most {MOST_ENTRIES} parts")
    names = [entry.filename.lower().replace("\\", "/") for entry in entries]
    if len(set(names)) < len(names) or any(".." in name or name[:1] == "/" for name in names):
        raise _refused("bad-xlsx", "Its parts have odd names")
    if any(e.flag_bits & 0x1 or e.compress_type not in _METHODS for e in entries):
        raise _refused("bad-xlsx", "It is encrypted or packed in an unusual way; save it again")
    for code, detail, marks in (
        ("macros", "Save it as XLSX without macros and embedded things", MACROS),
        ("external-links", "Save it without links to other files and databases", LINKS),
    ):
        if any(mark in name for name in names for mark in marks):
            raise _refused(code, detail)
    if "[content_types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise _refused("bad-xlsx", "This is no XLSX workbook")
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise _refused("bomb", f"Unpacked it has more than {LARGEST_UNPACKED} bytes")


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """The true size of a part, read to its end; its check sum is compared on the way."""
    size, before = 0, b""
    with package.open(entry) as part:
        while chunk := part.read(CHUNK):
            size += len(chunk)
            packed = max(entry.compress_size, 1)
            if size > most or (size > RATIO_FROM and size > HIGHEST_RATIO * packed):
                raise _refused("bomb", f"{entry.filename[:100]} is packed too tightly")
            _check_markup(before + chunk)
            before = chunk[-16:]
    return size


def _check_markup(chunk: bytes) -> None:
    """No part of a workbook declares a document type; entities cannot be made without one."""
    plain = chunk.replace(b"\0", b"").upper()  # UTF-16 too
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise _refused("bomb", "It declares entities")


def rows_of_sheet(content: bytes, *, most_rows: int, most_columns: int) -> bytes:
    """The first sheet as JSON ``{"wide": bool, "rows": [[…], …]}``, at most ``most_rows`` of it.

    Raises:
        Invalid: pointer ``/file``: ``bad-xlsx``, or ``bomb`` where its process ran into a limit.
    """
    limits = [str(number) for number in (MEMORY, SECONDS, most_rows, most_columns)]
    try:
        ran = subprocess.run(  # noqa: S603  our own script, its arguments are numbers
            [sys.executable, "-I", str(SHEET), *limits],
            input=content,
            capture_output=True,
            timeout=SECONDS + 1,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise _refused("bomb", "It takes too long to read") from error
    if ran.returncode == 2:
        raise _refused("bad-xlsx", "This is no XLSX workbook")
    if ran.returncode != 0:
        raise _refused("bomb", "It takes too much memory or time to read")
    return ran.stdout
