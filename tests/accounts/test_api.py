"""Doors: organisers, API tokens, audit entries, who am I."""

from __future__ import annotations

import pytest
import structlog

from eventsvc.core.db import Base
from eventsvc.core.ids import new_id
from tests.factories.accounts import a_token, an_event, an_organiser, counted

ORGANISERS = "/api/v1/organisers"
NEW = {"slug": "new-organiser", "name": "New Organiser", "email": "new@example.org"}


def tokens_of(organiser) -> str:
    return f"{ORGANISERS}/{organiser.id}/api-tokens"


def body_of(answer, status=200):
    assert answer.status_code == status, answer.get_json()
    return answer.get_json()


def codes(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.get_json()
    return [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]]


# who am I


def test_who_am_i_tells_what_credential_and_role_allow_together(client, organiser, token_for):
    headers = token_for("read-only", scopes=["events:read"])
    me = body_of(client.get("/api/v1/auth/me", headers=headers))
    assert me["organiser_id"] == organiser.id
    assert (me["kind"], me["role"], me["scopes"]) == ("token", "read-only", ["events:read"])


@pytest.mark.parametrize("header", [None, "Bearer evt_x", "Basic x", "Bearer "])
def test_who_am_i_needs_a_credential(client, header):
    answer = client.get("/api/v1/auth/me", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


# organisers


def test_a_platform_admin_adds_reads_and_changes_an_organiser(client, token_for):
    headers = token_for("platform-admin", organiser=None)
    added = client.post(ORGANISERS, json=NEW, headers=headers)
    found = body_of(added, 201)
    assert (found["timezone"], found["language"], found["version"]) == ("Europe/Brussels", "en", 1)
    where = added.headers["Location"]
    assert where == f"{ORGANISERS}/{found['id']}"
    changed = client.patch(
        where, json={"timezone": "Europe/Vienna"}, headers={**headers, "If-Match": '"1"'}
    )
    assert body_of(changed)["timezone"] == "Europe/Vienna"
    assert changed.headers["ETag"] == '"2"'
    assert body_of(client.get(where, headers=headers))["name"] == "New Organiser"


def test_only_the_platform_adds_organisers(client, token_for):
    answer = client.post(ORGANISERS, json=NEW, headers=token_for("organiser-admin"))
    assert body_of(answer, 403)["required_scope"] == "platform"


def test_an_organiser_admin_sees_its_own_organiser_only(session, client, organiser, token_for):
    other = an_organiser(session)
    headers = token_for("organiser-admin")
    listed = body_of(client.get(ORGANISERS, headers=headers))["items"]
    assert [one["id"] for one in listed] == [organiser.id]
    assert client.get(f"{ORGANISERS}/{other.id}", headers=headers).status_code == 404


def test_a_platform_admin_lists_all_organisers_by_name(session, client, organiser, token_for):
    other = an_organiser(session, name="Anders")
    headers = token_for("platform-admin", organiser=None)
    listed = body_of(client.get(ORGANISERS, headers=headers))["items"]
    assert [one["id"] for one in listed] == [other.id, organiser.id]


def test_a_taken_slug_is_a_conflict(client, organiser, token_for):
    headers = token_for("platform-admin", organiser=None)
    answer = client.post(ORGANISERS, json=NEW | {"slug": organiser.slug}, headers=headers)
    problem = body_of(answer, 409)
    assert (problem["code"], problem["conflicts_with"]) == ("slug-taken", [organiser.id])


@pytest.mark.threat(8)
@pytest.mark.parametrize(
    "name", ["id", "version", "created_at", "organiser_id", "state", "updated_at"]
)
def test_server_set_fields_are_read_only(client, organiser, token_for, name):
    headers = token_for("platform-admin", organiser=None)
    answer = client.post(ORGANISERS, json=NEW | {name: "x"}, headers=headers)
    assert codes(answer) == [(f"/{name}", "read-only-field")]
    where = f"{ORGANISERS}/{organiser.id}"
    changed = client.patch(where, json={name: "x"}, headers={**headers, "If-Match": '"1"'})
    assert codes(changed) == [(f"/{name}", "read-only-field")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"email": "not an address"}, [("/email", "invalid-email")]),
        ({"email": "a\u00adb@example.org"}, [("/email", "invalid-character")]),
        ({"timezone": "Mars/Base"}, [("/timezone", "unknown-zone")]),
        ({"slug": "Upper Case"}, [("/slug", "invalid-slug")]),
        ({"name": "a\u0000b"}, [("/name", "invalid-character")]),
        ({"name": "a\ud800b"}, [("/name", "invalid-character")]),
        ({"name": None}, [("/name", "null-not-allowed")]),
        ({"owner": "x"}, [("/owner", "unknown-field")]),
    ],
)
def test_bad_fields_of_an_organiser(client, token_for, change, expected):
    headers = token_for("platform-admin", organiser=None)
    assert codes(client.post(ORGANISERS, json=NEW | change, headers=headers)) == expected


def test_a_change_needs_the_present_version(client, organiser, token_for):
    headers = token_for("organiser-admin")
    where = f"{ORGANISERS}/{organiser.id}"
    assert client.patch(where, json={"name": "x"}, headers=headers).status_code == 428
    stale = client.patch(where, json={"name": "x"}, headers={**headers, "If-Match": '"9"'})
    assert body_of(stale, 412)["current_etag"] == '"1"'


# API tokens


@pytest.mark.threat(9)
def test_a_token_is_shown_once(client, organiser, token_for):
    headers = token_for("organiser-admin")
    wanted = {"name": "Desk", "role": "check-in-staff", "scopes": ["checkin"]}
    made = body_of(client.post(tokens_of(organiser), json=wanted, headers=headers), 201)
    token = made["token"]
    assert (made["prefix"], made["last_four"]) == (token[:8], token[-4:])
    own = {"Authorization": f"Bearer {token}"}
    assert body_of(client.get("/api/v1/auth/me", headers=own))["scopes"] == ["checkin"]
    listed = client.get(tokens_of(organiser), headers=headers)
    one = client.get(f"{tokens_of(organiser)}/{made['id']}", headers=headers)
    for answer in (listed, one):
        assert token not in answer.get_data(as_text=True)
        assert "digest" not in answer.get_data(as_text=True)
    assert body_of(one)["last_used_at"] is None


def test_a_replayed_call_shows_no_token(client, organiser, token_for):
    headers = {**token_for("organiser-admin"), "Idempotency-Key": "once"}
    wanted = {"name": "Desk", "role": "check-in-staff"}
    first = body_of(client.post(tokens_of(organiser), json=wanted, headers=headers), 201)
    again = client.post(tokens_of(organiser), json=wanted, headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert body_of(again, 201) == first | {"token": None}


@pytest.mark.threat(9)
def test_a_token_stands_in_no_table_and_no_log(session, client, organiser, token_for):
    headers = {**token_for("organiser-admin"), "Idempotency-Key": "once"}
    with structlog.testing.capture_logs() as logs:
        wanted = {"name": "Desk", "role": "check-in-staff"}
        made = body_of(client.post(tokens_of(organiser), json=wanted, headers=headers), 201)
        own = {"Authorization": f"Bearer {made['token']}"}
        body_of(client.get("/api/v1/auth/me", headers=own))
    secret = made["token"].removeprefix("evt_")[4:-4]
    dump = [list(session.execute(table.select())) for table in Base.metadata.sorted_tables]
    assert made["id"] in str(dump)
    assert secret not in str(dump)
    assert secret not in str(logs)


@pytest.mark.threat(9)
def test_a_revoked_token_ends_with_the_next_call(client, organiser, token_for):
    headers = token_for("organiser-admin")
    wanted = {"name": "t", "role": "read-only"}
    made = body_of(client.post(tokens_of(organiser), json=wanted, headers=headers), 201)
    own = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/auth/me", headers=own).status_code == 200
    where = f"{tokens_of(organiser)}/{made['id']}"
    assert client.delete(where, headers=headers).status_code == 428
    gone = client.delete(where, headers={**headers, "If-Match": f'"{made["version"]}"'})
    assert (gone.status_code, gone.data) == (204, b"")
    assert client.get("/api/v1/auth/me", headers=own).status_code == 401
    assert body_of(client.get(where, headers=headers))["revoked_at"].endswith("Z")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"role": "platform-admin"}, [("/role", "not-a-choice")]),
        ({"role": "organiser-admin"}, [("/role", "beyond-your-rights")]),
        ({"role": "read-only", "scopes": ["audit:read"]}, [("/scopes", "scope-not-allowed")]),
        ({"role": "series-owner", "scopes": ["sensitive"]}, [("/scopes", "scope-not-allowed")]),
        ({"role": "read-only", "scopes": ["platform"]}, [("/scopes/0", "not-a-choice")]),
        ({"role": "read-only", "scopes": []}, [("/scopes", "too-few")]),
        ({"role": "read-only", "event_id": "x"}, [("/event_id", "invalid-id")]),
        ({"role": "read-only", "event_id": new_id()}, [("/event_id", "unknown-event")]),
        ({"role": "read-only", "digest": "x"}, [("/digest", "unknown-field")]),
        ({"role": "read-only", "organiser_id": "x"}, [("/organiser_id", "read-only-field")]),
    ],
)
def test_a_token_cannot_grant_more_than_its_maker_has(
    client, organiser, token_for, wanted, expected
):
    headers = token_for("series-owner", scopes=["members", "events:read"])
    answer = client.post(tokens_of(organiser), json={"name": "t", **wanted}, headers=headers)
    assert codes(answer) == expected


@pytest.mark.parametrize("role", ["event-manager", "programme-editor", "read-only"])
def test_only_owners_see_tokens(client, organiser, token_for, role):
    answer = client.get(tokens_of(organiser), headers=token_for(role))
    assert body_of(answer, 403)["required_scope"] == "members"


def test_rights_come_before_the_body(client, organiser, token_for):
    for headers, status in (({}, 401), (token_for("read-only"), 403)):
        answer = client.post(tokens_of(organiser), data="{broken", headers=headers)
        assert answer.status_code == status


@pytest.mark.threat(6)
def test_foreign_missing_and_malformed_ids_get_one_answer(session, client, organiser, token_for):
    other = an_organiser(session)
    foreign, _ = a_token(session, other)
    session.commit()
    headers = token_for("organiser-admin")
    addresses = [
        *(f"{tokens_of(organiser)}/{id_}" for id_ in (foreign.id, new_id(), "x")),
        *(f"{ORGANISERS}/{id_}/api-tokens" for id_ in (other.id, new_id(), "x")),
        *(f"{ORGANISERS}/{id_}" for id_ in (other.id, new_id(), "x")),
    ]
    answers = [body_of(client.get(where, headers=headers), 404) for where in addresses]
    assert len({str(answer | {"instance": ""}) for answer in answers}) == 1


def test_a_list_of_tokens_costs_the_same_at_one_and_at_many(session, client, organiser, token_for):
    headers = token_for("organiser-admin")

    with counted() as at_one:
        assert len(body_of(client.get(tokens_of(organiser), headers=headers))["items"]) == 1
    for _ in range(30):
        a_token(session, organiser)
    session.commit()
    with counted() as at_many:
        assert len(body_of(client.get(tokens_of(organiser), headers=headers))["items"]) == 31
    assert len(at_many) == len(at_one)


# audit entries


def test_audit_entries_are_listed_newest_first_by_their_number(client, organiser, token_for):
    headers = token_for("organiser-admin")
    for number in range(5):
        wanted = {"name": f"t{number}", "role": "read-only"}
        body_of(client.post(tokens_of(organiser), json=wanted, headers=headers), 201)
    where = f"{ORGANISERS}/{organiser.id}/audit-entries"
    seen: list[int] = []
    query = "?limit=2"
    while True:
        found = body_of(client.get(where + query, headers=headers))
        seen += [one["seq"] for one in found["items"]]
        if found["next_cursor"] is None:
            break
        wanted = {"name": "meanwhile", "role": "read-only"}
        body_of(client.post(tokens_of(organiser), json=wanted, headers=headers), 201)
        query = f"?limit=2&cursor={found['next_cursor']}"
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 7  # the organiser, its first token, five more


def test_audit_entries_are_filtered(client, organiser, token_for):
    headers = token_for("organiser-admin")
    where = f"{ORGANISERS}/{organiser.id}/audit-entries"
    found = body_of(client.get(f"{where}?action=organiser.added", headers=headers))["items"]
    assert [(one["action"], one["subject_id"]) for one in found] == [
        ("organiser.added", organiser.id)
    ]
    assert found[0]["at"].endswith("Z")
    two = client.get(f"{where}?action=organiser.added&action=token.created", headers=headers)
    assert len(body_of(two)["items"]) == 2
    none = client.get(f"{where}?at_before=2001-01-01T00:00:00Z", headers=headers)
    assert body_of(none)["items"] == []
    assert client.get(f"{where}?at_before=2001-01-01", headers=headers).status_code == 400
    assert client.get(f"{where}?who=x", headers=headers).status_code == 400


def test_audit_entries_of_another_organiser_are_not_shown(session, client, organiser, token_for):
    other = an_organiser(session)
    a_token(session, other)
    session.commit()
    headers = token_for("organiser-admin")
    mine = client.get(f"{ORGANISERS}/{organiser.id}/audit-entries", headers=headers)
    assert other.id not in mine.get_data(as_text=True)
    assert client.get(f"{ORGANISERS}/{other.id}/audit-entries", headers=headers).status_code == 404


def test_audit_needs_its_scope_and_cannot_be_written(client, organiser, token_for):
    where = f"{ORGANISERS}/{organiser.id}/audit-entries"
    answer = client.get(where, headers=token_for("event-manager"))
    assert body_of(answer, 403)["required_scope"] == "audit:read"
    headers = token_for("organiser-admin")
    for call in (client.post, client.patch, client.delete, client.put):
        assert call(where, json={}, headers=headers).status_code == 405


# a credential of one event


def test_a_token_for_one_event_does_not_touch_the_whole_organiser(
    session, client, organiser, token_for
):
    headers = token_for("organiser-admin", event_id=an_event(session, organiser).id)
    where = f"{ORGANISERS}/{organiser.id}"
    assert client.get(where, headers=headers).status_code == 200
    calls = [
        client.patch(where, json={"name": "x"}, headers={**headers, "If-Match": '"1"'}),
        client.get(f"{where}/audit-entries", headers=headers),
        client.get(f"{where}/api-tokens", headers=headers),
        client.post(
            f"{where}/api-tokens", json={"name": "t", "role": "read-only"}, headers=headers
        ),
    ]
    assert [answer.status_code for answer in calls] == [403] * 4


def test_a_token_can_be_bound_to_an_event_of_its_organiser_only(
    session, client, organiser, token_for
):
    own = an_event(session, organiser).id
    foreign = an_event(session, an_organiser(session), "foreign").id
    headers = token_for("organiser-admin")
    wanted = {"name": "t", "role": "event-manager"}
    made = client.post(tokens_of(organiser), json=wanted | {"event_id": own}, headers=headers)
    assert body_of(made, 201)["event_id"] == own
    answer = client.post(tokens_of(organiser), json=wanted | {"event_id": foreign}, headers=headers)
    assert codes(answer) == [("/event_id", "unknown-event")]
