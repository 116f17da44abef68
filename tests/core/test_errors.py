"""The words in which rules refuse."""

import pytest

from eventsvc.core import errors
from eventsvc.core.errors import Conflict, FieldError, Invalid, StaleVersion, TransitionNotAllowed


def test_an_invalid_request_lists_all_its_fields_at_once():
    refusal = Invalid([FieldError("/a", "required", "Give it"), FieldError("/b", "too-long", "…")])
    assert refusal.detail == "2 fields are invalid"
    assert Invalid.field("/a", "required", "Give it").detail == "1 field is invalid"


def test_a_conflict_says_with_what():
    refusal = Conflict("room-conflict", "The room is taken.", conflicts_with=["x"])
    assert (refusal.code, refusal.members) == ("room-conflict", {"conflicts_with": ["x"]})


def test_a_refused_step_says_where_one_may_go():
    refusal = TransitionNotAllowed("idea", "running", ["announced", "draft"])
    assert refusal.members == {"from": "idea", "to": "running", "allowed": ["announced", "draft"]}
    assert refusal.code == "transition-not-allowed"


def test_a_stale_version_tells_the_present_tag():
    assert StaleVersion('"7"').members == {"current_etag": '"7"'}
    assert StaleVersion().members == {}


@pytest.mark.parametrize(
    "name", ["NotFound", "Forbidden", "Unauthenticated", "PreconditionRequired"]
)
def test_every_refusal_has_a_code_and_a_title(name):
    refusal = getattr(errors, name)()
    assert refusal.code
    assert refusal.title
    assert str(refusal)
