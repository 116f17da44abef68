"""Doors of the directory."""

from __future__ import annotations

import pytest

from eventsvc.core.ids import new_id
from eventsvc.events.models import Award
from tests.factories.accounts import an_event, an_organiser, counted
from tests.factories.directory import a_person, an_organisation, targets

CLUSTER = {"name": "Example Cluster", "kind": "cluster"}
PERSON = {"name": "Eva Beispiel"}
FIGURE = {"metric": "members", "operator": ">", "value": 60, "printed": "over 60"}


def at(organiser, *parts: str) -> str:
    return "/".join(["/api/v1/organisers", organiser.id, *parts])


def body_of(answer, status=200):
    assert answer.status_code == status, answer.get_json()
    return answer.get_json()


def codes(answer) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in body_of(answer, 422)["errors"]]


@pytest.fixture
def writer(token_for):
    """A token that may read and write the directory, and nothing else."""
    return token_for("event-manager", scopes=["directory:read", "directory:write"])


def test_an_organisation_is_added_read_changed_and_removed(client, organiser, writer):
    named = [{"phase": "concept", "country": "GB", "printed": "England"}]
    added = client.post(
        at(organiser, "organisations"),
        json=CLUSTER | {"country": "DE", "tags": ["photonics"], "targets": named},
        headers=writer,
    )
    made = body_of(added, 201)
    where = added.headers["Location"]
    assert where == at(organiser, "organisations", made["id"])
    assert made["targets"] == [{**named[0], "region": None}]
    assert (made["slug"], made["kind_basis"], added.headers["ETag"]) == (
        "example-cluster",
        "printed",
        '"1"',
    )
    assert body_of(client.get(where, headers=writer)) == made
    change = {"city": "Heilbronn", "country": None}
    changed = client.patch(where, json=change, headers={**writer, "If-Match": '"1"'})
    assert body_of(changed) == made | change | {"version": 2}
    gone = client.delete(where, headers={**writer, "If-Match": '"2"'})
    assert gone.status_code == 204
    assert client.get(where, headers=writer).status_code == 404


def test_a_change_of_targets_alone_raises_the_version(client, organiser, writer):
    added = client.post(at(organiser, "organisations"), json=CLUSTER, headers=writer)
    where = added.headers["Location"]
    change = {"targets": [{"phase": "concept", "region": "Asia-Pacific"}]}
    changed = client.patch(where, json=change, headers={**writer, "If-Match": '"1"'})
    assert body_of(changed)["version"] == 2
    stale = client.patch(where, json={"targets": []}, headers={**writer, "If-Match": '"1"'})
    assert body_of(stale, 412)["current_etag"] == '"2"'


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "castle"}, [("/kind", "not-a-choice")]),
        ({"name": " "}, [("/name", "too-short")]),
        ({"name": "a\u0000b"}, [("/name", "invalid-character")]),
        ({"name": "a\ud800b"}, [("/name", "invalid-character")]),
        ({"slug": "a\u00adb"}, [("/slug", "invalid-slug")]),
        ({"country": "UK"}, [("/country", "unknown-country")]),
        ({"leading_edge": 1}, [("/leading_edge", "invalid-type")]),
        ({"tags": ["a", "a"]}, [("/tags/1", "duplicate-item")]),
        ({"website": "javascript:x"}, [("/website", "invalid-url")]),
        ({"owner": "x"}, [("/owner", "unknown-field")]),
        (
            {"targets": [{"phase": "later", "country": "JP"}]},
            [("/targets/0/phase", "not-a-choice")],
        ),
        ({"targets": [{"phase": "concept"}]}, [("/targets/0", "country-or-region")]),
        (
            {"targets": [*targets("concept", "JP"), *targets("concept", "JP")]},
            [("/targets/1", "duplicate-item")],
        ),
    ],
)
def test_bad_fields_of_an_organisation(client, organiser, writer, change, expected):
    answer = client.post(at(organiser, "organisations"), json=CLUSTER | change, headers=writer)
    assert codes(answer) == expected


ADDED = ("organisations", CLUSTER), ("persons", PERSON)
SERVER_SET = ("id", "version", "created_at", "organiser_id", "state")


@pytest.mark.parametrize("name", [*SERVER_SET, "archive"])
def test_server_set_fields_are_read_only(client, organiser, writer, name):
    for kind, body in ADDED:
        if name == "archive" and kind == "persons":
            continue
        answer = client.post(at(organiser, kind), json=body | {name: "x"}, headers=writer)
        assert codes(answer) == [(f"/{name}", "read-only-field")]
        made = client.post(at(organiser, kind), json=body, headers=writer)
        answer = client.patch(
            made.headers["Location"], json={name: "x"}, headers={**writer, "If-Match": '"1"'}
        )
        assert codes(answer) == [(f"/{name}", "read-only-field")]


def test_a_person_is_added_read_changed_and_removed(client, organiser, writer):
    body = {"name": "Dr. Eva Beispiel", "biography": "**Bold** <script>x</script>"}
    added = client.post(at(organiser, "persons"), json=body, headers=writer)
    made = body_of(added, 201)
    assert made["biography"] == body["biography"]
    assert "<strong>Bold</strong>" in made["biography_html"]
    assert "<script" not in made["biography_html"]
    where = added.headers["Location"]
    change = {"aliases": ["E. Beispiel"], "biography": None}
    changed = body_of(client.patch(where, json=change, headers={**writer, "If-Match": '"1"'}))
    assert changed == made | change | {"biography_html": None, "version": 2}
    found = body_of(client.get(f"{at(organiser, 'persons')}?q=e.%20beisp", headers=writer))
    assert [one["id"] for one in found["items"]] == [made["id"]]
    assert client.delete(where, headers=writer).status_code == 428
    assert client.delete(where, headers={**writer, "If-Match": '"2"'}).status_code == 204


def test_what_is_in_use_stays(session, client, organiser, writer):
    visible = an_organisation(session, organiser)
    refer(session, organiser, visible)
    session.commit()
    where = at(organiser, "organisations", visible.id)
    answer = client.delete(where, headers={**writer, "If-Match": '"1"'})
    problem = body_of(answer, 409)
    assert problem["code"] == "in-use"
    assert len(problem["conflicts_with"]) == 1
    assert client.get(where, headers=writer).status_code == 200


def refer(session, organiser, organisation) -> None:

    edition = an_event(session, organiser)
    session.add(Award(event_id=edition.id, category="x", organisation_id=organisation.id))


def test_figures_of_an_organisation(session, client, organiser, writer):
    one = an_organisation(session, organiser)
    other = an_organisation(session, organiser, "Other")
    session.commit()
    figures = at(organiser, "organisations", one.id, "figures")
    added = client.post(figures, json=FIGURE, headers=writer)
    made = body_of(added, 201)
    assert (made["notation"], made["operator"], made["value"]) == (">60", ">", 60)
    where = added.headers["Location"]
    assert where == f"{figures}/{made['id']}"
    changed = client.patch(
        where, json={"operator": "~", "value": 70}, headers={**writer, "If-Match": '"1"'}
    )
    assert body_of(changed)["notation"] == "~70"
    listed = body_of(client.get(f"{figures}?metric=members&metric=x", headers=writer))["items"]
    assert [figure["id"] for figure in listed] == [made["id"]]
    assert body_of(client.get(f"{figures}?metric=x", headers=writer))["items"] == []
    crossed = at(organiser, "organisations", other.id, "figures", made["id"])
    assert client.get(crossed, headers=writer).status_code == 404
    assert client.delete(where, headers={**writer, "If-Match": '"2"'}).status_code == 204
    assert body_of(client.get(figures, headers=writer))["items"] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"operator": ">="}, [("/operator", "not-a-choice")]),
        ({"value": "60"}, [("/value", "invalid-type")]),
        ({"value": 60.0}, [("/value", "invalid-type")]),
        ({"value": True}, [("/value", "invalid-type")]),
        ({"organisation_id": "x"}, [("/organisation_id", "unknown-field")]),
    ],
)
def test_bad_fields_of_a_figure(client, organiser, writer, change, expected):
    added = client.post(at(organiser, "organisations"), json=CLUSTER, headers=writer)
    figures = added.headers["Location"] + "/figures"
    assert codes(client.post(figures, json=FIGURE | change, headers=writer)) == expected


def test_look_alikes_are_suggested_and_both_stay(client, organiser, writer):
    first = body_of(
        client.post(at(organiser, "persons"), json={"name": "Dr. Anaïs Muster"}, headers=writer),
        201,
    )
    second = body_of(
        client.post(at(organiser, "persons"), json={"name": "Anais Muster"}, headers=writer), 201
    )
    where = at(organiser, "merge-suggestions")
    (found,) = body_of(client.get(where, headers=writer))["items"]
    assert found["first"] == {"id": first["id"], "name": "Dr. Anaïs Muster"}
    assert found["second"] == {"id": second["id"], "name": "Anais Muster"}
    assert (found["subject_type"], found["state"], found["confidence"]) == (
        "person",
        "open",
        "same",
    )
    assert body_of(client.get(f"{where}/{found['id']}", headers=writer)) == found
    assert body_of(client.get(f"{where}?subject_type=organisation", headers=writer))["items"] == []
    assert len(body_of(client.get(f"{where}?state=open", headers=writer))["items"]) == 1
    assert len(body_of(client.get(at(organiser, "persons"), headers=writer))["items"]) == 2
    assert client.get(f"{where}/{new_id()}", headers=writer).status_code == 404


def test_the_ranking_of_target_countries(session, client, organiser, writer):
    an_organisation(session, organiser, "A", targets=targets("concept", "JP", "US"))
    an_organisation(session, organiser, "B", targets=targets("implementation", "US", "NO"))
    session.commit()
    where = at(organiser, "organisations", "target-countries")
    expected = {
        "": [("US", 2), ("JP", 1), ("NO", 1)],
        "?phase=either": [("US", 2), ("JP", 1), ("NO", 1)],
        "?phase=concept": [("JP", 1), ("US", 1)],
        "?phase=implementation": [("NO", 1), ("US", 1)],
    }
    for query, ranking in expected.items():
        found = body_of(client.get(where + query, headers=writer))
        assert [(one["country"], one["organisations"]) for one in found["ranking"]] == ranking
        assert (found["countries"], found["pairs"]) == (
            len(ranking),
            sum(votes for _, votes in ranking),
        )
        assert found["phase"] == (query.partition("=")[2] or "either")
    assert client.get(f"{where}?phase=later", headers=writer).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["kind=castle", "country=UK", "leading_edge=1", "q=a", "phase=later", "sort=size", "x=y",
     "limit=201", "cursor=x", "tag=", "leading_edge=true&leading_edge=true"],
)  # fmt: skip
def test_odd_filters_are_refused(client, organiser, writer, query):
    answer = client.get(f"{at(organiser, 'organisations')}?{query}", headers=writer)
    assert answer.status_code == 400, answer.get_json()


def test_filters_sort_and_count_through_the_door(session, client, organiser, writer):
    an_organisation(session, organiser, "Ärger Cluster", country="DE", tags=["a b"])
    an_organisation(session, organiser, "Zebra Cluster", country="AT")
    an_organisation(session, organiser, "Bear Ministry", kind="public_authority", country="AT")
    session.commit()
    where = at(organiser, "organisations")

    def found(query: str) -> list[str]:
        items = body_of(client.get(f"{where}?{query}", headers=writer))["items"]
        return [one["name"].split()[0] for one in items]

    assert found("") == ["Ärger", "Bear", "Zebra"]
    assert found("sort=-name") == ["Zebra", "Bear", "Ärger"]
    assert found("sort=country,-name&country=AT&country=DE") == ["Zebra", "Bear", "Ärger"]
    assert found("kind=cluster&country=AT") == ["Zebra"]
    assert found("q=arger&tag=a%20b") == ["Ärger"]
    counted_page = body_of(client.get(f"{where}?limit=1&count=true", headers=writer))
    assert (counted_page["total"], len(counted_page["items"])) == (3, 1)


def test_pages_neither_repeat_nor_skip_when_something_is_added(session, client, organiser, writer):
    for number in range(7):
        an_organisation(session, organiser, f"Cluster {chr(65 + number)}")
    session.commit()
    where, query, seen = at(organiser, "organisations"), "?limit=3", []
    while query:
        found = body_of(client.get(where + query, headers=writer))
        seen += [one["name"] for one in found["items"]]
        an_organisation(session, organiser, "Aaa before all")
        session.commit()
        cursor = found["next_cursor"]
        query = f"?limit=3&cursor={cursor}" if cursor else ""
    assert seen == [f"Cluster {chr(65 + number)}" for number in range(7)]


@pytest.mark.parametrize("kind", ["organisations", "persons", "merge-suggestions"])
def test_a_list_costs_the_same_at_one_and_at_many(session, client, organiser, writer, kind):
    def add(number: int) -> None:
        an_organisation(
            session, organiser, f"Cluster {number}", targets=targets("concept", "JP", "US")
        )
        a_person(session, organiser, f"Eva Beispiel{'i' * (number % 2)}")
        session.commit()

    def cost() -> int:
        with counted() as sent:
            body_of(client.get(at(organiser, kind), headers=writer))
        return len(sent)

    add(0)
    add(1)
    at_one = cost()
    for number in range(2, 20):
        add(number)
    assert cost() == at_one


# who may


CALLS = (
    ("get", "organisations", None, "directory:read"),
    ("post", "organisations", CLUSTER, "directory:write"),
    ("get", "organisations/target-countries", None, "directory:read"),
    ("get", "organisations/{organisation}", None, "directory:read"),
    ("patch", "organisations/{organisation}", {"city": "x"}, "directory:write"),
    ("delete", "organisations/{organisation}", None, "directory:write"),
    ("get", "organisations/{organisation}/figures", None, "directory:read"),
    ("post", "organisations/{organisation}/figures", FIGURE, "directory:write"),
    ("get", "persons", None, "directory:read"),
    ("post", "persons", PERSON, "directory:write"),
    ("get", "persons/{person}", None, "directory:read"),
    ("patch", "persons/{person}", {"country": "AT"}, "directory:write"),
    ("delete", "persons/{person}", None, "directory:write"),
    ("get", "merge-suggestions", None, "directory:read"),
)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1]}")
def test_who_may(session, client, organiser, token_for, call):
    method, path, body, scope = call
    other = an_organiser(session)
    ids = {
        "organisation": an_organisation(session, other).id,
        "person": a_person(session, other).id,
    }
    where = path.format(**ids)

    def status(of, headers, content=body) -> int:
        told = {"json": content} if content is not None else {}
        sent = {**headers, **({"If-Match": '"1"'} if method in ("patch", "delete") else {})}
        return client.open(at(of, where), method=method.upper(), headers=sent, **told).status_code

    full = token_for("organiser-admin")
    weak = token_for("organiser-admin", scopes=["events:read", "series:read"], organiser=other)
    assert status(other, {}) == 401
    assert status(other, weak) == 403
    assert status(other, full) == 404
    if "{" in path:  # the other's id under the own organiser
        assert status(organiser, full) == 404
    allowed = token_for("organiser-admin", scopes=[scope], organiser=other)
    assert status(other, allowed) in (200, 201, 204)


@pytest.mark.parametrize("kind", ["organisations", "persons"])
def test_foreign_missing_and_malformed_ids_get_one_answer(
    session, client, organiser, token_for, kind
):
    other = an_organiser(session)
    foreign = (
        an_organisation(session, other) if kind == "organisations" else a_person(session, other)
    )
    session.commit()
    headers = token_for("organiser-admin")
    answers = [
        body_of(client.get(at(organiser, kind, id_), headers=headers), 404)
        for id_ in (foreign.id, new_id(), "x", foreign.id.upper())
    ]
    assert len({str(answer | {"instance": ""}) for answer in answers}) == 1


def test_a_token_for_one_event_adds_to_the_directory_but_changes_nothing(
    session, client, organiser, token_for
):
    edition = an_event(session, organiser)
    scopes = ["directory:read", "directory:write"]
    headers = token_for("event-manager", scopes=scopes, event_id=edition.id)
    added = client.post(at(organiser, "persons"), json=PERSON, headers=headers)
    where = added.headers["Location"]
    assert body_of(client.get(where, headers=headers))["id"] == body_of(added, 201)["id"]
    tagged = {**headers, "If-Match": '"1"'}
    assert client.patch(where, json={"country": "AT"}, headers=tagged).status_code == 403
    assert client.delete(where, headers=tagged).status_code == 403
