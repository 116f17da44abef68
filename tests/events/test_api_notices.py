"""Data-protection notices: what they must say, their versions, who was shown which."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsvc.core import clock
from eventsvc.registration.models import Registration
from tests.events.doors import EVENTS, errors
from tests.factories.registration import link_of, make_open_event, make_registration, person

PURPOSES = [
    {"purpose": "Running the event", "legal_basis": "Article 6(1)(e)", "retention": "24 months"}
]
NOTICE = {
    "language": "en",
    "controller": "Example Region, Example Street 1",
    "dpo_contact": "dpo@example.org",
    "supervisory_authority": "Example Authority",
    "purposes": PURPOSES,
}


@pytest.fixture
def open_event(session, organiser):
    now = clock.now(session)
    made = make_open_event(session, organiser.id, now=now, languages=["de", "en"])
    session.commit()
    return made


def written(client, admin, event, **changes):
    answer = client.post(f"{EVENTS}/{event.id}/notices", headers=admin, json=NOTICE | changes)
    assert answer.status_code == 201, answer.json
    return answer.headers["Location"]


def public(event) -> str:
    return f"/api/v1/public/events/-/{event.slug}"


def test_a_change_makes_a_version_and_the_old_ones_stay(client, admin, open_event):
    place = written(client, admin, open_event)
    told = {**admin, "If-Match": '"1"'}
    changed = client.patch(place, headers=told, json={"record_number": "DPR-2027-1"})
    assert (changed.status_code, changed.headers["ETag"], changed.json["number"]) == (200, '"2"', 2)
    same = client.patch(place, headers={**admin, "If-Match": '"2"'}, json={"rights": None})
    assert same.headers["ETag"] == '"2"'
    versions = client.get(f"{place}/versions", headers=admin).json["items"]
    numbers = [(one["number"], one["record_number"]) for one in versions]
    assert numbers == [(2, "DPR-2027-1"), (1, None)]
    assert [one["number"] for one in client.get(f"{public(open_event)}/notices").json["items"]] == [
        2
    ]
    first = client.get(f"{public(open_event)}/notices/en/versions/1")
    assert (first.status_code, first.json["controller"]) == (200, NOTICE["controller"])
    for gone in ("en/versions/3", "fr/versions/1", "en/versions/x", "en/versions/²"):
        assert client.get(f"{public(open_event)}/notices/{gone}").status_code == 404


def test_bodies_of_the_union_are_supervised_by_the_edps(client, admin, event):
    address = f"{EVENTS}/{event.id}/notices"
    bare = {name: value for name, value in NOTICE.items() if name != "supervisory_authority"}
    refused = client.post(address, headers=admin, json=bare)
    assert errors(refused) == [("/supervisory_authority", "required")]
    made = client.post(address, headers=admin, json={**bare, "regulation": "eu_2018_1725"})
    assert "EDPS" in made.json["supervisory_authority"]
    again = client.post(address, headers=admin, json=NOTICE)
    assert (again.status_code, again.json["code"]) == (409, "notice-exists")
    assert again.json["conflicts_with"] == [made.json["id"]]
    odd = {**NOTICE, "language": "de", "purposes": [{"purpose": "x"}], "number": 3}
    assert sorted(errors(client.post(address, headers=admin, json=odd))) == [
        ("/number", "read-only-field"),
        ("/purposes/0/legal_basis", "required"), ("/purposes/0/retention", "required"),
    ]  # fmt: skip


@pytest.mark.parametrize("spoken", [("de-AT", "de"), ("fr", "de"), ("en", "en")])
def test_a_registration_keeps_the_version_it_was_shown(client, admin, session, open_event, spoken):
    language, shown = spoken
    written(client, admin, open_event)
    place = written(client, admin, open_event, language="de")
    client.patch(place, headers={**admin, "If-Match": "*"}, json={"record_number": "2"})
    body = person(email="guest@example.org", language=language)
    told = {name: body[name] for name in ("name", "email", "language")}
    answer = client.post(f"{public(open_event)}/registrations", json=told)
    assert answer.status_code == 202, answer.json
    kept = session.scalars(select(Registration)).one()
    assert (kept.notice_language, kept.notice_version) == (shown, 2 if shown == "de" else 1)
    link = link_of(session, kept, now=clock.now(session))
    client.patch(place, headers={**admin, "If-Match": "*"}, json={"record_number": "3"})
    found = client.get(f"{EVENTS}/{open_event.id}/registrations", headers=admin).json["items"][0]
    assert (found["notice_language"], found["notice_version"]) == (
        shown, 2 if shown == "de" else 1
    )  # fmt: skip
    own = client.get("/api/v1/my/registration", headers=link).json
    assert (own["notice_language"], own["id"]) == (shown, found["id"])


def test_a_notice_that_somebody_was_shown_is_not_deleted(client, admin, session, open_event):
    place = written(client, admin, open_event)
    told = {**admin, "If-Match": "*"}
    client.post(f"{public(open_event)}/registrations", json={"name": "A", "email": "a@example.org"})
    refused = client.delete(place, headers=told)
    assert (refused.status_code, refused.json["code"]) == (409, "notice-in-use")
    unseen = written(client, admin, open_event, language="fr")
    assert client.delete(unseen, headers=told).status_code == 204


def test_who_is_typed_in_by_staff_was_shown_none(client, admin, session, open_event):
    written(client, admin, open_event)
    guest = make_registration(session, open_event, now=clock.now(session))
    session.commit()
    found = client.get(f"{EVENTS}/{open_event.id}/registrations/{guest.id}", headers=admin).json
    assert (found["notice_language"], found["notice_version"]) == (None, None)
