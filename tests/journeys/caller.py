"""A client of the web API that speaks real HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PATIENCE_S = 30


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None where there is none."""
        return json.loads(self.content) if self.content else None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()


@dataclass(frozen=True)
class Caller:
    """Calls ``address`` with a bearer token, or without."""

    address: str
    token: str | None = None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send one request; ``headers`` with ``_`` for ``-``.

        Raises:
            OSError: nobody answers, or the answer broke off.
        """
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        url = path if path.startswith("http") else self.address + path
        request = Request(url, data=data, headers=sent, method=method)  # noqa: S310
        try:
            with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                return Reply(answer.status, answer.headers, answer.read())
        except HTTPError as refused:
            with refused:
                return Reply(refused.code, refused.headers, refused.read())

    def get(self, path: str) -> Any:
        """Read JSON; anything but 200 fails the test."""
        reply = self.call("GET", path)
        assert reply.status == 200, f"GET {path}: {reply.status} {reply.text}"
        return reply.json

    def post(self, path: str, body: Any = None, *, status: int = 201) -> Any:
        """Send JSON; anything but ``status`` fails the test."""
        reply = self.call("POST", path, body)
        assert reply.status == status, f"POST {path}: {reply.status} {reply.text}"
        return reply.json

    def patch(self, path: str, body: Any) -> Any:
        """Change the resource at ``path`` as it is now."""
        version = self.get(path)["version"]
        reply = self.call("PATCH", path, body, If_Match=f'"{version}"')
        assert reply.status == 200, f"PATCH {path}: {reply.status} {reply.text}"
        return reply.json
