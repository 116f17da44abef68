"""Two entries become one, and two again (api.md §6)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsvc.accounts.models import Organiser
from eventsvc.agenda.models import SpeakerRole
from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.core.errors import Conflict
from eventsvc.core.transactions import transaction
from eventsvc.directory import actions, queries
from eventsvc.directory.models import Merge, Organisation, Person, TargetCountry
from eventsvc.events import actions as events
from eventsvc.events.models import OrganisationRole, Series
from tests.conftest import add_organiser
from tests.directory.test_api import at, body_of, writer  # noqa: F401  fixtures
from tests.factories.accounts import an_organiser, counted
from tests.factories.agenda import make_session, make_speaker
from tests.factories.directory import HOUSE, a_person, an_organisation, targets
from tests.factories.events import ACTOR, NOW, make_event, make_series


@pytest.fixture
def pair(session, organiser):
    """Two spellings of one person."""
    found = (
        a_person(session, organiser),
        a_person(session, organiser, "Eva Beispiell", aliases=["E. B."]),
    )
    session.commit()
    return [person.id for person in found]


def merge(client, organiser, headers, kind, entry, into):  # noqa: PLR0917
    where = at(organiser, kind, entry, "merge")
    return client.post(where, json={"into": into}, headers=headers)


def test_every_reference_moves_and_comes_back(
    session, client, organiser, writer, pair  # noqa: F811
):  # fmt: skip
    stays, goes = pair
    event = make_event(session, organiser.id)
    role = make_speaker(session, event, make_session(session, event), person_id=goes)
    session.commit()
    role_id, version = role.id, role.version
    answer = merge(client, organiser, writer, "persons", goes, stays)
    made = body_of(answer, 201)
    assert answer.headers["Location"] == at(organiser, "merges", made["id"])
    assert (made["merged"]["id"], made["into"]["id"]) == (goes, stays)
    assert (made["moved"], made["set_aside"]) == (
        {"speaker_profiles": 1, "speaker_roles": 1},
        {},
    )
    assert made["names_added"] == ["Eva Beispiell", "E. B."]
    moved = db.session.get_one(SpeakerRole, role_id)
    assert (moved.person_id, moved.version) == (stays, version + 1)
    assert moved.name_printed == role.name_printed
    alias = body_of(client.get(at(organiser, "persons", goes), headers=writer))
    assert alias["merged_into_id"] == stays
    listed = body_of(client.get(at(organiser, "persons"), headers=writer))["items"]
    assert [one["id"] for one in listed] == [stays]
    assert listed[0]["aliases"] == ["Eva Beispiell", "E. B."]
    undone = client.post(at(organiser, "merges", made["id"], "undo"), headers=writer)
    assert body_of(undone)["undone_at"] is not None
    assert db.session.get_one(SpeakerRole, role_id).person_id == goes
    listed = body_of(client.get(at(organiser, "persons"), headers=writer))["items"]
    assert {one["id"]: one["aliases"] for one in listed} == {stays: [], goes: ["E. B."]}
    again = client.post(at(organiser, "merges", made["id"], "undo"), headers=writer)
    assert body_of(again, 409)["code"] == "already-undone"
    done = select(AuditEntry.action).where(AuditEntry.subject_id == goes)
    assert {"person.merged", "person.merge-undone"} <= set(db.session.scalars(done))


def test_organisations_with_roles_figures_and_targets(
    session, client, organiser, writer  # noqa: F811
):  # fmt: skip
    stays = an_organisation(session, organiser, targets=targets("concept", "JP"))
    goes = an_organisation(
        session, organiser, "Exampel Cluster", legal_name="Example e.V.",
        targets=targets("concept", "JP", "US"),
    )  # fmt: skip
    first, second = make_event(session, organiser.id), make_event(session, organiser.id)
    for event, found in ((first, [goes.id]), (second, [stays.id, goes.id])):
        pairs = [(one, "host") for one in found]
        events.set_organisation_roles(session, ACTOR, event, pairs, now=NOW)
    series = make_series(session, organiser.id, run_by_id=goes.id)
    actions.add_figure(session, HOUSE, goes, {"metric": "members", "operator": ">", "value": 60},
                       now=clock.now(session))  # fmt: skip
    session.commit()
    ids = stays.id, goes.id
    made = body_of(merge(client, organiser, writer, "organisations", ids[1], ids[0]), 201)
    assert made["moved"] == {
        "organisation_figures": 1, "organisation_roles": 1, "series": 1, "target_countries": 1,
    }  # fmt: skip
    assert made["set_aside"] == {"organisation_roles": 1, "target_countries": 1}
    assert made["names_added"] == ["Exampel Cluster", "Example e.V."]
    assert db.session.get_one(Series, series.id).run_by_id == ids[0]
    undone = client.post(at(organiser, "merges", made["id"], "undo"), headers=writer)
    body_of(undone)
    of_goes = OrganisationRole.organisation_id == ids[1]
    assert len(db.session.scalars(select(OrganisationRole).where(of_goes)).all()) == 2
    votes = select(TargetCountry.country).where(TargetCountry.organisation_id == ids[1])
    assert sorted(map(str, db.session.scalars(votes))) == ["JP", "US"]


def test_the_same_role_in_one_session_is_for_people_to_settle(
    session, client, organiser, writer, pair  # noqa: F811
):  # fmt: skip
    event = make_event(session, organiser.id)
    item = make_session(session, event)
    roles = [make_speaker(session, event, item, person_id=person) for person in pair]
    session.commit()
    ids = [role.id for role in roles]
    refused = body_of(merge(client, organiser, writer, "persons", pair[1], pair[0]), 409)
    assert refused["code"] == "merge-collision"
    assert ids[1] in refused["conflicts_with"]  # beside the two profiles for this event
    assert db.session.get_one(SpeakerRole, ids[1]).person_id == pair[1]


def test_what_cannot_be_merged(session, client, organiser, writer, pair):  # noqa: F811
    foreign = a_person(session, an_organiser(session))
    session.commit()
    unknown = "00000000-0000-4000-8000-000000000000"
    stays, goes = pair
    for into, code in (
        (goes, "same-entry"),
        (foreign.id, "unknown-person"),
        (unknown, "unknown-person"),
    ):
        refused = body_of(merge(client, organiser, writer, "persons", goes, into), 422)
        assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/into", code)]
    for entry in (foreign.id, unknown, "x"):
        assert merge(client, organiser, writer, "persons", entry, stays).status_code == 404
    body_of(merge(client, organiser, writer, "persons", goes, stays), 201)
    for entry, into in ((goes, stays), (stays, goes)):
        refused = body_of(merge(client, organiser, writer, "persons", entry, into), 409)
        assert (refused["code"], refused["conflicts_with"]) == ("already-merged", [goes])
    tagged = {**writer, "If-Match": "*"}
    where = at(organiser, "persons", goes)
    assert (
        body_of(client.patch(where, json={"name": "X"}, headers=tagged), 409)["code"]
        == "already-merged"
    )
    assert body_of(client.delete(where, headers=tagged), 409)["code"] == "already-merged"


def test_a_chain_is_undone_from_its_end(session, organiser):
    now = clock.now(session)
    one, two, three = (
        a_person(session, organiser, name) for name in ("Ada Eins", "Bo Zwei", "Cy Drei")
    )
    first = actions.merge(session, HOUSE, one, two.id, now=now)
    second = actions.merge(session, HOUSE, two, three.id, now=now)
    assert queries.person_standing(session, organiser.id, one.id).id == three.id
    with pytest.raises(Conflict) as refused:
        actions.undo(session, HOUSE, first, now=now)
    assert refused.value.code == "merged-further"
    actions.undo(session, HOUSE, second, now=now)
    actions.undo(session, HOUSE, first, now=now)
    assert one.merged_into_id is None


def test_after_thirty_days_it_stays(session, organiser):
    now = clock.now(session)
    stays, goes = a_person(session, organiser, "Ada Eins"), a_person(session, organiser, "Bo Zwei")
    made = actions.merge(session, HOUSE, goes, stays.id, now=now)
    with pytest.raises(Conflict) as refused:
        actions.undo(session, HOUSE, made, now=now + timedelta(days=30, seconds=1))
    assert refused.value.code == "undo-expired"
    actions.undo(session, HOUSE, made, now=now + timedelta(days=30))


def test_what_came_since_stays_with_the_other(session, organiser):
    now = clock.now(session)
    stays, goes = a_person(session, organiser, "Ada Eins"), a_person(session, organiser, "Bo Zwei")
    made = actions.merge(session, HOUSE, goes, stays.id, now=now)
    event = make_event(session, organiser.id)
    late = make_speaker(session, event, make_session(session, event), person_id=goes.id)
    assert late.person_id == stays.id  # the alias leads to the other
    actions.undo(session, HOUSE, made, now=now)
    assert db.session.get_one(SpeakerRole, late.id).person_id == stays.id


def test_suggestions_are_settled_dismissed_and_taken_up_again(
    client, organiser, writer, pair  # noqa: F811
):  # fmt: skip
    where = at(organiser, "merge-suggestions")
    (found,) = body_of(client.get(where, headers=writer))["items"]
    steps = where + f"/{found['id']}/transitions"
    stale = client.post(steps, json={"to": "dismissed"}, headers={**writer, "If-Match": '"9"'})
    assert stale.status_code == 412
    for to in ("dismissed", "open"):
        assert body_of(client.post(steps, json={"to": to}, headers=writer))["state"] == to
    assert body_of(client.post(steps, json={"to": "open"}, headers=writer), 409)["allowed"] == [
        "dismissed"
    ]
    made = body_of(merge(client, organiser, writer, "persons", pair[1], pair[0]), 201)
    assert body_of(client.get(where, headers=writer))["items"][0]["state"] == "merged"
    assert body_of(client.post(steps, json={"to": "open"}, headers=writer), 409)["allowed"] == []
    client.post(at(organiser, "merges", made["id"], "undo"), headers=writer)
    assert body_of(client.get(where, headers=writer))["items"][0]["state"] == "open"


@pytest.mark.threat(5)
def test_who_may(session, client, organiser, token_for, pair):
    reader = token_for("read-only")
    assert merge(client, organiser, reader, "persons", pair[1], pair[0]).status_code == 403
    assert merge(client, organiser, {}, "persons", pair[1], pair[0]).status_code == 401
    bound = token_for("event-manager", event_id=make_event(session, organiser.id).id)
    assert merge(client, organiser, bound, "persons", pair[1], pair[0]).status_code == 403
    made = body_of(merge(client, organiser, token_for(), "persons", pair[1], pair[0]), 201)
    assert client.get(at(organiser, "merges", made["id"]), headers=reader).status_code == 200
    other = an_organiser(session)
    session.commit()
    stranger = token_for(organiser=other)
    for path in (at(organiser, "merges"), at(other, "merges", made["id"])):
        assert client.get(path, headers=stranger).status_code == 404
    undo = at(other, "merges", made["id"], "undo")
    assert client.post(undo, headers=stranger).status_code == 404


def test_the_list_costs_the_same_at_one_and_at_many(session, client, organiser, writer):  # noqa: F811
    counts, organiser_id = [], organiser.id
    for count in (1, 30):
        organiser = session.get_one(Organiser, organiser_id)
        for _ in range(count):
            people = [a_person(session, organiser, f"{len(counts)} {name}") for name in "AB"]
            actions.merge(session, HOUSE, people[0], people[1].id, now=clock.now(session))
        session.commit()
        with counted() as sent:
            body_of(client.get(at(organiser, "merges"), headers=writer))
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.commits
def test_of_two_merges_at_once_one_is_done(committed):
    with transaction() as session:
        organiser = add_organiser(session)
        ids = [a_person(session, organiser, name).id for name in ("Ada Eins", "Bo Zwei")]
        organiser_id = organiser.id
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def run(entry: str, into: str) -> None:
        with committed.app_context():
            ready.wait()
            try:
                with transaction() as own:
                    person = queries.person_of(own, organiser_id, entry)
                    actions.merge(own, HOUSE, person, into, now=clock.now(own))
                outcomes.append("merged")
            except Conflict as refused:
                outcomes.append(refused.code)

    threads = [threading.Thread(target=run, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["already-merged", "merged"]
    with transaction(write=False) as session:
        assert len(session.scalars(select(Merge)).all()) == 1
        merged = select(Person).where(Person.merged_into_id.is_not(None))
        assert len(session.scalars(merged).all()) == 1
        assert session.scalars(select(Organisation)).all() == []


def test_an_alias_cannot_be_linked(session, client, organiser, token_for):
    stays, goes = (an_organisation(session, organiser, name) for name in ("Ada AG", "Bo BV"))
    event = make_event(session, organiser.id)
    actions.merge(session, HOUSE, goes, stays.id, now=clock.now(session))
    ids, path = (stays.id, goes.id), f"/api/v1/events/{event.id}/organisation-roles"
    headers = token_for()
    for organisation_id, status in zip(ids, (201, 422), strict=True):
        body = {"organisation_id": organisation_id, "role": "host"}
        assert client.post(path, json=body, headers=headers).status_code == status
