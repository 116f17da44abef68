"""What feeds of parts are called."""

from __future__ import annotations

import pytest

from eventsvc.feeds.policy import EVENT, PERSONAL, ROOM, SERIES, TRACK, is_part, type_kind, type_of


def test_a_type_is_read_back_from_its_kind():
    assert type_of(type_kind("world_cafe")) == "world_cafe"


@pytest.mark.parametrize("kind", [EVENT, SERIES, PERSONAL])
def test_a_whole_is_no_part(kind):
    assert not is_part(kind)
    assert type_of(kind) is None


@pytest.mark.parametrize("kind", [TRACK, ROOM, type_kind("panel")])
def test_tracks_rooms_and_types_are_parts(kind):
    assert is_part(kind)
