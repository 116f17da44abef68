"""Every operation of the application, read from its url map and its declarations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask

from eventsvc.core.http.declare import (
    LINK,
    SESSION,
    SIGNED_IN,
    SPEAKER,
    Declaration,
    declaration,
)

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    name: str
    method: str
    rule: str
    declared: Declaration

    @property
    def parameters(self) -> list[str]:
        """The names of its path values, from left to right."""
        return _PARAMETER.findall(self.rule)

    @property
    def ids(self) -> list[str]:
        """Those of them that are ids."""
        return [name for name in self.parameters if name.endswith("_id")]

    @property
    def path(self) -> str:
        """The address as the document writes it."""
        return _PARAMETER.sub(r"{\1}", self.rule)

    @property
    def for_staff(self) -> bool:
        """Whether it asks for a scope."""
        return self.declared.scope not in (None, LINK, SIGNED_IN, SPEAKER)

    @property
    def guarded(self) -> bool:
        """Whether the staff's credential opens it for its own things alone."""
        if self.declared.scope in (SIGNED_IN, SESSION):
            return self.declared.scope == SIGNED_IN and self.declared.gate is not None
        return self.for_staff

    @property
    def for_links(self) -> bool:
        """Whether it is for private links."""
        return self.declared.scope == LINK

    def upto(self, parameter: str) -> str:
        """The rule as far as this parameter."""
        return self.rule[: self.rule.index(f"<{parameter}>") + len(parameter) + 2]


def operations(app: Flask) -> dict[str, Operation]:
    """All operations by their names."""
    found = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        [method] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found[view.__name__] = Operation(view.__name__, method, rule.rule, declaration(view))
    return found


def without_times(answer: Any) -> tuple[Any, ...]:
    """Status, headers and body of an answer, without what differs from call to call."""
    passing = {"X-Request-Id", "RateLimit", "Date"}
    headers = sorted((k, v) for k, v in answer.headers if k not in passing)
    body = dict(answer.json)
    body.pop("instance")
    return answer.status_code, headers, body
