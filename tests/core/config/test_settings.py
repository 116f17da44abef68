"""The settings table is made from the code."""

from dataclasses import fields

from eventsvc.core.config import Settings, table, variable


def test_the_table_has_a_row_for_each_setting():
    rows = table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [variable(field) for field in fields(Settings)]


def test_every_setting_says_what_it_means():
    assert all(len(field.metadata["help"]) > 10 for field in fields(Settings))
