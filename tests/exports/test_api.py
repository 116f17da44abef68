"""Doors of exports."""

from __future__ import annotations

from tests.factories.events import make_event


def test_nothing_was_exported_yet(client, session, organiser, token_for):
    event = make_event(session, organiser.id)
    session.commit()
    path = f"/api/v1/events/{event.id}/exports"
    assert client.get(path, headers=token_for()).json["items"] == []
    assert (
        client.get(path, headers=token_for("check-in-staff", scopes=["checkin"])).status_code == 403
    )
