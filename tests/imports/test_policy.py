"""What can be imported, and what becomes of a row."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import FieldError, Invalid
from eventsvc.imports.policy import FORMATS, KINDS, RowOutcome, check_form, counted, decide


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
def test_schedules_and_tables_have_forms_of_their_own(kind, form):
    if (kind == "schedule") == (form in ("json", "frab_xml", "frab_json")):
        check_form(kind, form)
        return
    with pytest.raises(Invalid) as refused:
        check_form(kind, form)
    assert refused.value.errors[0].pointer == "/format"


@pytest.mark.parametrize(
    ("known", "differs", "match", "action"),
    [
        (False, False, "create_only", "create"),
        (False, False, "upsert", "create"),
        (True, True, "create_only", "skip"),
        (True, True, "upsert", "update"),
        (True, False, "upsert", "skip"),
    ],
)
def test_actions(known, differs, match, action):
    assert decide(known=known, differs=differs, match=match) == action


def test_outcomes_are_told_and_counted():
    wrong = RowOutcome(3, "error", errors=[FieldError("/name", "required", "…")])
    assert wrong.told()["errors"] == [{"pointer": "/name", "code": "required", "detail": "…"}]
    counts = counted([RowOutcome(2, "create"), wrong])
    assert counts == {"create": 1, "update": 0, "skip": 0, "error": 1}
