"""Rule 30: the guest sees, mints and ends the own calendar address."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.registration.models import Registration
from tests.factories.events import NOW
from tests.factories.feeds import LATER, items_in, make_guest, make_programme
from tests.factories.registration import link_of

PATH = "/api/v1/my/calendar"


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def guest(organiser):
    programme = make_programme(organiser.id)
    return make_guest(programme, programme.workshop)


@pytest.fixture
def link(session, guest):
    with transaction() as s:
        registration = s.get_one(Registration, guest.registration_id)
        return link_of(s, registration, now=NOW)


def relative(address):
    return address.removeprefix("http://localhost")


def test_minting_shows_the_address_once_and_ends_the_one_before(client, guest, link):
    answer = client.post(PATH, headers=link)
    assert (answer.status_code, answer.headers["Location"]) == (201, PATH)
    address = answer.json["address"]
    assert address.startswith("http://localhost/my/calendar/evc_")
    assert answer.json["webcal"] == "webcal" + address[4:]
    assert "Floods" in items_in(client.get(relative(address)).data)
    assert client.get(guest.path).status_code == 410
    second = client.post(PATH, headers=link).json["address"]
    assert second != address
    assert client.get(relative(address)).status_code == 410
    assert client.get(relative(second)).status_code == 200


def test_a_repeated_call_does_not_show_it_again(client, link):
    headers = link | {"Idempotency-Key": "once"}
    first = client.post(PATH, headers=headers).json
    again = client.post(PATH, headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [again.json[name] for name in ("address", "webcal", "google", "outlook")] == [None] * 4
    assert client.get(relative(first["address"])).status_code == 200


def test_attendees_see_creation_last_fetch_and_client(client, guest, link):
    with clock.standing_at(LATER):
        client.get(guest.path, headers={"User-Agent": "Thunderbird/140"}).close()
    answer = client.get(PATH, headers=link)
    assert answer.json == {
        "created_at": "2027-03-01T12:00:00Z",
        "last_fetch_at": "2027-03-01T13:00:00Z",
        "last_client": "Thunderbird/140",
    }


def test_ending_is_for_good(client, session, guest, link):
    assert client.delete(PATH, headers=link).status_code == 204
    assert client.get(guest.path).status_code == 410
    assert client.get(PATH, headers=link).status_code == 404
    assert client.delete(PATH, headers=link).status_code == 204
    told = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_type == "calendar_tokens")
    )
    assert list(told) == ["calendar.ended"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_only_with_a_private_link(client, token_for, method):
    assert client.open(PATH, method=method).status_code == 401
    assert client.open(PATH, method=method, headers=token_for()).status_code == 403
