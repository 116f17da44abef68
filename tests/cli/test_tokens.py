"""``eventsvc token``."""

from __future__ import annotations

from eventsvc.core.ids import token_kind


def create(shell, *more: str):
    return shell("token", "create", "--role", "platform-admin", "--name", "For a test", *more)


def test_quiet_prints_the_token_alone(made):
    said = create(made, "--quiet")
    assert said.code == 0
    assert token_kind(said.out.removesuffix("\n")) == "evt"
    assert said.err == ""


def test_a_token_is_shown_once_listed_by_its_ends_and_revoked(made):
    token, said = create(made).out.splitlines()
    assert "not shown again" in said
    (listed,) = [line for line in made("token", "list").out.splitlines() if token[-4:] in line]
    assert token not in listed
    assert "platform-admin" in listed
    assert "until 20" in listed
    token_id = listed.split()[0]
    assert made("token", "revoke", token_id).out == "Revoked.\n"
    (listed,) = [line for line in made("token", "list").out.splitlines() if token_id in line]
    assert "revoked" in listed


def test_what_cannot_be_is_a_sentence(made):
    make = ("token", "create", "--name", "x", "--role")
    assert "organiser" in made.fails(*make, "event-manager")
    assert "nobody" in made.fails(*make, "event-manager", "--organiser", "nobody")
    assert "made-up" in made.fails(*make, "platform-admin", "--scope", "made-up")
    assert "token list" in made.fails("token", "revoke", "not-an-id")


def test_no_token_is_made_for_a_guest_or_for_ever(made):
    assert made("token", "create", "--role", "attendee", "--name", "x").code == 2
    assert create(made, "--days", "366").code == 2
