"""The registration form: the rules as pure tests, then the doors (security.md §3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from eventsvc.audit.models import AuditEntry
from eventsvc.core.errors import Invalid
from eventsvc.registration.policy import QUESTION_TYPES, asked, check_answers, check_form
from tests.factories.accounts import an_organiser, counted
from tests.factories.events import make_event
from tests.factories.registration import make_open_event

LABELS = [{"language": "en", "label": "A question"}]


def question(key: str, kind: str = "text", **values: Any) -> dict[str, Any]:
    told = {
        "key": key,
        "type": kind,
        "labels": LABELS,
        "required": False,
        "purpose": "To plan the day",
        "legal_basis": "legitimate_interests",
        "sensitive": False,
        "retention_days": 30,
    }
    if kind in ("single", "multiple"):
        told["choices"] = [{"key": one, "labels": LABELS} for one in ("yes", "no", "maybe")]
    return told | values


def when(key: str, *answers: str) -> dict[str, Any]:
    return {"condition": {"question": key, "one_of": list(answers)}}


def refusals(call: Any, *arguments: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        call(*arguments)
    return [(error.pointer, error.code) for error in refused.value.errors]


TWO = [question("stay", "single"), question("hotel", **when("stay", "yes", "maybe"))]


@pytest.mark.parametrize(
    ("questions", "pointer", "code"),
    [
        ([question("a"), question("a")], "1/key", "duplicate-item"),
        ([question("a", "single", choices=[])], "0/choices", "required"),
        ([question("a", choices=TWO[0]["choices"])], "0/choices", "not-allowed"),
        ([question("a", labels=LABELS * 2)], "0/labels/1/language", "duplicate-item"),
        ([question("a", "number", minimum=5, maximum=4)], "0/maximum", "below-minimum"),
        ([question("a", maximum=4)], "0/minimum", "not-a-number"),
        ([question("a", **when("b", "yes"))], "0/condition/question", "unknown-question"),
        ([question("a", "single", **when("a", "yes"))], "0/condition/question", "condition-cycle"),
        (
            [question("b"), question("a", **when("b", "x"))],
            "1/condition/question",
            "condition-type",
        ),
        ([TWO[0], question("a", **when("stay", "x"))], "1/condition/one_of/0", "unknown-choice"),
        (
            [question("c", "country"), question("a", **when("c", "XX"))],
            "1/condition/one_of/0",
            "unknown-choice",
        ),
        (
            [question("a", sensitive=True, legal_basis="consent", required=True)],
            "0/required",
            "sensitive",
        ),
        ([question("a", sensitive=True)], "0/legal_basis", "sensitive"),
        (
            [question("a", sensitive=True, legal_basis="consent", retention_days=31)],
            "0/retention_days",
            "sensitive",
        ),
    ],
)
def test_a_form_that_is_refused(questions, pointer, code) -> None:  # type: ignore[no-untyped-def]
    assert refusals(check_form, questions) == [(f"/questions/{pointer}", code)]


def test_every_question_of_a_cycle_is_named() -> None:
    ring = [
        question("a", "single", **when("c", "yes")),
        question("b", "single", **when("a", "yes")),
        question("c", "single", **when("b", "yes")),
    ]
    assert {code for _, code in refusals(check_form, ring)} == {"condition-cycle"}
    assert len(refusals(check_form, ring)) == 3


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({}, ["stay"]),
        ({"stay": "no"}, ["stay"]),
        ({"stay": "yes"}, ["stay", "hotel"]),
        ({"stay": "maybe"}, ["stay", "hotel"]),
        ({"stay": ["yes"]}, ["stay", "hotel"]),
        ({"stay": 5, "hotel": "x"}, ["stay"]),
    ],
)
def test_what_is_asked(answers: dict[str, Any], keys: list[str]) -> None:
    assert [one["key"] for one in asked(TWO, answers, "guest")] == keys


def test_only_some_types_of_participants_are_asked() -> None:
    form = [question("slides", "checkbox", participant_types=["speaker"]),
            question("pages", "number", **when("slides", "true"))]  # fmt: skip
    assert asked(form, {"slides": True}, "guest") == []
    assert len(asked(form, {"slides": True}, "speaker")) == 2
    assert len(asked(form, {"slides": False}, "speaker")) == 1


@pytest.mark.parametrize(
    ("kind", "more", "answer", "kept"),
    [
        ("text", {}, "  Zoë ", "Zoë"),
        ("long_text", {}, "a\nb", "a\nb"),
        ("single", {}, "yes", "yes"),
        ("multiple", {}, ["yes", "no"], ["yes", "no"]),
        ("number", {"minimum": 0}, 0, 0),
        ("number", {}, 1.5, 1.5),
        ("date", {}, "1980-02-29", "1980-02-29"),
        ("country", {}, "AT", "AT"),
        ("checkbox", {}, False, False),
        ("checkbox", {"required": True}, True, True),
        ("text", {}, "", None),
        ("multiple", {}, [], None),
    ],
)
def test_answers_that_fit(kind: str, more: dict[str, Any], answer: Any, kept: Any) -> None:
    expected = {} if kept is None else {"a": kept}
    assert check_answers([question("a", kind, **more)], {"a": answer}, "guest") == expected


@pytest.mark.parametrize(
    ("kind", "more", "answer", "code"),
    [
        ("text", {}, 5, "invalid-type"),
        ("text", {}, "a\nb", "invalid-character"),
        ("text", {"max_length": 3}, "abcd", "too-long"),
        ("text", {"required": True}, "", "required"),
        ("single", {}, "other", "not-a-choice"),
        ("single", {}, ["yes"], "not-a-choice"),
        ("multiple", {}, "yes", "invalid-type"),
        ("multiple", {}, ["yes", "yes"], "duplicate-item"),
        ("multiple", {}, ["yes", {}], "not-a-choice"),
        ("number", {}, "5", "invalid-type"),
        ("number", {}, True, "invalid-type"),
        ("number", {}, float("nan"), "out-of-range"),
        ("number", {"minimum": 1, "maximum": 5}, 6, "out-of-range"),
        ("date", {}, "1980-02-30", "invalid-date"),
        ("country", {}, "at", "unknown-country"),
        ("checkbox", {}, "true", "invalid-type"),
        ("checkbox", {"required": True}, False, "must-be-ticked"),
    ],
)
def test_answers_that_do_not(kind: str, more: dict[str, Any], answer: Any, code: str) -> None:
    form = [question("a", kind, **more)]
    assert refusals(check_answers, form, {"a": answer}, "guest") == [("/answers/a", code)]


def test_what_was_not_asked_is_not_answered() -> None:
    given = {"stay": "no", "hotel": "Example Inn", "other": 1}
    assert refusals(check_answers, TWO, given, "guest") == [
        ("/answers/hotel", "not-asked"), ("/answers/other", "unknown-question"),
    ]  # fmt: skip
    required = [TWO[0], {**TWO[1], "required": True}]
    assert check_answers(required, {"stay": "no"}, "guest") == {"stay": "no"}
    assert refusals(check_answers, required, {"stay": "yes"}, "guest") == [
        ("/answers/hotel", "required")
    ]


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Forms whose conditions point anywhere, also in circles."""
    kinds = draw(st.lists(st.sampled_from(QUESTION_TYPES), min_size=1, max_size=6))
    keys = [f"q{n}" for n in range(len(kinds))]
    made = []
    for key, kind in zip(keys, kinds, strict=True):
        more: dict[str, Any] = {"required": draw(st.booleans())}
        if draw(st.booleans()):
            more |= when(draw(st.sampled_from(keys)), draw(st.sampled_from(["yes", "true", "AT"])))
        made.append(question(key, kind, **more))
    return made


ANSWERS = st.dictionaries(
    st.sampled_from([f"q{n}" for n in range(7)]),
    st.recursive(
        st.sampled_from(["yes", "no", "AT", "2020-01-01", True, False, None, 5, 1.5, ""])
        | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.just("x"), inner, max_size=1)
        ),
        max_leaves=4,
    ),
)


@given(forms(), ANSWERS)
def test_a_form_is_refused_or_can_be_answered(form, answers) -> None:  # type: ignore[no-untyped-def]
    try:
        check_form(form)
    except Invalid:
        return
    shown = {one["key"] for one in asked(form, answers, "guest")}
    try:
        kept = check_answers(form, answers, "guest")
    except Invalid:
        return
    assert set(kept) <= shown & set(answers), "nothing is kept that was not asked or not given"
    assert all(one["key"] in kept for one in form if one["required"] and one["key"] in shown)
    assert check_answers(form, kept, "guest") == kept, "what is kept passes again"


@given(st.integers(2, 6), st.data())
def test_no_circle_is_let_in(size: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(size)))
    ring = [
        question(f"q{order[n]}", "single", **when(f"q{order[(n + 1) % size]}", "yes"))
        for n in range(size)
    ]
    assert {code for _, code in refusals(check_form, ring)} == {"condition-cycle"}
    ring[0].pop("condition")
    check_form(ring)


@pytest.fixture
def event(session, organiser):  # type: ignore[no-untyped-def]
    made = make_open_event(session, organiser.id)
    session.commit()
    return made


def path(event: Any) -> str:
    return f"/api/v1/events/{event.id}/registration-form"


def test_save_read_and_versions(client, session, event, token_for) -> None:  # type: ignore[no-untyped-def]
    headers = token_for("event-manager")
    empty = client.get(path(event), headers=headers)
    assert (empty.json["questions"], empty.headers["ETag"]) == ([], '"0"')
    body = {"questions": TWO}
    assert client.put(path(event), headers=headers, json=body).status_code == 428
    first = client.put(path(event), headers={**headers, "If-Match": '"0"'}, json=body)
    assert (first.status_code, first.headers["ETag"]) == (200, '"1"'), first.json
    stale = client.put(path(event), headers={**headers, "If-Match": '"0"'}, json=body)
    assert stale.status_code == 412
    second = client.put(
        path(event), headers={**headers, "If-Match": '"1"'}, json={"questions": TWO[:1]}
    )
    assert second.json["version"] == 2
    assert [one["key"] for one in client.get(path(event), headers=headers).json["questions"]] == [
        "stay"
    ]
    versions = client.get(path(event) + "/versions", headers=headers).json["items"]
    assert [(one["number"], len(one["questions"])) for one in versions] == [(2, 1), (1, 2)]
    saved = select(AuditEntry.changes).where(AuditEntry.action == "registration-form.saved")
    assert {"version": 2, "questions": ["stay"]} in list(session.scalars(saved))


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"key": "A b"}, "/questions/0/key", "invalid-key"),
        ({"owner": "x"}, "/questions/0/owner", "unknown-field"),
        ({"version": 3}, "/questions/0/version", "read-only-field"),
        ({"retention_days": 0}, "/questions/0/retention_days", "out-of-range"),
        ({"legal_basis": "because"}, "/questions/0/legal_basis", "not-a-choice"),
        ({"labels": []}, "/questions/0/labels", "too-few"),
        ({"type": "file"}, "/questions/0/type", "not-a-choice"),
    ],
)
def test_refused_fields(client, event, token_for, *, change, pointer, code) -> None:  # type: ignore[no-untyped-def]
    headers = {**token_for("event-manager"), "If-Match": '"0"'}
    answer = client.put(path(event), headers=headers, json={"questions": [question("a") | change]})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json["errors"]] == [(pointer, code)]


def test_who_may(client, session, event, token_for) -> None:  # type: ignore[no-untyped-def]
    other = token_for("event-manager", organiser=an_organiser(session))
    editor = token_for("programme-editor")
    assert client.get(path(event)).status_code == 401
    assert client.get(path(event), headers=other).status_code == 404
    assert client.get(path(event), headers=editor).status_code == 200
    tagged = {**editor, "If-Match": '"0"'}
    assert client.put(path(event), headers=tagged, json={"questions": []}).status_code == 403


def test_everybody_reads_the_form_of_an_announced_event(client, session, event, token_for) -> None:  # type: ignore[no-untyped-def]
    headers = {**token_for("event-manager"), "If-Match": '"0"'}
    client.put(path(event), headers=headers, json={"questions": TWO})
    public = f"/api/v1/public/events/-/{event.slug}/registration-form"
    answer = client.get(public)
    assert answer.status_code == 200
    assert [one["key"] for one in answer.json["questions"]] == ["stay", "hotel"]
    assert answer.json["questions"][1]["condition"] == TWO[1]["condition"]
    assert "max-age=60" in answer.headers["Cache-Control"]
    idea = make_event(session, event.organiser_id)
    session.commit()
    hidden = client.get(f"/api/v1/public/events/-/{idea.slug}/registration-form")
    assert hidden.status_code == 404


def test_versions_cost_the_same_for_one_and_many(client, session, event, token_for) -> None:  # type: ignore[no-untyped-def]
    headers = token_for("event-manager")
    costs = []
    for version in range(30):
        tagged = {**headers, "If-Match": f'"{version}"'}
        client.put(path(event), headers=tagged, json={"questions": TWO[: version % 2 + 1]})
        if version in (0, 29):
            with counted() as sent:
                answer = client.get(path(event) + "/versions", headers=headers)
            costs.append(len(sent))
    assert len(answer.json["items"]) == 30
    assert costs[0] == costs[1]
