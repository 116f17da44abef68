"""The files of the archive: whole, ordered, without contact data."""

from __future__ import annotations

import re

from seeds import files


def test_main_events_come_before_their_side_events():
    slugs = [edition["slug"] for edition in files.editions()]
    parents = {e["slug"]: e["parent"] for e in files.editions() if "parent" in e}
    assert len(slugs) == 12
    assert all(slugs.index(parent) < slugs.index(slug) for slug, parent in parents.items())


def test_nothing_is_filled_in_where_the_documents_say_nothing():
    for edition in files.editions():
        known = {"starts_at", "first_day"} & edition["dates"].keys()
        assert bool(known) == (edition["dates"]["precision"] == "day"), edition["slug"]


def test_norway_is_a_country_and_not_false():
    countries = [
        country
        for one in files.organisations()
        for line in one.get("targets", {}).values()
        for country in line.get("countries", ())
    ]
    assert "NO" in countries
    assert all(isinstance(country, str) for country in countries)


def test_no_contact_data():
    for path in files.FOLDER.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\w.]+@[\w.]+", text), path
        assert not re.search(r"\+\d{2}[\d /-]{6,}", text), path
