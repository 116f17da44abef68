"""A speaker's answer, at the door and as a pure machine (editions.md §4.14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from eventsvc.agenda import policy
from eventsvc.agenda.models import AgendaItem, SpeakerProfile, SpeakerRole
from eventsvc.core.errors import Conflict, TransitionNotAllowed, Unauthenticated
from eventsvc.events.models import Event
from eventsvc.facts.models import FactRow
from tests.factories.accounts import counted
from tests.factories.agenda import make_session, make_speaker
from tests.factories.events import make_event

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("by", [policy.ORGANISER, policy.SPEAKER])
@pytest.mark.parametrize("current", policy.ROLE_STATES)
def test_only_listed_steps_pass(current, by):
    for to in policy.ROLE_STATES:
        if to in policy.ROLE_STEPS[by][current]:
            policy.check_role_step(current, to, by)
        else:
            with pytest.raises(TransitionNotAllowed) as refused:
                policy.check_role_step(current, to, by)
            assert refused.value.members["allowed"] == list(policy.ROLE_STEPS[by][current])


def test_a_speaker_can_do_no_more_than_the_organiser_once_invited():
    for state, steps in policy.ROLE_STEPS[policy.SPEAKER].items():
        assert set(steps) <= set(policy.ROLE_STEPS[policy.ORGANISER][state])


@given(st.lists(st.tuples(st.sampled_from(["publish", "record"]), st.booleans())))
def test_the_newest_word_holds(words):
    said = [SimpleNamespace(kind=k, given=g, number=n) for n, (k, g) in enumerate(words)]
    newest = dict(words)
    found = policy.standing(reversed(said))
    assert found == {kind: newest.get(kind) for kind in policy.SPEAKER_CONSENTS}


def test_a_link_shows_for_24_months_and_writes_for_30_days():
    ends = NOW
    policy.check_link_writes(ends, ends + timedelta(days=30, seconds=-1))
    with pytest.raises(Conflict) as refused:
        policy.check_link_writes(ends, ends + timedelta(days=30))
    assert refused.value.code == "link-read-only"
    policy.check_link_alive(ends, ends + timedelta(days=729))
    with pytest.raises(Unauthenticated):
        policy.check_link_alive(ends, ends + timedelta(days=730))
    policy.check_link_alive(None, NOW)


@pytest.mark.parametrize("language", ["en", "de", "fr", "de-AT", "it", None])
def test_questions_are_put_in_the_language_of_the_speaker(language):
    text = policy.consent_text("publish", language)
    wanted = (language or "en")[:2]
    texts = policy.SPEAKER_CONSENTS["publish"]
    assert text == texts.get(wanted, texts["en"])


# ---- at the door


@pytest.fixture
def event(session, organiser):
    made = make_event(session, organiser.id)
    session.commit()
    return made


@pytest.fixture
def role(session, event):
    """Plain values: a refused call rolls back, and rows of the test go with it."""
    made = make_speaker(session, event, make_session(session, event), name="Sam Example")
    session.commit()
    return SimpleNamespace(id=made.id, item_id=made.item_id, person_id=made.person_id)


@pytest.fixture
def call(client, event, token_for):
    headers = token_for("programme-editor")

    def made(method, path, *, tag=None, base=f"/api/v1/events/{event.id}", **options):
        sent = headers | ({"If-Match": tag} if tag else {})
        return client.open(base + path, method=method.upper(), headers=sent, **options)

    return made


@pytest.fixture
def move(call, role):
    def moved(to, *, role_id=role.id, **body):
        path = f"/speaker-roles/{role_id}/transitions"
        return call("post", path, json={"to": to, **body})

    return moved


def told(session, kind):
    rows = session.scalars(select(FactRow).where(FactRow.kind == kind))
    return [row.payload for row in rows]


def test_an_invitation_needs_an_address(call, move, role, session):
    assert move("invited").json["code"] == "no-address"
    assert call("get", f"/speakers/{role.id}").json["state"] == "proposed"
    path = f"/speakers/{role.id}/profile"
    changed = call("patch", path, tag='"1"', json={"email": "sam@example.org"})
    assert (changed.status_code, changed.json["email"]) == (200, "sam@example.org")
    invited = move("invited")
    assert (invited.status_code, invited.json["state"]) == (200, "invited")
    assert invited.json["invited_at"]
    [fact] = told(session, "speaker.invited")
    assert fact["item_id"] == role.item_id
    assert "sam" not in str(fact).lower()


def test_answers_noted_by_the_organiser_tell_facts(move, session):
    assert move("accepted").json["answered_at"]
    assert move("confirmed").json["state"] == "confirmed"
    assert move("declined", reason="ill").json["state_reason"] == "ill"
    kinds = ("speaker.accepted", "speaker.confirmed", "speaker.declined")
    assert [len(told(session, kind)) for kind in kinds] == [1, 1, 1]


def test_what_the_machine_has_not_is_a_conflict_that_names_what_it_has(move):
    refused = move("proposed")
    assert refused.status_code == 409
    assert refused.json["code"] == "transition-not-allowed"
    assert refused.json["from"] == "proposed"
    assert "invited" in refused.json["allowed"]


def test_a_stand_in_is_named_with_replaced_and_only_then(move, session, role):
    assert move("replaced").json["errors"][0]["code"] == "stand-in-and-replaced"
    stand_in = {"name": "Robin Stand-In", "email": "robin@example.org", "affiliation": "Example"}
    assert move("accepted", stand_in=stand_in).status_code == 422
    done = move("replaced", stand_in=stand_in)
    assert (done.status_code, done.json["state"]) == (200, "replaced")
    other_id = done.json["replaced_by_id"]
    other = session.get_one(SpeakerRole, other_id)
    assert (other.state, other.name_printed, other.role) == (
        "proposed",
        "Robin Stand-In",
        "speaker",
    )
    assert (other.item_id, other.position, other.publish) == (role.item_id, 1, False)
    assert move("accepted").status_code == 409
    assert told(session, "speaker.replaced")[0]["stand_in_id"] == other_id


def test_the_role_of_a_stand_in_can_be_removed_again(move, call):
    other = move("replaced", stand_in={"name": "Robin Stand-In"}).json["replaced_by_id"]
    assert call("delete", f"/speakers/{other}", tag='"1"').status_code == 204


def test_who_comes_back_must_be_free(move, session, event, role, call):
    assert move("declined").status_code == 200
    make_speaker(session, event, make_session(session, event), person_id=role.person_id)
    session.commit()
    refused = move("accepted")
    assert (refused.status_code, refused.json["code"]) == (409, "speaker-conflict")


def test_roles_by_state_in_a_list(call, move, session, event):
    make_speaker(session, event, None)
    session.commit()
    move("accepted")
    found = call("get", "/speaker-roles?state=accepted&count=true").json
    assert (found["total"], found["items"][0]["state"]) == (1, "accepted")
    assert call("get", "/speaker-roles?state=unknown").status_code == 400


def test_nobody_is_invited_to_what_is_over(client, session, organiser, token_for):
    event = make_event(session, organiser.id, state="completed")
    role = make_speaker(session, event, None)
    session.commit()
    path = f"/api/v1/events/{event.id}/speaker-roles/{role.id}/transitions"
    refused = client.post(path, json={"to": "invited"}, headers=token_for())
    assert refused.json["code"] == "event-over"


def test_a_stale_tag_moves_nothing(client, event, role, token_for):
    path = f"/api/v1/events/{event.id}/speaker-roles/{role.id}/transitions"
    headers = {**token_for(), "If-Match": '"7"'}
    assert client.post(path, json={"to": "accepted"}, headers=headers).status_code == 412


def test_with_the_last_role_the_profile_goes(call, session, event, role):
    again = make_speaker(session, event, None, person_id=role.person_id)
    event_id = event.id
    session.commit()
    profiles = select(SpeakerProfile).where(SpeakerProfile.event_id == event_id)
    assert len(session.scalars(profiles).all()) == 1
    assert call("delete", f"/speakers/{again.id}", tag='"1"').status_code == 204
    assert len(session.scalars(profiles).all()) == 1
    assert call("delete", f"/speakers/{role.id}", tag='"1"').status_code == 204
    assert session.scalars(profiles).all() == []


@pytest.mark.parametrize("path", ["/speaker-roles?limit=200", "/speakers/missing",
                                  "/agenda/balance"])  # fmt: skip
def test_thirty_speakers_cost_as_many_statements_as_one(call, session, event, path):
    def cost(speakers):
        here = session.get_one(Event, event.id)
        item = session.get_one(AgendaItem, item_id)
        for _ in range(speakers):
            make_speaker(session, here, item).state = "accepted"
        session.commit()
        with counted() as sent:
            assert call("get", path).status_code == 200
        return len(sent)

    item_id = make_session(session, event, type="panel").id
    assert cost(1) == cost(29)
