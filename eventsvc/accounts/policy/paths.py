"""Where a browser may be sent after a login (security.md row 13). Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

HOME = "/"
LONGEST = 500
MOST_LAYERS = 5
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x7e]*")


def local_path(wanted: str | None) -> str:
    """``wanted`` if it is a path of this host, however it is encoded; else ``/``."""
    if not wanted or len(wanted) > LONGEST:
        return HOME
    seen = wanted
    for _ in range(MOST_LAYERS):
        if not _LOCAL.fullmatch(seen) or "\\" in seen:
            return HOME
        decoded = unquote(seen)
        if decoded == seen:
            return wanted
        seen = decoded
    return HOME
