"""Stated and counted beside each other; nothing invented (reports.md §1)."""

from __future__ import annotations

from typing import Any

from eventsvc.reports.summary import series_summary, summarise

EVENT = {"recorded": False, "title": "Example"}


def stated(metric: str, operator: str, value: int, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "operator": operator, "value": value, "source": "article", **more}


def counts(**figures: int | None) -> dict[str, Any]:
    named = {name.replace("__", "."): value for name, value in figures.items()}
    return {"figures": named, "states": {}, "breakdowns": {}, "items": [], "speakers": {}}


def facts(**more: Any) -> dict[str, Any]:
    made = {"revision": 1, "counted_at": "2027-05-06T16:00:00Z", "software_version": "0"}
    return {"made": made, "event": EVENT, "programme": [], **more}


def row(snapshot: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(one for one in snapshot["glance"] if one["metric"] == metric)


def test_both_stand_side_by_side_with_their_difference():
    snapshot = summarise(
        [stated("participants", ">", 120)], counts(participants__attended=131), facts()
    )
    found = row(snapshot, "participants")
    assert (found["stated"]["operator"], found["stated"]["value"]) == (">", 120)
    assert (found["counted"]["operator"], found["counted"]["value"]) == ("=", 131)
    assert found["difference"] == {"operator": "<", "value": 11, "fits": True}


def test_missing_is_none_and_never_0():
    found = row(summarise([], counts(participants__attended=None), facts()), "participants")
    assert found["stated"] is None
    assert found["counted"]["value"] is None
    assert found["difference"] is None


def test_every_figure_has_definition_kind_operator_value_and_source():
    snapshot = summarise(
        [stated("participants", ">", 120)], counts(participants__attended=131), facts()
    )
    assert [one["id"] for one in snapshot["figures"]] == [
        "stated.participants",
        "participants.attended",
    ]
    for one in snapshot["figures"]:
        assert {"id", "kind", "operator", "value", "source"} <= one.keys()
    assert snapshot["schema_version"] == 1
    assert snapshot["software_version"] == "0"
    assert snapshot["counted_at"] == "2027-05-06T16:00:00Z"


def test_sections_without_data_are_left_out():
    snapshot = summarise([], counts(), facts())
    assert not {"seats", "speakers", "awards", "participation", "changes"} & snapshot.keys()


def test_the_headline_never_mixes_stated_with_counted():
    told = [stated("participants", ">", 120)]
    counted = counts(participants__attended=131, participants__countries=9)
    both = summarise(told, counted, facts())["headline"]
    assert both["participants"]["kind"] == "stated"
    assert both["countries"] is None
    only = summarise([], counted, facts())["headline"]
    assert [only["participants"]["value"], only["countries"]["value"]] == [131, 9]


def test_meetings_of_different_kinds_are_two_lines():
    snapshot = summarise(
        [stated("bilateral_meetings", "=", 550), stated("meetings", "=", 800)], counts(), facts()
    )
    assert {"bilateral_meetings", "meetings"} <= {one["metric"] for one in snapshot["glance"]}


def test_context_is_no_figure_of_the_event():
    snapshot = summarise([stated("speakers", "=", 14, context=True)], counts(), facts())
    assert [one["metric"] for one in snapshot["glance"]] == ["participants"]
    assert [one["value"] for one in snapshot["context"]] == [14]


def test_a_new_revision_lists_what_changed():
    before = summarise([], counts(participants__attended=130), facts())
    after = summarise(
        [stated("participants", ">", 120)],
        counts(participants__attended=131),
        facts(previous=before),
    )
    assert [(one["id"], one["before"], one["after"]) for one in after["changes"]] == [
        ("stated.participants", None, {"operator": ">", "value": 120}),
        ("participants.attended", {"operator": "=", "value": 130}, {"operator": "=", "value": 131}),
    ]


def edition(slug: str, number: int | None, *figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": slug,
        "edition": number,
        "edition_derived": None,
        "stated": list(figures),
        "counted": {},
    }


def test_the_series_says_more_than_190_and_names_the_gap():
    found = series_summary(
        [
            edition("duesseldorf", None, stated("participants", ">", 70)),
            edition("heilbronn", 20, stated("participants", ">", 120)),
            edition("palma", None),
        ]
    )
    assert found["sums"] == [
        {
            "metric": "participants",
            "operator": ">",
            "value": 190,
            "editions": ["duesseldorf", "heilbronn"],
            "not_stated": ["palma"],
        }
    ]
    assert found["gaps"] == [{"first": 1, "last": 19, "unnumbered": ["duesseldorf"]}]


def test_about_is_not_added_and_countries_are_not_either():
    found = series_summary(
        [
            edition("a", 1, stated("participants", ">", 70), stated("countries", "=", 15)),
            edition("b", 2, stated("participants", "~", 700), stated("countries", "=", 12)),
        ]
    )
    assert [(one["metric"], one["value"]) for one in found["sums"]] == [("participants", None)]
    assert found["gaps"] == []


def test_total_and_on_site_are_never_added():
    found = series_summary(
        [edition("a", 1, stated("total", ">", 900)), edition("b", 2, stated("on_site", ">", 500))]
    )
    assert found["sums"] == []
