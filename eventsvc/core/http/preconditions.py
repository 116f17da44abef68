"""Versions and entity tags: ``If-Match``, ``If-None-Match``, ``ETag`` (api.md §3, RFC 9110)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from flask import request

from eventsvc.core.errors import MalformedRequest, PreconditionRequired, StaleVersion
from eventsvc.core.http.asked import actor, asked

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')


def strong(version: int) -> str:
    """The tag of a versioned resource."""
    return f'"{version}"'


def weak(content: bytes) -> str:
    """The tag of an answer that is more than one resource."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def version_of(resource: Any) -> int | None:
    """The version of a resource, given as an object or a mapping."""
    if isinstance(resource, Mapping):
        version = resource.get("version")
    else:
        version = getattr(resource, "version", None)
    return version if isinstance(version, int) else None


def _tags(name: str) -> list[tuple[bool, str]] | None:
    """(weak, tag) of each tag in a header; None when the header is not there."""
    raw = request.headers.get(name)
    if raw is None:
        return None
    tags = []
    for part in raw.split(","):
        found = _TAG.fullmatch(part.strip())
        if found is None:
            raise MalformedRequest(
                f'{name} is malformed: write the tag in quotes, e.g. "7".',
                errors=[{"parameter": name, "code": "malformed", "detail": "Not an entity tag"}],
            )
        tags.append((found[1] is not None, found[0]))
    return tags


def check_given(*, required: bool) -> None:
    """Judge ``If-Match`` before the state is looked at: 428, 400, or 412 for a weak tag."""
    if request.headers.get("If-Match", "").strip() == "*":
        return
    tags = _tags("If-Match")
    if tags is None:
        if required:
            raise PreconditionRequired
    elif all(is_weak for is_weak, _ in tags):
        raise StaleVersion


def expect(resource: Any) -> None:
    """Refuse unless the caller's ``If-Match`` names the present version of ``resource``.

    ``*`` is enough from event managers and above. Where ``If-Match`` is optional and missing,
    nothing is refused. A change by another caller after this line is found by the version in
    the UPDATE itself.

    Raises:
        StaleVersion: with the present tag.
    """
    asked().expected = True
    raw = request.headers.get("If-Match")
    version = version_of(resource)
    if version is None:
        raise TypeError(f"{type(resource).__name__} has no version")
    if raw is None or (raw.strip() == "*" and actor().manages):
        return
    present = strong(version)
    if raw.strip() == "*" or (False, present) not in (_tags("If-Match") or []):
        raise StaleVersion(present)


def is_fresh(etag: str) -> bool:
    """Whether the caller has this answer already (weak comparison, RFC 9110 §13.1.2)."""
    raw = request.headers.get("If-None-Match")
    if raw is None or request.method not in ("GET", "HEAD"):
        return False
    opaque = etag.removeprefix("W/")
    return raw.strip() == "*" or any(tag[2] == opaque.strip('"') for tag in _TAG.finditer(raw))
