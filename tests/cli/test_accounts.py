"""``eventsvc account``."""

from __future__ import annotations

GOOD = "nine otters read maps\n"


def create(shell, *more: str, email: str = "ada@example.org", typed: str = GOOD):
    told = ("--email", email, "--password-stdin", *more)
    return shell("account", "create", *told, typed=typed)


def test_the_first_administrator_is_made_listed_and_disabled(made):
    said = create(made, "--role", "platform-admin", "--name", "Ada Example")
    assert (said.code, said.out) == (0, "ada@example.org is platform-admin.\n"), said.err
    assert "ada@example.org  active  -  platform-admin@*" in made("account", "list").out
    changed = made(
        "account", "password", "--email", "ada@example.org", "--password-stdin",
        typed="seven herons fold paper\n",
    )  # fmt: skip
    assert changed.out.startswith("Changed.")
    assert made("account", "disable", "--email", "ADA@example.org").out == "Disabled.\n"
    assert "ada@example.org  disabled  -  -" in made("account", "list").out


def test_what_cannot_be_is_a_sentence(made):
    admin = ("--role", "platform-admin")
    short = create(made, *admin, email="eve@example.org", typed="short\n")
    assert (short.code, "at least 12" in short.err) == (1, True)
    assert "address" in create(made, *admin, email="nobody").err.lower()
    assert "--organiser" in create(made, "--role", "event-manager", email="eve@example.org").err
    nowhere = ("--role", "event-manager", "--organiser", "nobody")
    assert "nobody" in create(made, *nowhere, email="eve@example.org").err
    assert "no account" in made("account", "disable", "--email", "eve@example.org").err
