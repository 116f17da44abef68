"""The sample receiver of docs/guides/webhooks.md is right: this runs it (security row 17)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from eventsvc.webhooks.policy import signature, written_secret

pytestmark = pytest.mark.threat(17)
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "webhooks.md"
AT = 1_800_000_000
ID, BODY = "msg-1", '{"id":"msg-1","type":"event.published"}'
SECRET, OTHER = written_secret(b"a" * 32), written_secret(b"b" * 32)


@pytest.fixture
def receive() -> Any:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  our own guide
    return names["receive"]


def headers(secrets: list[str], body: str = BODY) -> dict[str, str]:
    return {
        "webhook-id": ID,
        "webhook-timestamp": str(AT),
        "webhook-signature": signature(secrets, ID, AT, body),
    }


def test_what_is_ours_is_taken_once(receive):
    assert receive(headers([SECRET]), BODY.encode(), SECRET, now=AT + 200) is True
    assert receive(headers([SECRET]), BODY.encode(), SECRET, now=AT + 200) is False


@pytest.mark.parametrize("minutes", [-6, 6])
def test_six_minutes_are_too_far(receive, minutes):
    with pytest.raises(ValueError, match="too old"):
        receive(headers([SECRET]), BODY.encode(), SECRET, now=AT + 60 * minutes)


def test_another_secret_or_body_is_refused(receive):
    for told, body in ((headers([OTHER]), BODY), (headers([SECRET]), BODY.replace("event", "x"))):
        with pytest.raises(ValueError, match="signature"):
            receive(told, body.encode(), SECRET, now=AT)


def test_during_a_change_either_secret_fits(receive):
    assert receive(headers([OTHER, SECRET]), BODY.encode(), SECRET, now=AT)
